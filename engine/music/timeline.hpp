// A bijection between ticks and real time at one tempo: position a of the music stands at time t.
// A change of tempo makes a new Timeline through the point that is being played, so the grid never
// jumps.
//
// Exact over years: a double holds no odd nanosecond beyond 104 days, so what is beyond the double
// is kept beside it (the product's and the quotient's own rounding errors, by fma). The nanosecond
// nearest to a tick is then the true one, and tick_at() asks time_at(), so that each is the other's
// inverse. (long double would do on x86, and nowhere else.)
#pragma once

#include <cmath>

#include "engine/base/units.hpp"

namespace fusion {

class Timeline {
public:
    constexpr Timeline(Ticks at, TimePoint when, Bpm tempo)
        : anchor_tick_{at}, anchor_time_{when}, tempo_{tempo} {}

    [[nodiscard]] TimePoint time_at(Ticks tick) const noexcept {
        return anchor_time_ + nanos_of((tick - anchor_tick_).count());
    }

    // The last tick at or before `time`.
    [[nodiscard]] Ticks tick_at(TimePoint time) const noexcept {
        const auto passed = time - anchor_time_;
        // Within a tick of it, where a double is too short.
        auto ticks = static_cast<std::int64_t>(
            std::floor(static_cast<double>(passed.count()) / nanos_per_tick().nearest));
        while (nanos_of(ticks) > passed) --ticks;
        while (nanos_of(ticks + 1) <= passed) ++ticks;
        return anchor_tick_ + Ticks{ticks};
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
    // A number as a double, and what that lacks.
    struct Exact {
        double nearest;
        double rest;
    };

    [[nodiscard]] Exact nanos_per_tick() const noexcept {
        constexpr double kMinute = 60e9;
        constexpr auto kTicks = static_cast<double>(kTicksPerBeat.count());
        const double ticks = tempo_.count() * kTicks;  // a minute
        const double ticks_rest = std::fma(tempo_.count(), kTicks, -ticks);
        const double nearest = kMinute / ticks;
        const double left = std::fma(-nearest, ticks, kMinute) - nearest * ticks_rest;
        return {nearest, left / ticks};
    }
    [[nodiscard]] Nanos nanos_of(std::int64_t ticks) const noexcept {
        const auto each = nanos_per_tick();
        const auto count = static_cast<double>(ticks);  // exact for 200,000 years
        const double nearest = count * each.nearest;
        const double rest = std::fma(count, each.nearest, -nearest) + count * each.rest;
        const double whole = std::round(nearest);
        return Nanos{static_cast<std::int64_t>(whole) + std::llround(nearest - whole + rest)};
    }

    Ticks anchor_tick_;
    TimePoint anchor_time_;
    Bpm tempo_;
};

}  // namespace fusion
