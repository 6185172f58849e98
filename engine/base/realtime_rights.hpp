// What a thread that must be on time asks of the kernel: a real-time scheduling class, timers that
// are not rounded, a processor of its own, and memory that is there when it is touched. Each call
// asks for one thing and says what came of it. Who is refused plays on without.
//
// Memory. Everything mapped now and later is locked, but only as it is touched (MCL_ONFAULT), and
// the program itself is read in at once. Plain MCL_CURRENT | MCL_FUTURE reads in all that LibTorch
// maps: the daemon then holds 939 MiB instead of 244 MiB (1,006 MiB mapped), and its start pays for
// the reading. Later mappings are locked only where no limit counts them: under a finite
// RLIMIT_MEMLOCK the mapping that would exceed it fails, and with it whatever malloc it was for,
// and so does the growth of a locked stack. There the program's own pages (1.2 MiB, all that the
// clock runs) are locked and nothing else.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/realtime_contract.hpp"
#include "engine/base/result.hpp"
#include "engine/base/units.hpp"

namespace fusion {

// --- Of the calling thread ---

// How a thread came by its scheduling class.
enum class FifoFrom : std::uint8_t {
    not_asked,  // priority 0 was wished for
    limits,     // RLIMIT_RTPRIO or CAP_SYS_NICE
    rtkit,      // the desktop's service gave it (daemon/rtkit.hpp)
    refused,
};

// What the clock thread has in the end. Plain values: control reads them after the start.
struct RealtimeGrant {
    FifoFrom from = FifoFrom::not_asked;
    int wanted = 0;      // the priority asked for
    int priority = 0;    // what it has; 0: an ordinary thread
    int fifo_errno = 0;  // why it was refused
    int cpu = -1;        // the processor it is bound to; -1: any
    int cpu_errno = 0;   // why it could not be bound
    Micros spin{0};      // how long it waits awake before each deadline

    [[nodiscard]] bool realtime() const noexcept { return priority > 0; }
};

// SCHED_FIFO at `priority`; where RLIMIT_RTPRIO allows less, at that. Writes from, wanted, priority
// and fifo_errno.
void ask_for_fifo(int priority, RealtimeGrant& grant) noexcept;
// Writes cpu and cpu_errno; -1 asks for nothing.
void ask_for_cpu(int cpu, RealtimeGrant& grant) noexcept;
// Sleeps end when they should: an ordinary thread's are rounded by up to 50 µs (a SCHED_FIFO
// thread's are not).
void ask_for_exact_timers() noexcept;
// Touches the stack that a loop will use, so that no page fault comes in the middle of a note.
void prefault_stack() noexcept;

// --- Of the process ---

// See the head. To be called before the threads that it is for are started. Thread: control.
// Errors: unavailable: what is not locked, and what would allow it.
[[nodiscard]] Status lock_memory();

// --- In words ---

// "SCHED_FIFO 70 by limits", "without real-time priority".
[[nodiscard]] std::string describe(const RealtimeGrant& grant);
// What was wished for and not had, and what would allow it. Empty: nothing is missing.
[[nodiscard]] std::string shortfall(const RealtimeGrant& grant);

}  // namespace fusion
