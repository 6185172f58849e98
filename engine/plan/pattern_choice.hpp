// Which pattern a part plays in a bar, and from where in it. A pure function of its arguments; see
// band_plan.hpp for what it follows. Thread: any. Errors: none.
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
    Cells length{48};
};
[[nodiscard]] BarPlace bar_place(std::int64_t bar, Meter meter);

// Whether a pattern can be played in this metre as it is: of 36 cells some are 3/4, some 6/8.
[[nodiscard]] bool suits(const BandPattern& pattern, Meter meter);

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
