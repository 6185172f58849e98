// Numbers with a unit. A bare int or double never stands for time, tempo or pitch.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace fusion {

// A number that only mixes with its own kind. Tag names the unit.
template <class Rep, class Tag>
class Strong {
public:
    using rep = Rep;
    constexpr Strong() = default;
    explicit constexpr Strong(Rep value) : value_{value} {}
    [[nodiscard]] constexpr Rep count() const { return value_; }
    friend constexpr auto operator<=>(Strong, Strong) = default;

private:
    Rep value_{};
};

// Musical time: 1/960 of a beat, integer, so that hours of playing never drift.
struct Ticks : Strong<std::int64_t, struct TicksTag> {
    using Strong::Strong;
    friend constexpr Ticks operator+(Ticks a, Ticks b) { return Ticks{a.count() + b.count()}; }
    friend constexpr Ticks operator-(Ticks a, Ticks b) { return Ticks{a.count() - b.count()}; }
    friend constexpr Ticks operator*(Ticks a, std::int64_t k) { return Ticks{a.count() * k}; }
    friend constexpr Ticks& operator+=(Ticks& a, Ticks b) { return a = a + b; }
};
inline constexpr Ticks kTicksPerBeat{960};

constexpr Ticks beats(std::int64_t n) { return kTicksPerBeat * n; }

// Quarter notes a minute.
struct Bpm : Strong<double, struct BpmTag> {
    using Strong::Strong;
};
inline constexpr Bpm kMinTempo{10.0};
inline constexpr Bpm kMaxTempo{400.0};

// MIDI numbers. Ranges are the caller's to keep; midi_message.hpp masks to 7 bits when it writes.
struct Pitch : Strong<std::uint8_t, struct PitchTag> {  // 0..127, 60 is middle C
    using Strong::Strong;
};
struct Velocity : Strong<std::uint8_t, struct VelocityTag> {  // 1..127
    using Strong::Strong;
};
struct Channel : Strong<std::uint8_t, struct ChannelTag> {  // 0..15
    using Strong::Strong;
};

// Real time: CLOCK_MONOTONIC, which is what libstdc++'s steady_clock reads.
using TimePoint = std::chrono::steady_clock::time_point;
using Nanos = std::chrono::nanoseconds;
using Micros = std::chrono::microseconds;

}  // namespace fusion
