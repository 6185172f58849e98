// What crosses between the inference thread and the clock thread.
//
// Steps go forward as StepMessages. A step may be sent several times while it is uncommitted: each
// time with a higher `serial`, and the clock keeps the newest. Back go CommitNotes, which say
// exactly which sending was played and where, so that the planner knows the true line even when a
// new tail came too late. The clock's word on where a step starts is final.
//
// `epoch` counts restarts. Step indices begin again at 0 with each, so that a restart with the same
// seed is the same music; the epoch tells the old line's stragglers from the new one's first steps.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "engine/base/realtime_contract.hpp"
#include "engine/model/generator.hpp"
#include "engine/music/step.hpp"

namespace fusion {

enum class Placement : std::uint8_t {
    follows,  // begins where the step before it ends, wherever that has come to be
    placed,   // begins at its own start: the first of a line, or the first after an underrun
};

struct StepMessage {
    Step step;
    std::array<PartNote, kMaxGenres> parts{};  // what each genre proposed
    GenreWeights weights;                      // in force where the step begins
    std::uint64_t serial = 0;                  // grows with every message of the planner
    std::uint64_t follows = 0;       // the sending of the step before, that it goes on from
    std::int64_t changed_at_ns = 0;  // of the newest change of the line's parameters it obeys
    std::uint32_t epoch = 0;
    Placement placement = Placement::follows;
};
static_assert(std::is_trivially_copyable_v<StepMessage>);

struct CommitNote {
    enum class Kind : std::uint8_t {
        committed,  // this sending became part of the line, at `start`
        missed,     // it came after its time and was thrown away
    };
    std::uint64_t serial = 0;
    Ticks start{0};
    std::uint32_t epoch = 0;
    std::uint32_t index = 0;
    Kind kind = Kind::committed;
};
static_assert(std::is_trivially_copyable_v<CommitNote>);

// How far the clock has played, as it was at the end of its last turn. The clock sleeps between its
// turns; whoever wants to know where it is now reckons on from `at`.
struct PlayHead {
    std::uint32_t epoch = 0;
    bool running = false;
    Ticks tick{0};     // everything that began at or before it is decided
    TimePoint at{};    // when that was
    Bpm tempo{120.0};  // in force: the parameter's, or that of what is followed
};
static_assert(std::is_trivially_copyable_v<PlayHead>);

}  // namespace fusion
