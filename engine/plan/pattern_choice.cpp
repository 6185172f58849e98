#include "engine/plan/pattern_choice.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include "engine/model/lead.hpp"
#include "engine/model/sampling.hpp"

namespace fusion {
namespace {

// What one die of a bar is for; a pattern's place in its book follows.
enum Die : std::uint32_t { four_ago, two_ago, last, fill, texture, patterns };

constexpr Meter kCommon{4, 4};
constexpr float kKeepsTexture = 0.7F;
constexpr int kFarthestTexture = 8;  // phrases
// Of two that are met as often, one that has nothing of the phrase's leading pattern is played so
// much less often than one that is just like it, in nats.
constexpr float kUnlikeness = 6.0F;
constexpr float kUnlikeDrums = 12.0F;  // a drummer changes less

constexpr std::uint32_t kBars = 64;  // numbers of a phrase's bars; the last stands for its texture

Dice dice_of(const PatternAsk& ask, std::uint32_t phrase, std::uint32_t bar) {
    return {
        ask.seed, phrase * kBars + bar, 0,
        static_cast<std::uint8_t>(static_cast<std::size_t>(DiceStream::band) + index_of(ask.part))};
}

// Patterns of one part that can be played in a bar.
class Drawer {
public:
    Drawer(const PartBook& book, const PatternAsk& ask)
        : book_{book}, part_{ask.part}, meter_{meter_of(book, ask.meter)} {}

    // One that is like `lead`; null: any. Null where there is none.
    [[nodiscard]] const BandPattern* draw(PatternRole role, const BandPattern* lead,
                                          const Dice& dice) const {
        const BandPattern* drawn = nullptr;
        float best = 0.0F;
        for (std::size_t p = 0; p < book_.patterns.size(); ++p) {
            const auto& pattern = book_.patterns[p];
            if (pattern.role != role || !suits(pattern, meter_)) continue;
            const auto u = dice.uniform(patterns + static_cast<std::uint32_t>(p));
            float score = std::log(static_cast<float>(pattern.times)) - std::log(-std::log(u));
            if (lead != nullptr)
                score -= (part_ == BandPart::drums ? kUnlikeDrums : kUnlikeness) *
                         (1.0F - likeness(pattern, *lead, part_));
            if (drawn != nullptr && score <= best) continue;
            drawn = &pattern;
            best = score;
        }
        return drawn;
    }

private:
    // The line's own where the book has a pattern of it.
    static Meter meter_of(const PartBook& book, Meter meter) {
        const auto has = [&](const BandPattern& pattern) {
            return pattern.role == PatternRole::groove && suits(pattern, meter);
        };
        return std::ranges::any_of(book.patterns, has) ? meter : kCommon;
    }

    const PartBook& book_;
    BandPart part_;
    Meter meter_;
};

// The leading pattern of a phrase.
const BandPattern* lead_of(const Drawer& drawer, const PatternAsk& ask, std::uint32_t phrase) {
    const auto dice_at = [&](std::uint32_t at) { return dice_of(ask, at, kBars - 1); };
    for (int back = 0; back < kFarthestTexture && phrase % kFormPhrases != 0; ++back) {
        if (dice_at(phrase).uniform(texture) >= kKeepsTexture) break;
        phrase = ask.source(phrase - 1);
    }
    return drawer.draw(PatternRole::groove, nullptr, dice_at(phrase));
}

}  // namespace

BarPlace bar_place(std::int64_t bar, Meter meter) {
    const auto twice = meter.heard_bar().count() / meter.bar().count();
    const std::int64_t bars = std::int64_t{kPhraseBars} * twice;
    return {static_cast<std::uint32_t>(bar / bars), static_cast<std::uint32_t>(bar % bars),
            static_cast<std::uint32_t>(bars)};
}

// Who has a note in the middle of a bar of 36 cells and none on the third beat has two beats.
bool suits(const BandPattern& pattern, Meter meter) {
    if (Cells{pattern.bar} != meter.bar()) return false;
    if (meter.bar() != Cells{36}) return true;
    bool in_two = false, in_three = false;
    for (const auto& note : pattern.notes) {
        in_two |= note.place == 18;
        in_three |= note.place == 24;
    }
    if (in_two == in_three) return true;
    return in_two == (meter.meter_class() == MeterClass::compound);
}

float likeness(const BandPattern& a, const BandPattern& b, BandPart part) {
    const auto item = [part](const BandNote& note) {
        int kind = 0;
        if (part == BandPart::drums) kind = note.what;
        if (part == BandPart::chords) kind = std::popcount(note.what) > 1 ? 1 : 0;
        return int{note.place} * 128 + kind;
    };
    std::set<int> of_a, of_both;
    for (const auto& note : a.notes) of_a.insert(item(note));
    auto of_either = of_a;
    for (const auto& note : b.notes) {
        if (of_a.contains(item(note))) of_both.insert(item(note));
        of_either.insert(item(note));
    }
    if (of_either.empty()) return 1.0F;
    return static_cast<float>(of_both.size()) / static_cast<float>(of_either.size());
}

const BandPattern* pattern_of(const PartBook& book, const PatternAsk& ask, BarPlace place) {
    const Drawer drawer{book, ask};
    const auto& habits = book.habits;
    auto phrase = ask.source(place.phrase);
    auto bar = place.bar;
    if (const auto dice = dice_of(ask, phrase, bar);
        bar + 1 == place.bars && dice.uniform(fill) < habits.fills)
        if (const auto* found = drawer.draw(PatternRole::fill, nullptr, dice)) return found;
    // Each round goes back to an earlier bar, or ends.
    for (;;) {
        const auto dice = dice_of(ask, phrase, bar);
        if (phrase % kFormPhrases != 0 && dice.uniform(four_ago) < habits.as_four_ago)
            phrase = ask.source(phrase - 1);
        else if (bar >= 2 && dice.uniform(two_ago) < habits.as_two_ago)
            bar -= 2;
        else if (bar >= 1 && dice.uniform(last) < habits.as_last)
            bar -= 1;
        else
            return drawer.draw(PatternRole::groove, lead_of(drawer, ask, phrase), dice);
    }
}

}  // namespace fusion
