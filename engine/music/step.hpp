// One generated event, a note or a rest with its duration: the unit of generation and of the queue
// from the inference thread to the clock thread.
#pragma once

#include <cstdint>
#include <type_traits>

#include "engine/base/units.hpp"

namespace fusion {

enum class StepKind : std::uint8_t { rest, note };

// Who made the step, from the best down. What the clock plays on its own when nothing has come
// (repeat, then silence) carries the last two.
enum class Rung : std::uint8_t { neural, ngram, repeat, silence };

struct Step {
    std::uint64_t revision = 0;  // of the parameters that made it
    Ticks start{0};              // from the start of the transport
    Ticks duration{0};           // to the start of the next step
    Ticks gate{0};               // a note sounds this long; at most `duration`
    std::int32_t lean = 0;       // ticks that a human hand is late, below 0 early; the grid is not
    std::uint32_t index = 0;     // consecutive within a part
    std::uint16_t event = 0;     // in the bundle's vocabulary
    std::uint8_t part = 0;
    StepKind kind = StepKind::rest;
    Pitch pitch{0};
    Velocity velocity{0};
    Channel channel{0};
    Rung rung = Rung::neural;

    [[nodiscard]] constexpr Ticks end() const { return start + duration; }
    friend bool operator==(const Step&, const Step&) = default;
};
static_assert(std::is_trivially_copyable_v<Step>);
static_assert(sizeof(Step) <= 64, "a step is one cache line");

// What one genre's own network would have for a step, ready to be played as a part of its own. It
// begins with the step and ends with it, or sooner.
struct PartNote {
    enum class Kind : std::uint8_t { none, rest, note };  // none: nothing was proposed
    Kind kind = Kind::none;
    Pitch pitch{0};
    Velocity velocity{0};
    Ticks duration{0};  // as proposed
    Ticks gate{0};      // how long it would sound; at most `duration`
    friend bool operator==(const PartNote&, const PartNote&) = default;
};
static_assert(std::is_trivially_copyable_v<PartNote>);

}  // namespace fusion
