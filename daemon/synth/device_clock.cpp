#include "daemon/synth/device_clock.hpp"

#include <algorithm>

namespace fusion {
namespace {

constexpr Nanos kSame{std::chrono::microseconds{20}};  // less than a frame

}  // namespace

TimePoint DeviceClock::begin_block(TimePoint woken, Frames length) noexcept {
    if (woken >= window_ends_) {
        window_before_ = this_window_;
        this_window_ = Nanos::max();
        window_ends_ = woken + kWindow;
    }
    const auto by_count = grid_.time_of(counted_);
    counted_ = counted_ + length;
    this_window_ = std::min(this_window_, Nanos{woken - by_count});
    return by_count + std::min(this_window_, window_before_);
}

// Cycles follow one another, so this one begins where the last has ended, as long as it is one of
// the two; at first, and after a lost cycle, time decides.
TimePoint CycleClock::begin_block(const FrameTime::Newest& newest, TimePoint now) noexcept {
    const auto one = newest.begins;
    const auto other = newest.begins + newest.length;
    // Frames are laid in time to the nearest one, and by another thread's wakes.
    const bool other_may_be = now + newest.length / 4 >= other;
    const auto is = [&](TimePoint begins) { return std::chrono::abs(next_ - begins) < kSame; };
    const auto begins = is(one) || !other_may_be ? one : other;
    next_ = begins + newest.length;
    return begins;
}

}  // namespace fusion
