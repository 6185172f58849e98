// Publishes the uncommitted steps (crossing/planned_tail.hpp) while somebody wants to see them, and
// rings for each news. Costs 20 kB of copying a step while it is wanted, a look at a flag while
// not. Thread: inference; `wanted` is set by control. Errors: none.
#pragma once

#include <atomic>
#include <cstdint>

#include "engine/base/triple_buffer.hpp"
#include "engine/base/waker.hpp"
#include "engine/realtime/crossing/planned_tail.hpp"
#include "engine/realtime/line/sent_steps.hpp"

namespace fusion {

class TailTeller {
public:
    struct Links {
        SnapshotWriter<PlannedTail> tail;
        // Who sets it wakes the planner, so that what is planned already is told.
        const std::atomic<bool>& wanted;
        Waker* bell = nullptr;  // may be null
    };
    // Where the uncommitted steps begin.
    struct Begin {
        LinePlace place;
        Ticks start;
        std::uint64_t revision;  // the planner's
    };

    explicit TailTeller(Links links) : links_{std::move(links)} {}

    // A step was sent, committed or thrown away.
    void changed() { is_news_ = true; }
    // Tells what has changed, if anybody wants to know.
    void tell(const Begin& begin, const SentSteps& sent);

private:
    Links links_;
    PlannedTail tail_;
    bool is_news_ = true;
};

}  // namespace fusion
