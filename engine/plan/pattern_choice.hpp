// Which pattern a part plays in a bar. A pure function of its arguments.
//
// A player keeps to one texture for a while: each phrase has a leading pattern, that of the phrase
// before it seven times in ten, and what its bars play is drawn from what is like it. Within that a
// bar is as earlier ones were as often as the genre has it, and a phrase may end with a fill.
// Thread: any. Errors: none.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "engine/plan/band_plan.hpp"

namespace fusion {

// The bar is the line's own, as written: in 2/4 a phrase of four heard bars has eight of them.
struct BarPlace {
    std::uint32_t phrase = 0;
    std::uint32_t bar = 0;   // within the phrase
    std::uint32_t bars = 4;  // how many a phrase has
};
[[nodiscard]] BarPlace bar_place(std::int64_t bar, Meter meter);

// Whether a pattern can be played in this metre as it is: of 36 cells some are 3/4, some 6/8.
[[nodiscard]] bool suits(const BandPattern& pattern, Meter meter);

// How alike two are, from 0 to 1: the share of what one of them has that both have. What counts is
// where something sounds; of chords whether it is one voice or many too, of drums which key.
[[nodiscard]] float likeness(const BandPattern& a, const BandPattern& b, BandPart part);

struct PatternAsk {
    BandPart part = BandPart::bass;
    std::uint64_t seed = 1;
    Meter meter;
    // The phrase that a phrase brings back, itself where it is new.
    std::function<std::uint32_t(std::uint32_t)> source;
};

// Null: the genre has none that could be played.
[[nodiscard]] const BandPattern* pattern_of(const PartBook& book, const PatternAsk& ask,
                                            BarPlace place);

}  // namespace fusion
