// What crosses between the clock thread and the stand-in, which goes on with the line while the
// inference thread does not answer (line/stand_in.hpp).
//
// The clock calls it when the last step that it has is committed and no other has come, and sends
// it away when the line goes on. What it makes in between is a line of its own: a session, with its
// own indices and its number in place of an epoch. So the planner of the line hears nothing of it
// and has nothing to mend, and a run in which nobody is stuck is the same, bit for bit, with a
// stand-in and without one.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "engine/base/semaphore.hpp"
#include "engine/base/spsc_queue.hpp"
#include "engine/base/triple_buffer.hpp"
#include "engine/realtime/crossing/line_link.hpp"

namespace fusion {

struct StandInCall {
    // What was played before, so that the stand-in goes on with the tune and not with another.
    static constexpr std::uint32_t kMostHeard = 8;
    struct Heard {
        Ticks start{0};
        Ticks duration{0};
        EventId event = 0;
        GenreWeights weights;
    };

    std::uint32_t session = 0;  // grows with each call; 0: it was never called
    bool is_wanted = false;
    Ticks place{0};           // where the line breaks off
    std::uint32_t count = 0;  // of `heard`, oldest first; the session's first index
    std::array<Heard, kMostHeard> heard{};
};
static_assert(std::is_trivially_copyable_v<StandInCall>);

// The clock's ends.
struct StandInLink {
    Consumer<StepMessage> steps;
    Producer<CommitNote> commits;
    SnapshotWriter<StandInCall> calls;
    SnapshotWriter<PlayHead> head;
    Semaphore& wake;
};

}  // namespace fusion
