// A bijection between ticks and real time at one tempo: position a of the music stands at time t.
// A change of tempo makes a new Timeline through the point that is being played, so the grid never
// jumps.
#pragma once

#include <cmath>

#include "engine/base/units.hpp"

namespace fusion {

class Timeline {
public:
    constexpr Timeline(Ticks at, TimePoint when, Bpm tempo)
        : anchor_tick_{at}, anchor_time_{when}, tempo_{tempo} {}

    [[nodiscard]] TimePoint time_at(Ticks tick) const noexcept {
        const auto ns = static_cast<double>((tick - anchor_tick_).count()) * nanos_per_tick();
        return anchor_time_ + Nanos{std::llround(ns)};
    }

    // The last tick at or before `time`.
    [[nodiscard]] Ticks tick_at(TimePoint time) const noexcept {
        const auto ns = static_cast<double>((time - anchor_time_).count());
        // A nanosecond of slack: time_at rounds, and tick_at(time_at(k)) must be k.
        return anchor_tick_ +
               Ticks{static_cast<std::int64_t>(std::floor((ns + 1.0) / nanos_per_tick()))};
    }

    // The same position at `when`, going on at another tempo.
    [[nodiscard]] Timeline with_tempo(Bpm tempo, TimePoint when) const noexcept {
        const auto tick = tick_at(when);
        return {tick, time_at(tick), tempo};
    }

    // All of it later by `by`.
    [[nodiscard]] constexpr Timeline delayed(Nanos by) const noexcept {
        return {anchor_tick_, anchor_time_ + by, tempo_};
    }
    // The same moments under other names: what was tick k is tick k + by.
    [[nodiscard]] constexpr Timeline renumbered(Ticks by) const noexcept {
        return {anchor_tick_ + by, anchor_time_, tempo_};
    }

    [[nodiscard]] constexpr Bpm tempo() const noexcept { return tempo_; }

private:
    [[nodiscard]] double nanos_per_tick() const noexcept {
        return 60e9 / (tempo_.count() * static_cast<double>(kTicksPerBeat.count()));
    }

    Ticks anchor_tick_;
    TimePoint anchor_time_;
    Bpm tempo_;
};

}  // namespace fusion
