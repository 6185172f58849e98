#include "engine/base/semaphore.hpp"

#include <cerrno>
#include <ctime>

namespace fusion {

Semaphore::Semaphore() noexcept { sem_init(&handle_, 0, 0); }
Semaphore::~Semaphore() { sem_destroy(&handle_); }

void Semaphore::post() noexcept {
    int value = 0;
    sem_getvalue(&handle_, &value);
    if (value < 1) sem_post(&handle_);  // one pending wake-up is enough, and the count stays small
}

bool Semaphore::wait_for(Nanos timeout) noexcept {
    timespec until{};
    clock_gettime(CLOCK_MONOTONIC, &until);
    const auto total = Nanos{std::chrono::seconds{until.tv_sec}} + Nanos{until.tv_nsec} + timeout;
    until.tv_sec = static_cast<time_t>(total.count() / 1'000'000'000);
    until.tv_nsec = static_cast<long>(total.count() % 1'000'000'000);
    int rc = 0;
    while ((rc = sem_clockwait(&handle_, CLOCK_MONOTONIC, &until)) != 0 && errno == EINTR) {
    }
    if (rc != 0) return false;
    while (sem_trywait(&handle_) == 0) {
    }
    return true;
}

}  // namespace fusion
