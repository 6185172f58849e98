#include "engine/realtime/clock/clock_reports.hpp"

#include <algorithm>
#include <utility>

namespace fusion {

void ClockReports::to_planner(const StepMessage& message, CommitNote::Kind kind,
                              Ticks start) noexcept {
    if (!links_.commits.try_push({message.serial, start, message.epoch, message.step.index, kind}))
        links_.log.push(RtEvent::commit_dropped, message.step.index);
    links_.wake_planner.post();
}

void ClockReports::tell(const PlayedEvent& event) noexcept {
    told_ = true;
    if (!links_.played.try_push(event))
        links_.meters.events_dropped.fetch_add(1, std::memory_order_relaxed);
}

void ClockReports::tell(PlayedEvent::Kind kind, Ticks tick, TimePoint due) noexcept {
    PlayedEvent event;
    event.kind = kind;
    event.tick = tick;
    event.due = due;
    tell(event);
}

void ClockReports::obeyed(std::int64_t changed_at_ns, TimePoint running_since) noexcept {
    if (changed_at_ns <= obeyed_change_ns_) return;
    obeyed_change_ns_ = changed_at_ns;
    const TimePoint changed{Nanos{changed_at_ns}};
    if (changed < running_since) return;
    links_.meters.change_to_commit.record(
        std::chrono::duration_cast<Micros>(links_.time.now() - changed));
}

void ClockReports::publish(const Whereabouts& now) noexcept {
    auto& meters = links_.meters;
    meters.play_head_ticks.store(std::max(now.heard, Ticks{0}).count(), std::memory_order_relaxed);
    meters.horizon_depth.store(now.depth, std::memory_order_relaxed);
    meters.song_ticks.store(now.song.count(), std::memory_order_relaxed);
    meters.running.store(now.running, std::memory_order_relaxed);
    meters.sync_state.store(now.sync, std::memory_order_relaxed);
    meters.tempo.store(now.tempo.count(), std::memory_order_relaxed);
    head_ = {now.epoch, now.running, std::max(now.decided, Ticks{0}), now.at, now.tempo};
    links_.head.publish(head_);
    if (std::exchange(told_, false) && links_.on_played != nullptr) links_.on_played->wake();
}

}  // namespace fusion
