// Where another library's clock stands beside ours. Link counts CLOCK_MONOTONIC_RAW in whole
// microseconds; our time is CLOCK_MONOTONIC or the sound card's frames, which drift against it by
// some 100 parts in a million and are slewed by NTP by up to 500. So the offset between the two is
// read anew at every turn, and smoothed so that the jitter of reading it (the truncation of the
// one, the corrections of the other) is not heard. Thread: whoever owns it. Realtime: yes. Errors:
// none.
#pragma once

#include <algorithm>
#include <cmath>

#include "engine/base/realtime_contract.hpp"
#include "engine/base/units.hpp"

namespace fusion {

class HostClock {
public:
    // The host's clock said `host` at some moment between `before` and `after`.
    FUSION_RT void observe(TimePoint before, Micros host, TimePoint after) noexcept {
        const auto width = static_cast<double>((after - before).count());
        const auto ours = static_cast<double>(before.time_since_epoch().count()) + width / 2;
        // The host's count is cut off to a microsecond: in the mean, half of one is missing.
        const auto error = ours - (static_cast<double>(host.count()) * 1e3 + 500.0) - offset_ns_;
        const auto since = static_cast<double>((after - last_).count());
        if (!known_ || std::abs(error) > width / 2 + kStepNs) {
            // Not jitter: the first look, a machine that woke up, a JACK server that came or went.
            offset_ns_ += error;
        } else if (width > kTornNs) {
            return;  // torn open by a preemption: nothing is learned from it
        } else {
            offset_ns_ += error * std::clamp(since / kSmoothingNs, 0.0, 1.0);
        }
        known_ = true;
        last_ = after;
    }

    // Both nanoseconds since the clock's own beginning.
    [[nodiscard]] FUSION_RT TimePoint to_ours(Nanos host) const noexcept {
        return TimePoint{host + Nanos{std::llround(offset_ns_)}};
    }
    [[nodiscard]] FUSION_RT Nanos to_host(TimePoint ours) const noexcept {
        return ours.time_since_epoch() - Nanos{std::llround(offset_ns_)};
    }

private:
    static constexpr double kStepNs = 1e6;
    static constexpr double kTornNs = 20e3;
    // A drift of 100 parts in a million lags by 5 µs, NTP's fastest slew by 25.
    static constexpr double kSmoothingNs = 50e6;

    bool known_ = false;
    double offset_ns_ = 0.0;  // ours less the host's; exact to a nanosecond for 100 days
    TimePoint last_{};
};

}  // namespace fusion
