#include "engine/base/time_source.hpp"

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace fusion {

// clock_gettime by the vDSO: no system call.
TimePoint MonotonicTime::now() const noexcept {
    return FUSION_RT_TRUSTED(std::chrono::steady_clock::now());
}

void MonotonicTime::sleep_until(TimePoint deadline) noexcept {
    const auto since_boot = std::chrono::duration_cast<Nanos>(deadline.time_since_epoch());
    const timespec target{.tv_sec = static_cast<time_t>(since_boot.count() / 1'000'000'000),
                          .tv_nsec = static_cast<long>(since_boot.count() % 1'000'000'000)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &target, nullptr) == EINTR) {
    }
}

bool MonotonicTime::wait(TimePoint deadline, Nanos at_most, Semaphore& wake) noexcept {
    return wake.wait_until(std::min(deadline, now() + at_most));
}

}  // namespace fusion
