// The planner's two ends: what the clock committed comes in, what was made goes out.
#include <algorithm>
#include <cassert>

#include "engine/realtime/line/line_planner.hpp"

namespace fusion {

void LinePlanner::take_commits() {
    CommitNote note;
    while (links_.commits.try_pop(note)) {
        if (note.epoch != epoch_) continue;  // of the line before the restart
        if (note.kind == CommitNote::Kind::committed)
            adopt_commit(note);
        else
            adopt_miss(note);
    }
    forget_superseded();
}

void LinePlanner::adopt_commit(const CommitNote& note) {
    if (note.index != first_uncommitted_ || sent_.empty()) return;
    const auto& sendings = sent_.front();
    const auto played = std::find_if(sendings.begin(), sendings.end(), [&](const PlannedStep& s) {
        return s.message.serial == note.serial;
    });
    assert(played != sendings.end());
    if (played == sendings.end()) return;

    const auto as_planned = next_index() > note.index &&
                            planned(note.index).message.serial == note.serial &&
                            planned(note.index).message.step.start == note.start;
    if (!as_planned) {
        auto step = *played;
        step.message.step.start = note.start;
        step.request.position = bar_position(cell_of(note.start), controls_.meter);
        truncate(note.index);
        line_.push_back(step);
    }
    const auto& step = planned(note.index).message.step;
    last_committed_start_ = step.start;
    base_ = step.end();
    base_placement_ = Placement::follows;
    first_uncommitted_ = note.index + 1;
    first_unsent_ = std::max(first_unsent_, first_uncommitted_);
    sent_.pop_front();
    neural_.commit(first_uncommitted_);
    fallback_.commit(first_uncommitted_);
    loop_.passed(base_);
    forget_history();
}

// What neither a loop nor a generator that was left alone for a while can ask for any more.
void LinePlanner::forget_history() {
    const auto oldest = base_ - LineLoop::reach(bar());
    const auto can_go = [&](const Step& step) {
        return step.end() <= oldest && first_uncommitted_ - step.index > 2 * Voice::kMostTold;
    };
    while (can_go(line_.front().message.step)) line_.pop_front();
}

void LinePlanner::adopt_miss(const CommitNote& note) {
    const auto offset = note.index - first_uncommitted_;
    if (offset >= sent_.size()) return;
    auto& sendings = sent_[offset];
    std::erase_if(sendings, [&](const PlannedStep& s) { return s.message.serial == note.serial; });
    if (next_index() > note.index && planned(note.index).message.serial == note.serial)
        truncate(note.index);
}

// A sending is no longer needed once a newer one of the same step has left the queue: the queue
// holds at most its capacity, and what the clock committed before it took the newer one has already
// been told (take_commits comes first). Without this, a knob swept while the transport stands would
// gather sendings without end.
void LinePlanner::forget_superseded() {
    for (auto& sendings : sent_) {
        std::size_t keep_from = 0;
        for (std::size_t i = 0; i < sendings.size(); ++i)
            if (sendings[i].message.serial + links_.steps.capacity() <= last_serial_) keep_from = i;
        sendings.erase(sendings.begin(), sendings.begin() + static_cast<std::ptrdiff_t>(keep_from));
    }
}

bool LinePlanner::send() {
    for (; first_unsent_ < next_index(); ++first_unsent_) {
        auto& step = planned(first_unsent_);
        step.message.serial = last_serial_ + 1;
        if (!links_.steps.try_push(step.message)) return false;
        ++last_serial_;
        const auto offset = first_unsent_ - first_uncommitted_;
        if (offset >= sent_.size()) sent_.resize(offset + 1);
        sent_[offset].push_back(step);
    }
    return true;
}

void LinePlanner::truncate(std::uint32_t index) {
    while (!line_.empty() && line_.back().message.step.index >= index) line_.pop_back();
    first_unsent_ = std::min(first_unsent_, index);
    neural_.truncate(index);
    fallback_.truncate(index);
    loop_.truncate(index);
}

}  // namespace fusion
