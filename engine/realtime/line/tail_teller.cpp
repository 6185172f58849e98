#include "engine/realtime/line/tail_teller.hpp"

#include <algorithm>

namespace fusion {

void TailTeller::tell(const Begin& begin, const SentSteps& sent) {
    // relaxed: a flag; nothing is read through it
    if (!is_news_ || !links_.wanted.load(std::memory_order_relaxed)) return;
    is_news_ = false;
    ++tail_.serial;
    tail_.first = begin.place;
    tail_.count = 0;
    auto next_start = begin.start;
    std::uint64_t revision = 0;
    while (tail_.count < PlannedTail::kMost) {
        const auto* newest = sent.newest(tail_.count);
        if (newest == nullptr) break;
        const auto& step = newest->message.step;
        // As LinePlayer places it.
        const auto start = newest->message.placement == Placement::placed
                               ? std::max(step.start, next_start)
                               : next_start;
        tail_.steps[tail_.count++] = {start,      step.duration, step.kind,
                                      step.pitch, step.velocity, newest->message.parts};
        next_start = start + step.duration;
        revision = std::max(revision, step.revision);
    }
    tail_.revision = tail_.count == 0 ? begin.revision : revision;
    links_.tail.publish(tail_);
    if (links_.bell != nullptr) links_.bell->wake();
}

}  // namespace fusion
