// A watch over one thread: while it is armed there, every allocation, pthread lock, wait or signal
// and every throw is counted. rt_guard.cpp defines those symbols in the test program and passes
// each call on to the original. Thread: arming is per thread; the counts are shared. Errors: none.
#pragma once

#include <cstdint>

namespace fusion::test {

// Sanitizers interpose the same symbols; with one of them the guard cannot stand.
[[nodiscard]] bool rt_guard_available();

struct RtViolations {
    std::uint64_t allocations = 0;
    std::uint64_t locks = 0;
    std::uint64_t throws = 0;
};
[[nodiscard]] RtViolations rt_violations();
void clear_rt_violations();

class RtGuard {
public:
    RtGuard();
    ~RtGuard();
    RtGuard(const RtGuard&) = delete;
    RtGuard& operator=(const RtGuard&) = delete;
};

}  // namespace fusion::test
