#include "engine/base/realtime_contract.hpp"

namespace fusion {
namespace {
thread_local ThreadRole current_role = ThreadRole::none;
}

// Trusted: the program's own and of a plain type, so its place is there with the thread.
void set_thread_role(ThreadRole role) noexcept { FUSION_RT_TRUSTED(current_role = role); }
ThreadRole thread_role() noexcept { return FUSION_RT_TRUSTED(current_role); }

}  // namespace fusion
