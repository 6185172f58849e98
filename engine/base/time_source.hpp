// The one seam to real time. The daemon runs on MonotonicTime; tests and `fusiond render` run the
// same engine on SimulatedTime, as fast as it goes.
#pragma once

#include "engine/base/realtime_contract.hpp"
#include "engine/base/semaphore.hpp"
#include "engine/base/units.hpp"

namespace fusion {

class TimeSource {
public:
    virtual ~TimeSource() = default;
    // Thread: any. Realtime: yes.
    [[nodiscard]] FUSION_RT virtual TimePoint now() const noexcept = 0;
    // Returns at or after `deadline`, at once when it has passed. Without the mark: to wait is the
    // one thing that the clock does between its turns and never within one.
    virtual void sleep_until(TimePoint deadline) noexcept = 0;
    // Sleeps until `deadline` too, but ends as soon as `wake` is posted (and says true), and after
    // `at_most` of real time: a time that is counted elsewhere may stand still, and who has more to
    // do than to wait for it looks up meanwhile.
    virtual bool wait(TimePoint deadline, Nanos at_most, Semaphore& wake) noexcept {
        static_cast<void>(at_most), static_cast<void>(wake);  // nobody is there to wake it
        sleep_until(deadline);
        return false;
    }
    // The moment nearest to `time` that outputs on this clock can keep exactly: the beginning of a
    // sample frame, where frames are what is counted. Realtime: yes.
    [[nodiscard]] FUSION_RT virtual TimePoint on_a_frame(TimePoint time) const noexcept {
        return time;
    }
};

// CLOCK_MONOTONIC with absolute clock_nanosleep: no drift, no effect of wall-clock steps.
class MonotonicTime final : public TimeSource {
public:
    [[nodiscard]] TimePoint now() const noexcept override;
    void sleep_until(TimePoint deadline) noexcept override;
    bool wait(TimePoint deadline, Nanos at_most, Semaphore& wake) noexcept override;
};

// Thread: one. Time passes only when somebody sleeps.
class SimulatedTime final : public TimeSource {
public:
    [[nodiscard]] TimePoint now() const noexcept override { return now_; }
    void sleep_until(TimePoint deadline) noexcept override {
        if (deadline > now_) now_ = deadline;
    }

private:
    TimePoint now_{std::chrono::seconds{1}};
};

}  // namespace fusion
