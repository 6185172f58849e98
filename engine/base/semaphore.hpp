// A wake-up that a real-time thread may give: POSIX sem_post takes no lock and never allocates.
// (std::atomic::notify_one goes through libstdc++'s shared waiter pool; a condition variable would
// need its mutex.)
#pragma once

#include <semaphore.h>

#include "engine/base/realtime_contract.hpp"
#include "engine/base/units.hpp"

namespace fusion {

class Semaphore {
public:
    Semaphore() noexcept;
    ~Semaphore();
    Semaphore(const Semaphore&) = delete;
    Semaphore& operator=(const Semaphore&) = delete;

    // Thread: any. Realtime: yes.
    FUSION_RT void post() noexcept;
    // Waits for a post, at most `timeout`; true when there was one. All posts that have come in
    // meanwhile are taken together: a waker means "look again", not "once more".
    bool wait_for(Nanos timeout) noexcept { return wait_until(Clock::now() + timeout); }
    // The same, up to a moment of the monotonic clock.
    bool wait_until(TimePoint deadline) noexcept;

private:
    using Clock = TimePoint::clock;
    sem_t handle_;
};

}  // namespace fusion
