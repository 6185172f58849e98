// Whether an xrun may have cost somebody a cycle. JACK calls back for two kinds alike: the driver
// woke late, and then every client still has each cycle; or a client was not ready for the next
// cycle, and jackd in its asynchronous mode runs the others past it. (A gap in our own frames tells
// of the cycles that we have missed. It says nothing of those that a receiver has: ours follow one
// another then.)
//
// With each of the first kind jackd sets a number, how late it was (jack_get_xrun_delayed_usecs),
// with the second none; and both are told of after that. So who is told n times and finds a new
// number each time was told of the driver alone, in whatever order the threads ran. Where it has
// been as late as kLate of a period nothing is certain: a synchronous jackd may have given a client
// up, and PipeWire sets the number for clients too. Taking one for the other costs a few note-offs
// said again.
//
// Thread: begin() control, before the rest; told() the one of JACK's that notifies; take() JACK's
// in the cycle. Realtime: all, PipeWire tells in the cycle. Errors: none.
#pragma once

#include <atomic>

#include "engine/base/realtime_contract.hpp"

namespace fusion {

class JackXruns {
public:
    static constexpr float kLate = 0.5F;  // periods

    // Delays and periods in µs, as JACK has them. `delay`: the one of the last xrun of long ago.
    void begin(float delay) noexcept { last_ = delay; }

    FUSION_RT void told(float delay, float period) noexcept {
        const bool driver_alone = delay != last_ && delay < kLate * period;
        last_ = delay;
        if (!driver_alone) lost_.store(true, kOrder);
    }

    // Whether a cycle may have been lost since this was last asked.
    [[nodiscard]] FUSION_RT bool take() noexcept { return lost_.exchange(false, kOrder); }

private:
    static constexpr auto kOrder = std::memory_order_relaxed;  // a flag: nothing is read through it

    float last_ = 0;  // the notifying thread's own
    std::atomic<bool> lost_{false};
};

}  // namespace fusion
