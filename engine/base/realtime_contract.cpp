#include "engine/base/realtime_contract.hpp"

namespace fusion {
namespace {
thread_local ThreadRole current_role = ThreadRole::none;
}

void set_thread_role(ThreadRole role) noexcept { current_role = role; }
ThreadRole thread_role() noexcept { return current_role; }

}  // namespace fusion
