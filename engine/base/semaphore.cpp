#include "engine/base/semaphore.hpp"

#include <cerrno>
#include <ctime>

namespace fusion {

Semaphore::Semaphore() noexcept { sem_init(&handle_, 0, 0); }
Semaphore::~Semaphore() { sem_destroy(&handle_); }

// Always, pending or not. A post that is left out where the count says that one is pending loses a
// wake-up: the look at the count may pass the write that the post was to tell of (on x86 too), and
// who took the pending one has looked already. A flag that is exchanged would do, but a thread that
// has set it and is held up before sem_post holds back all others' posts; and neither costs less,
// for the time goes into the waking (a burst of 16: 18 us by any of the three). Where nobody waits
// for 2^31 posts, sem_post refuses: one is pending.
//
// sem_post releases what was written before; partner: the sem_clockwait or the sem_trywait in
// wait_for() that takes it, or one taken after it.
void Semaphore::post() noexcept { FUSION_RT_TRUSTED(sem_post(&handle_)); }

bool Semaphore::wait_until(TimePoint deadline) noexcept {
    const auto since_boot = std::chrono::duration_cast<Nanos>(deadline.time_since_epoch());
    const timespec until{.tv_sec = static_cast<time_t>(since_boot.count() / 1'000'000'000),
                         .tv_nsec = static_cast<long>(since_boot.count() % 1'000'000'000)};
    int rc = 0;
    while ((rc = sem_clockwait(&handle_, CLOCK_MONOTONIC, &until)) != 0 && errno == EINTR) {
    }
    if (rc != 0) return false;
    while (sem_trywait(&handle_) == 0) {  // acquires; partner: each post that it takes
    }
    return true;
}

}  // namespace fusion
