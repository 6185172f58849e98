#include "engine/plan/pattern_choice.hpp"

#include <algorithm>
#include <cmath>

#include "engine/model/lead.hpp"
#include "engine/model/sampling.hpp"

namespace fusion {
namespace {

// What one die of a bar is for; a pattern's place in its book follows.
enum Die : std::uint32_t { four_ago, two_ago, last, fill, patterns };

constexpr Meter kCommon{4, 4};

Dice dice_of(const PatternAsk& ask, BarPlace place) {
    return {
        ask.seed, place.phrase * 64U + place.bar, 0,
        static_cast<std::uint8_t>(static_cast<std::size_t>(DiceStream::band) + index_of(ask.part))};
}

// The metre whose patterns are played: the line's own where the book has one of it.
Meter meter_of(const PartBook& book, Meter meter) {
    const auto has = [&](const BandPattern& pattern) {
        return pattern.role == PatternRole::groove && suits(pattern, meter);
    };
    return std::ranges::any_of(book.patterns, has) ? meter : kCommon;
}

const BandPattern* draw(const PartBook& book, PatternRole role, Meter meter, const Dice& dice) {
    const BandPattern* drawn = nullptr;
    float best = 0.0F;
    for (std::size_t p = 0; p < book.patterns.size(); ++p) {
        const auto& pattern = book.patterns[p];
        if (pattern.role != role || !suits(pattern, meter)) continue;
        const auto u = dice.uniform(patterns + static_cast<std::uint32_t>(p));
        const float score = std::log(static_cast<float>(pattern.times)) - std::log(-std::log(u));
        if (drawn != nullptr && score <= best) continue;
        drawn = &pattern;
        best = score;
    }
    return drawn;
}

}  // namespace

BarPlace bar_place(std::int64_t bar, Meter meter) {
    const auto twice = meter.heard_bar().count() / meter.bar().count();
    const std::int64_t bars = std::int64_t{kPhraseBars} * twice;
    return {static_cast<std::uint32_t>(bar / bars), static_cast<std::uint32_t>(bar % bars),
            static_cast<std::uint32_t>(bars), meter.bar()};
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

const BandPattern* pattern_of(const PartBook& book, const PatternAsk& ask, BarPlace place) {
    const auto meter = meter_of(book, ask.meter);
    place.phrase = ask.source(place.phrase);
    const auto& habits = book.habits;
    const bool is_end = place.bar + 1 == place.bars;
    if (is_end && dice_of(ask, place).uniform(fill) < habits.fills)
        if (const auto* found = draw(book, PatternRole::fill, meter, dice_of(ask, place)))
            return found;
    // Each round goes back to an earlier bar, or ends.
    for (;;) {
        const auto dice = dice_of(ask, place);
        const bool a_form_begins = place.phrase % kFormPhrases == 0;
        if (!a_form_begins && dice.uniform(four_ago) < habits.as_four_ago)
            place.phrase = ask.source(place.phrase - 1);
        else if (place.bar >= 2 && dice.uniform(two_ago) < habits.as_two_ago)
            place.bar -= 2;
        else if (place.bar >= 1 && dice.uniform(last) < habits.as_last)
            place.bar -= 1;
        else
            return draw(book, PatternRole::groove, meter, dice);
    }
}

}  // namespace fusion
