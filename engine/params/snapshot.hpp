// All parameters at one moment, as a plain value that crosses threads in a TripleBuffer.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "engine/base/units.hpp"
#include "engine/music/band_part.hpp"
#include "engine/music/genre_weights.hpp"
#include "engine/music/meter.hpp"
#include "engine/params/table.hpp"

namespace fusion {

// A genre's own proposals as a part beside the fused line.
struct GenrePart {
    bool plays = false;
    std::uint8_t channel = 1;  // 1 to 16
    std::uint8_t program = 0;  // 1 to 128; 0: none is sent
    friend bool operator==(const GenrePart&, const GenrePart&) = default;
};

struct ParamSnapshot {
    std::uint64_t revision = 0;  // grows with every change
    std::array<double, kParamCount> values{};
    GenreWeights weights;
    // Beats that the newest change of each weight takes.
    std::array<float, kMaxGenres> ramps{};
    std::array<GenrePart, kMaxGenres> parts{};
    // Of each part of the band its own; below 0: that of `weights`.
    std::array<GenreWeights, kBandParts> band_weights{};
    std::uint32_t restarts = 0;   // how often `restart` was asked for
    std::uint32_t panics = 0;     // how often `panic` was asked for
    std::uint32_t agains = 0;     // how often `again` was asked for
    std::uint32_t receivers = 0;  // how often somebody came who may know no program
    // Where the line comes to its end and the transport stops; below 0: nowhere.
    Ticks finish_at{-1};
    double nudged_ms = 0.0;  // the sum of all nudges so far
    // When the newest change arrived (CLOCK_MONOTONIC, ns), for the change-to-commit histogram.
    std::int64_t changed_at_ns = 0;

    [[nodiscard]] double real(ParamId id) const { return values[static_cast<std::size_t>(id)]; }
    [[nodiscard]] std::int64_t integer(ParamId id) const {
        return static_cast<std::int64_t>(real(id));
    }
    [[nodiscard]] bool on(ParamId id) const { return real(id) != 0.0; }
    [[nodiscard]] Meter meter() const {
        return {static_cast<std::uint8_t>(integer(ParamId::meter_numerator)),
                static_cast<std::uint8_t>(integer(ParamId::meter_denominator))};
    }
};
static_assert(std::is_trivially_copyable_v<ParamSnapshot>);

}  // namespace fusion
