// What the clock tells the others: the planner what it committed, control what it did, and everyone
// where it is. Thread: clock. Realtime: yes. Errors: what finds no room is counted or told to the
// RT log, and lost.
#pragma once

#include "engine/base/rt_log.hpp"
#include "engine/base/semaphore.hpp"
#include "engine/base/spsc_queue.hpp"
#include "engine/base/time_source.hpp"
#include "engine/base/triple_buffer.hpp"
#include "engine/base/waker.hpp"
#include "engine/realtime/crossing/line_link.hpp"
#include "engine/realtime/crossing/meters.hpp"
#include "engine/realtime/crossing/played_event.hpp"

namespace fusion {

class ClockReports {
public:
    struct Links {
        Producer<CommitNote> commits;
        Producer<PlayedEvent> played;
        SnapshotWriter<PlayHead> head;
        Semaphore& wake_planner;
        const TimeSource& time;
        EngineMeters& meters;
        RtLog& log;
        Waker* on_played;  // may be null
    };
    struct Whereabouts {
        TimePoint at;
        std::uint32_t epoch;
        bool running;
        Ticks heard;    // at the port
        Ticks decided;  // handed over
        Ticks song;     // where `heard` is in the song
        Bpm tempo;
        SyncState sync;
        std::uint32_t depth;  // of the horizon
    };

    // What the parameters were at `obeyed_change_ns` is the clock's from the beginning.
    ClockReports(Links links, std::int64_t obeyed_change_ns)
        : links_{std::move(links)}, obeyed_change_ns_{obeyed_change_ns} {}

    // `message` is part of the line at `start`, or came too late for it.
    FUSION_RT void to_planner(const StepMessage& message, CommitNote::Kind kind,
                              Ticks start) noexcept;
    FUSION_RT void tell(const PlayedEvent& event) noexcept;
    FUSION_RT void tell(PlayedEvent::Kind kind, Ticks tick, TimePoint due) noexcept;
    // A step was committed that obeys the parameters as they were at `changed_at_ns`; how long that
    // took is kept. A change made while nothing ran waited for the player, not for us.
    FUSION_RT void obeyed(std::int64_t changed_at_ns, TimePoint running_since) noexcept;
    // At the end of a turn: rings for what was told in it, too.
    FUSION_RT void publish(const Whereabouts& now) noexcept;
    // As the planner was last told.
    [[nodiscard]] FUSION_RT const PlayHead& head() const noexcept { return head_; }

private:
    Links links_;
    std::int64_t obeyed_change_ns_;
    PlayHead head_;
    bool told_ = false;
};

}  // namespace fusion
