// What the clock thread has to say. It may not format, lock or write, so it pushes plain records
// into a lock-free queue; the control thread drains them into log.hpp.
// Errors: a record that finds no room is dropped and counted, and the next drain says how many.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/spsc_queue.hpp"
#include "engine/base/units.hpp"

namespace fusion {

enum class RtEvent : std::uint8_t {
    underrun,        // a: tick
    stand_in,        // a: tick from which it plays
    line_resumed,    // a: tick, b: ticks without the line
    late_step,       // a: step index, b: µs too late
    sink_refused,    // a: status byte, b: messages refused so far
    stalled,         // a: µs that the clock did not run
    restarted,       // a: how often so far
    panicked,        // a: notes that sounded
    realigned,       // a: the line's tick, b: the song's
    commit_dropped,  // a: step index; the way back to the planner was full
};

struct RtRecord {
    RtEvent event = RtEvent::underrun;
    std::int64_t a = 0;
    std::int64_t b = 0;
};

// One line in plain words. Thread: any but clock.
[[nodiscard]] std::string describe(const RtRecord& record);

class RtLog {
public:
    explicit RtLog(std::size_t capacity = 256);
    RtLog(const RtLog&) = delete;
    RtLog& operator=(const RtLog&) = delete;

    // Thread: clock. Realtime: yes.
    FUSION_RT void push(RtEvent event, std::int64_t a = 0, std::int64_t b = 0) noexcept {
        expect_thread(ThreadRole::clock);
        static_cast<void>(queue_.in.try_push({event, a, b}));  // the queue counts what it refuses
    }

    // Writes everything that has come in to the log; returns how many records. Thread: control.
    std::size_t drain();
    // The oldest record, for a reader that does not want it formatted. Thread: control.
    [[nodiscard]] bool try_pop(RtRecord& record) noexcept { return queue_.out.try_pop(record); }

private:
    SpscQueue<RtRecord> queue_;
    std::uint64_t refused_told_ = 0;
};

}  // namespace fusion
