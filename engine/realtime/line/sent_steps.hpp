// What the planner has sent of every step that is not committed. A step may have been sent several
// times, each with a higher serial; the clock says which of them became part of the line, and that
// one the planner must still have.
// Thread: inference. Errors: none.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "engine/realtime/line/planned_line.hpp"

namespace fusion {

class SentSteps {
public:
    // The serial of what is sent next.
    [[nodiscard]] std::uint64_t next_serial() const { return last_serial_ + 1; }
    // `step` was sent with next_serial(): the step `ahead` of the first uncommitted one.
    void add(std::size_t ahead, const PlannedStep& step);

    // Whether anything was sent of the step `ahead` of the first uncommitted one.
    [[nodiscard]] bool any(std::size_t ahead) const {
        return ahead < sent_.size() && !sent_[ahead].empty();
    }
    // A sending of the first uncommitted step; null where it was none of them. Valid until a
    // change.
    [[nodiscard]] const PlannedStep* find(std::uint64_t serial) const;
    // The newest sending of the step `ahead` of the first uncommitted one: what the clock has, or
    // is about to take. Null where there is none. Valid until a change.
    [[nodiscard]] const PlannedStep* newest(std::size_t ahead) const {
        return any(ahead) ? &sent_[ahead].back() : nullptr;
    }
    // How long the newest sendings last together, up to the first step of which there is none.
    [[nodiscard]] Ticks covered() const;

    // The first uncommitted step is committed.
    void pop() { sent_.pop_front(); }
    // The clock threw a sending away. False: it is none of an uncommitted step.
    bool forget(std::size_t ahead, std::uint64_t serial);
    // A sending is no longer needed once a newer one of the same step has left the queue: the queue
    // holds at most its `capacity`, and what the clock committed before it took the newer one has
    // been told by then. Without this, a knob swept while the transport stands would gather
    // sendings without end.
    void forget_superseded(std::size_t capacity);
    // The line begins anew; serials go on.
    void clear() { sent_.clear(); }

private:
    std::uint64_t last_serial_ = 0;
    // Per uncommitted step, from the first on, oldest first.
    std::deque<std::vector<PlannedStep>> sent_;
};

}  // namespace fusion
