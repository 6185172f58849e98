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
    sent_.forget_superseded(links_.steps.capacity());
}

void LinePlanner::adopt_commit(const CommitNote& note) {
    if (note.index != first_uncommitted_ || !sent_.any(0)) return;
    const auto* played = sent_.find(note.serial);
    assert(played != nullptr);
    if (played == nullptr) return;

    const auto as_planned = next_index() > note.index &&
                            planned(note.index).message.serial == note.serial &&
                            planned(note.index).message.step.start == note.start;
    if (!as_planned) {
        auto step = *played;
        step.message.step.start = note.start;
        step.request.position = bar_position(cell_of(note.start), settings_.meter);
        truncate(note.index);
        line_.push_back(step);
    }
    const auto& step = planned(note.index).message.step;
    last_committed_start_ = step.start;
    base_ = step.end();
    base_placement_ = Placement::follows;
    first_uncommitted_ = note.index + 1;
    reach(step.revision);
    first_unsent_ = std::max(first_unsent_, first_uncommitted_);
    sent_.pop();
    ladder_.commit(first_uncommitted_);
    loop_.passed(base_);
    forget_history();
    tail_changed();
}

// A change begins with the first step that obeys it, wherever it was seen first: where the clock
// was quicker than the new make of a step, the ramp begins one step later, and so the same changes
// at the same steps are the same music.
void LinePlanner::reach(std::uint64_t revision) {
    while (!looks_.empty() && looks_.front().revision <= revision) {
        reached_ramp_ = looks_.front().ramp;
        looks_.pop_front();
    }
    if (looks_.empty()) return;
    ramp_ = reached_ramp_;
    ramp_.head_for(settings_.weights, last_committed_start_, ramp_lengths_);
    looks_.back().ramp = ramp_;
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
    if (!sent_.forget(note.index - first_uncommitted_, note.serial)) return;
    if (next_index() > note.index && planned(note.index).message.serial == note.serial)
        truncate(note.index);
    tail_changed();
}

bool LinePlanner::send() {
    const auto from = first_unsent_;
    auto all = true;
    for (; first_unsent_ < next_index(); ++first_unsent_) {
        auto& step = planned(first_unsent_);
        step.message.serial = sent_.next_serial();
        step.message.follows = step.message.step.index == line_.front().message.step.index
                                   ? 0
                                   : planned(first_unsent_ - 1).message.serial;
        all = links_.steps.try_push(step.message);
        if (!all) break;
        sent_.add(first_unsent_ - first_uncommitted_, step);
    }
    if (first_unsent_ != from) {
        links_.wake_clock.post();
        tail_changed();
    }
    return all;
}

void LinePlanner::tail_changed() {
    if (tail_) tail_->changed();
}

void LinePlanner::tell_tail() {
    if (tail_) tail_->tell({{epoch_, first_uncommitted_}, base_, revision_}, sent_);
}

void LinePlanner::truncate(std::uint32_t index) {
    while (!line_.empty() && line_.back().message.step.index >= index) line_.pop_back();
    first_unsent_ = std::min(first_unsent_, index);
    ladder_.truncate(index);
    loop_.truncate(index);
}

}  // namespace fusion
