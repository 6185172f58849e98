#include "daemon/midi/frame_time.hpp"

#include <algorithm>

namespace fusion {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

struct Division {
    std::int64_t quotient, remainder;  // the remainder is not negative
};
Division floor_divide(std::int64_t a, std::int64_t b) noexcept {
    const auto remainder = ((a % b) + b) % b;
    return {(a - remainder) / b, remainder};
}

std::int64_t count(TimePoint time) noexcept { return time.time_since_epoch().count(); }

}  // namespace

// Whole seconds and the rest apart: the product of a day's nanoseconds and a rate does not fit.
Frames FrameGrid::frame_at(TimePoint time) const noexcept {
    const auto rate = static_cast<std::int64_t>(rate_.count());
    const auto [seconds, nanos] = floor_divide((time - origin_).count(), kNanosPerSecond);
    return Frames{seconds * rate + (nanos * rate + kNanosPerSecond / 2) / kNanosPerSecond};
}

TimePoint FrameGrid::time_of(Frames frame) const noexcept {
    const auto rate = static_cast<std::int64_t>(rate_.count());
    const auto [seconds, rest] = floor_divide(frame.count(), rate);
    return origin_ + Nanos{seconds * kNanosPerSecond + (rest * kNanosPerSecond + rate / 2) / rate};
}

TimePoint FrameTime::now() const noexcept {
    const auto mapped = count(from_monotonic(real_.now()));
    // A value that others raise too: no other memory is read through it.
    auto latest = latest_.load(std::memory_order_relaxed);
    while (mapped > latest &&
           !latest_.compare_exchange_weak(latest, mapped, std::memory_order_relaxed)) {
    }
    return TimePoint{Nanos{std::max(mapped, latest)}};
}

// Frames may have fallen behind meanwhile; then there is more to sleep.
void FrameTime::sleep_until(TimePoint deadline) noexcept {
    while (now() < deadline) real_.sleep_until(to_monotonic(deadline));
}

bool FrameTime::wait(TimePoint deadline, Nanos at_most, Semaphore& wake) noexcept {
    const auto latest = real_.now() + at_most;
    while (now() < deadline) {
        const auto left = latest - real_.now();
        if (left <= Nanos{0}) return false;
        if (real_.wait(std::min(to_monotonic(deadline), latest), left, wake)) return true;
    }
    return false;
}

TimePoint FrameTime::from_monotonic(TimePoint monotonic) const noexcept {
    return monotonic + read().ahead;
}

TimePoint FrameTime::to_monotonic(TimePoint time) const noexcept { return time - read().ahead; }

TimePoint FrameTime::on_a_frame(TimePoint time) const noexcept {
    const auto grid = read().grid;
    return grid.rate().count() == 0 ? time : grid.time_of(grid.frame_at(time));
}

FrameTime::Period FrameTime::begin_cycle(const Cycle& cycle) noexcept {
    expect_thread(ThreadRole::jack);
    const auto ahead = read().ahead;
    if (!counting_ || cycle.rate != grid_.rate()) {
        lay_on(cycle, ahead);
        counting_ = true;
    } else {
        first_ = first_ + Frames{static_cast<std::int32_t>(cycle.first - counter_)};
        const auto step = grid_.time_of(first_) - (cycle.woken + ahead);
        if (step > kMostAhead || step < -kMostBehind) {
            lay_on(cycle, ahead);
            steps_.fetch_add(1, std::memory_order_relaxed);
        }
    }
    counter_ = cycle.first;
    publish({most_ahead(cycle), grid_, {grid_.time_of(first_), grid_.length_of(cycle.length)}});
    return {grid_, first_, cycle.length};
}

void FrameTime::leave() noexcept {
    counting_ = false;
    const auto last = read();
    publish({last.ahead, last.grid, {}});
}

// The cycle begins when time so far says it does, to the nearest frame.
void FrameTime::lay_on(const Cycle& cycle, Nanos ahead) noexcept {
    const auto begins = cycle.woken + ahead;
    if (cycle.rate != grid_.rate()) grid_ = {begins, cycle.rate};
    first_ = grid_.frame_at(begins);
    this_window_ = window_before_ = Nanos::min();
    window_ends_ = cycle.woken + kWindow;
}

// Over this window and the one before it.
Nanos FrameTime::most_ahead(const Cycle& cycle) noexcept {
    if (cycle.woken >= window_ends_) {
        window_before_ = this_window_;
        this_window_ = Nanos::min();
        window_ends_ = cycle.woken + kWindow;
    }
    this_window_ = std::max(this_window_, grid_.time_of(first_) - cycle.woken);
    return std::max(this_window_, window_before_);
}

// --- The newest reading, from one thread to all ---

void FrameTime::publish(const Reading& reading) noexcept {
    const auto next = published_.load(std::memory_order_relaxed) + 1;  // nobody else writes it
    auto& slot = slots_[next % 2];
    // Release, partner: the loads in read(). Who sees one of these has seen published_ at least as
    // it was before them, and so notices that the slot is no longer the newest.
    slot.ahead.store(reading.ahead.count(), std::memory_order_release);
    slot.origin.store(count(reading.grid.origin()), std::memory_order_release);
    slot.rate.store(reading.grid.rate().count(), std::memory_order_release);
    slot.begins.store(count(reading.newest.begins), std::memory_order_release);
    slot.length.store(reading.newest.length.count(), std::memory_order_release);
    published_.store(next, std::memory_order_release);  // partner: the first load in read()
}

// Repeats only when a cycle began meanwhile.
FrameTime::Reading FrameTime::read() const noexcept {
    while (true) {
        const auto newest = published_.load(std::memory_order_acquire);
        const auto& slot = slots_[newest % 2];
        const Nanos ahead{slot.ahead.load(std::memory_order_acquire)};
        const TimePoint origin{Nanos{slot.origin.load(std::memory_order_acquire)}};
        const SampleRate rate{slot.rate.load(std::memory_order_acquire)};
        const TimePoint begins{Nanos{slot.begins.load(std::memory_order_acquire)}};
        const Nanos length{slot.length.load(std::memory_order_acquire)};
        if (published_.load(std::memory_order_relaxed) == newest)
            return {ahead, {origin, rate}, {begins, length}};
    }
}

}  // namespace fusion
