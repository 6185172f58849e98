// What RealtimeKit gives where the limits give nothing: on most desktops an ordinary user may have
// a few real-time threads, of a priority up to 20 or so, if each is bound to use no more than some
// 200 ms of processor time without a sleep. Asked over the system's D-Bus.
//
// The bound is RLIMIT_RTTIME: the kernel kills a process whose real-time thread exceeds it. It is
// the process's own and cannot be raised again; the clock sleeps every millisecond.
// Thread: control; blocks for kRtkitPatience at most. Errors: unavailable.
#pragma once

#include <sys/types.h>

#include <string>

#include "engine/base/result.hpp"
#include "engine/base/units.hpp"

namespace fusion {

inline constexpr Micros kRtkitPatience{std::chrono::seconds{1}};

// Asks for a real-time class for `thread` (of this process, as the kernel numbers it) at
// `priority`, or at RealtimeKit's highest where that is lower. Returns the priority granted.
// `bus_address` is for tests; empty: the system's bus.
[[nodiscard]] Result<int> ask_rtkit(pid_t thread, int priority, const std::string& bus_address = {},
                                    Micros patience = kRtkitPatience);

}  // namespace fusion
