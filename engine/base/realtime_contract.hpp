// The law of the clock thread, as marks in the code: FUSION_RT stands on what that thread may call.
// Such a function does not allocate, lock, log, throw, build a string or call Torch.
//
// Two watch over it. tests/support/rt_guard.hpp interposes malloc and the pthread locks, with any
// compiler. Where the compiler is clang 20 or newer the mark is its `nonblocking`: part of the
// function's type, watched at run time by the real-time sanitizer (./dev rtsan). The GNU spelling,
// because [[clang::nonblocking]] may stand only behind `noexcept`, where a reader finds it last.
//
// FUSION_RT_TRUSTED stands around a call of somebody else's function that keeps the law without
// saying so to the compiler (-Wfunction-effects); why it does stands beside it.
#pragma once

#include <cassert>
#include <cstdint>

#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::nonblocking)
#define FUSION_RT __attribute__((nonblocking))
#define FUSION_RT_TRUSTED(...)                                                                  \
    _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wfunction-effects\"") \
        __VA_ARGS__ _Pragma("clang diagnostic pop")
#endif
#endif
#ifndef FUSION_RT
#define FUSION_RT /* Realtime: yes. */
#define FUSION_RT_TRUSTED(...) __VA_ARGS__
#endif

namespace fusion {

enum class ThreadRole : std::uint8_t { none, control, inference, clock, jack, midi_in, midi_out };

// Thread: any. A thread that is ours names its role when it starts; one that is a library's, each
// time it comes to us.
FUSION_RT void set_thread_role(ThreadRole role) noexcept;
[[nodiscard]] FUSION_RT ThreadRole thread_role() noexcept;

// Debug builds stop where a function runs on a thread it was not written for; release builds have
// nothing of it. It stands where a thread comes in: at a header's "Thread: ...", once for all that
// is called from there. A thread that never named itself (a test, a tool) may call anything.
FUSION_RT inline void expect_thread([[maybe_unused]] ThreadRole role) noexcept {
    assert(thread_role() == ThreadRole::none || thread_role() == role);
}

}  // namespace fusion
