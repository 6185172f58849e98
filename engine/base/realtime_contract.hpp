// The law of the clock thread, as marks in the code: FUSION_RT stands on what that thread may call.
// Such a function does not allocate, lock, log, throw, build a string or call Torch.
// tests/engine/realtime/rt_guard_test.cpp interposes malloc and the pthread locks and holds it.
#pragma once

#include <cassert>
#include <cstdint>

#define FUSION_RT /* Realtime: yes. */

namespace fusion {

enum class ThreadRole : std::uint8_t { none, control, inference, clock, midi_in, midi_out };

// Thread: any. A thread names its role once, when it starts.
void set_thread_role(ThreadRole role) noexcept;
[[nodiscard]] ThreadRole thread_role() noexcept;

// Debug builds stop where a function runs on a thread it was not written for. A thread that never
// named itself (a test, a tool) may call anything.
inline void expect_thread([[maybe_unused]] ThreadRole role) noexcept {
    assert(thread_role() == ThreadRole::none || thread_role() == role);
}

}  // namespace fusion
