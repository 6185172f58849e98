// A watch over one thread: while it is armed there, every allocation, pthread lock, wait or signal
// and every throw is counted. rt_guard.cpp defines those symbols in the test program and passes
// each call on to the original. Thread: arming is per thread; the counts are shared. Errors: none.
#pragma once

#include <cstdint>

namespace fusion::test {

// Sanitizers interpose the same symbols; with one of them the guard cannot stand.
[[nodiscard]] bool rt_guard_available();
// Where the real-time sanitizer is the one that interposes them, it watches all that is marked
// FUSION_RT and ends the program at the first breach.
[[nodiscard]] bool rt_sanitizer_watches();

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
