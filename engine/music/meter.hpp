// The grid of composition: 12 cells a beat, which holds sixteenths (3) and eighth triplets (4), and
// the place of a cell in the bar.
#pragma once

#include <cstdint>

#include "engine/base/units.hpp"

namespace fusion {

struct Cells : Strong<std::int32_t, struct CellsTag> {  // 1/12 of a beat
    using Strong::Strong;
    friend constexpr Cells operator+(Cells a, Cells b) { return Cells{a.count() + b.count()}; }
    friend constexpr Cells operator-(Cells a, Cells b) { return Cells{a.count() - b.count()}; }
};
inline constexpr Cells kCellsPerBeat{12};
inline constexpr std::int64_t kTicksPerCell = kTicksPerBeat.count() / kCellsPerBeat.count();

constexpr Ticks to_ticks(Cells cells) { return Ticks{cells.count() * kTicksPerCell}; }
// Rounds down: the cell that a tick lies in.
constexpr std::int64_t cell_of(Ticks tick) { return tick.count() / kTicksPerCell; }

// What the networks know of the metre; the bar length alone does not tell 3/4 from 6/8. Two bars of
// 2/4 count as one of 4/4: they are heard alike, and a genre that was learned in the one is asked
// for in the other.
enum class MeterClass : std::uint8_t { quadruple, triple, compound, other };
inline constexpr std::size_t kMeterClasses = 4;

struct Meter {
    std::uint8_t numerator = 4;
    std::uint8_t denominator = 4;  // a power of two, 1..32

    [[nodiscard]] constexpr Cells bar() const {
        return Cells{numerator * 4 * kCellsPerBeat.count() / denominator};
    }
    // The bar that is heard: two where one has two beats.
    [[nodiscard]] constexpr Cells heard_bar() const {
        return bar() == Cells{24} ? Cells{48} : bar();
    }
    [[nodiscard]] constexpr MeterClass meter_class() const {
        if (denominator >= 8 && numerator % 3 == 0) return MeterClass::compound;
        if (numerator == 3) return MeterClass::triple;
        if (numerator == 4 || heard_bar() == Cells{48}) return MeterClass::quadruple;
        return MeterClass::other;
    }
    // Where the second half of the heard bar begins: on a beat, the later one where their number is
    // odd. 24 in 4/4, 24 in 3/4, 36 in 5/4, 24 in 7/8, 18 in 6/8; the whole bar where it is one
    // beat.
    [[nodiscard]] constexpr Cells half_bar() const {
        const bool twice = bar() != heard_bar();
        const int parts = numerator * (twice ? 2 : 1);
        const int a_beat = meter_class() == MeterClass::compound ? 3 : 1;
        const int beats = parts / a_beat;
        return Cells{(beats + 1) / 2 * a_beat * 4 * kCellsPerBeat.count() / denominator};
    }
    friend bool operator==(const Meter&, const Meter&) = default;
};

// Where in its heard bar an event begins, as the networks see it: cells, 0 to 47 (longer bars
// wrap).
inline constexpr std::size_t kBarPositions = 48;
constexpr std::uint8_t bar_position(std::int64_t cell, Meter meter) {
    return static_cast<std::uint8_t>(cell % meter.heard_bar().count() %
                                     static_cast<std::int64_t>(kBarPositions));
}

}  // namespace fusion
