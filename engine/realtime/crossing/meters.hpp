// Counters and gauges of the engine. Each is written by one thread and read by any.
#pragma once

#include <atomic>
#include <cstdint>

#include "engine/base/histogram.hpp"
#include "engine/music/step.hpp"
#include "engine/realtime/follow/sync_source.hpp"

namespace fusion {

struct EngineMeters {
    Histogram lateness;          // of messages handed to the sink, after their deadline
    Histogram change_to_commit;  // from a parameter change to the commit of a step that obeys it
    Histogram step_time;         // one step of the neural generator
    std::atomic<std::uint64_t> steps_committed{0};
    std::atomic<std::uint64_t> underruns{0};
    std::atomic<std::uint64_t> late_steps{0};
    std::atomic<std::uint64_t> steps_bridged{0};  // played by the stand-in
    std::atomic<std::uint64_t> notes_on{0};
    std::atomic<std::uint64_t> notes_off{0};
    std::atomic<std::uint64_t> sink_refused{0};
    std::atomic<std::uint64_t> events_dropped{0};  // played events that control had no room for
    std::atomic<std::uint64_t> generator_errors{0};
    std::atomic<std::uint64_t> obeyed_revision{0};  // of the parameters that the planner has seen
    std::atomic<std::uint64_t> clock_heartbeat{0};  // grows with every turn of the clock loop
    // Grows with every turn of the inference thread, which is at least one each half second.
    std::atomic<std::uint64_t> inference_heartbeat{0};
    std::atomic<std::int64_t> play_head_ticks{0};
    std::atomic<std::uint32_t> horizon_depth{0};  // steps ready and not committed
    std::atomic<Rung> rung{Rung::neural};         // of what is played now
    std::atomic<bool> clock_is_realtime{false};   // whether SCHED_FIFO was granted
    std::atomic<bool> memory_is_locked{false};
    std::atomic<std::int64_t> without_port_ns{0};  // that the music had no port, since the start
    std::atomic<double> tempo{120.0};              // BPM in force
    std::atomic<SyncState> sync_state{SyncState::internal};
    std::atomic<std::int64_t> song_ticks{0};  // where the play head stands in the song
    std::atomic<bool> running{false};         // the transport
    std::atomic<bool> ready{false};           // the first note can be played
};

}  // namespace fusion
