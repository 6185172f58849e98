// How a thread that must not wait wakes one that does: the clock thread and JACK's call wake().
// Wakes are not counted: whoever wakes up looks for all that there is.
#pragma once

#include "engine/base/realtime_contract.hpp"

namespace fusion {

class Waker {
public:
    virtual ~Waker() = default;
    // Thread: any. Realtime: yes. Errors: none.
    FUSION_RT virtual void wake() noexcept = 0;
};

}  // namespace fusion
