#include "engine/train/band_habits.hpp"

#include <algorithm>
#include <array>

#include "engine/train/band_likeness.hpp"

namespace fusion::train {
namespace {

constexpr std::size_t kPhrase = 4;  // bars
constexpr std::size_t kFewestBars = 8;
constexpr std::size_t kFewestStrokes = 3;

bool is_struck_in_a_fill(std::uint8_t key) {
    constexpr std::array<std::uint8_t, 10> kKeys{38, 40, 41, 43, 45, 47, 48, 50, 37, 39};
    return std::ranges::find(kKeys, key) != kKeys.end();
}

std::size_t strokes(const SheetBar& bar) {
    return static_cast<std::size_t>(std::ranges::count_if(
        bar.notes, [](const BandNote& note) { return is_struck_in_a_fill(note.what); }));
}

// The bar that most of the others are like; none where nothing sounds.
const SheetBar* main_bar(const PartSheet& part) {
    const SheetBar* best = nullptr;
    std::size_t most = 0;
    // A long piece is known by its first bars.
    const std::size_t count = std::min<std::size_t>(part.bars.size(), 256);
    for (std::size_t i = 0; i < count; ++i) {
        if (part.bars[i].notes.empty()) continue;
        std::size_t alike = 0;
        for (std::size_t k = 0; k < count; ++k)
            if (part.bars[k].cells == part.bars[i].cells && !part.bars[k].notes.empty() &&
                likeness(part.bars[i].notes, part.bars[k].notes) >= kSameBar)
                ++alike;
        if (alike > most) {
            most = alike;
            best = &part.bars[i];
        }
    }
    return best;
}

// A fill, if it stands where fills stand.
bool is_like_a_fill(const SheetBar& bar, const SheetBar& before, const SheetBar& main) {
    if (bar.notes.empty() || before.notes.empty() || bar.cells != main.cells) return false;
    if (likeness(bar.notes, main.notes) >= kSameBar ||
        likeness(bar.notes, before.notes) >= kSameBar)
        return false;
    return strokes(bar) >= kFewestStrokes && strokes(bar) > strokes(main) &&
           strokes(bar) > strokes(before);
}

}  // namespace

std::size_t phrase_begin(const PartSheet& drums) {
    const auto by_the_piece = (kPhrase - drums.first_bar % kPhrase) % kPhrase;
    const SheetBar* main = main_bar(drums);
    if (main == nullptr) return by_the_piece;
    std::array<std::size_t, kPhrase> fills{};  // by where phrases would begin
    for (std::size_t i = 1; i < drums.bars.size(); ++i)
        if (is_like_a_fill(drums.bars[i], drums.bars[i - 1], *main)) ++fills[(i + 1) % kPhrase];
    const auto most = std::ranges::max_element(fills);
    return *most > fills[by_the_piece] ? static_cast<std::size_t>(most - fills.begin())
                                       : by_the_piece;
}

std::vector<bool> fills_of(const PartSheet& drums) {
    std::vector<bool> fills(drums.bars.size(), false);
    const SheetBar* main = main_bar(drums);
    if (main == nullptr) return fills;
    const auto begin = phrase_begin(drums);
    for (std::size_t i = 1; i < drums.bars.size(); ++i) {
        const bool crash_next = i + 1 < drums.bars.size() && drums.bars[i + 1].crash;
        if (crash_next || (i + 1) % kPhrase == begin)
            fills[i] = is_like_a_fill(drums.bars[i], drums.bars[i - 1], *main);
    }
    return fills;
}

void HabitCount::add(const PartSheet& part, const std::vector<bool>& fills) {
    const auto& bars = part.bars;
    if (bars.size() < kFewestBars) return;
    const auto same = [&](std::size_t i, std::size_t ago) {
        return bars[i].cells == bars[i - ago].cells && !bars[i - ago].notes.empty() &&
               likeness(bars[i].notes, bars[i - ago].notes) >= kSameBar;
    };
    const auto begin = fills.empty() ? 0 : phrase_begin(part);
    std::array<double, 4> count{};  // asked, and yes to four, two, one ago
    double phrases = 0.0, filled = 0.0;
    for (std::size_t i = kPhrase; i < bars.size(); ++i) {
        if (!fills.empty() && (i + 1) % kPhrase == begin) {
            const bool whole = std::ranges::none_of(
                std::vector<SheetBar>(bars.begin() + static_cast<std::ptrdiff_t>(i - 3),
                                      bars.begin() + static_cast<std::ptrdiff_t>(i + 1)),
                [](const SheetBar& bar) { return bar.notes.empty(); });
            phrases += whole ? 1.0 : 0.0;
            filled += whole && fills[i] ? 1.0 : 0.0;
        }
        if (bars[i].notes.empty()) continue;
        ++count[0];
        if (same(i, 4))
            ++count[1];
        else if (same(i, 2))
            ++count[2];
        else if (same(i, 1))
            ++count[3];
    }
    if (count[0] > 0.0) {
        four_.yes += count[1] / count[0];
        four_.asked += 1.0;
        two_.yes += count[2] / count[0];
        two_.asked += (count[0] - count[1]) / count[0];
        last_.yes += count[3] / count[0];
        last_.asked += (count[0] - count[1] - count[2]) / count[0];
    }
    if (phrases > 0.0) {
        fills_.yes += filled / phrases;
        fills_.asked += 1.0;
    }
}

BandHabits HabitCount::habits() const {
    const BandHabits usual;
    return {four_.value(usual.as_four_ago), two_.value(usual.as_two_ago),
            last_.value(usual.as_last), fills_.value(0.0F)};
}

}  // namespace fusion::train
