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
#include <atomic>
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

// How far the clock has played, in one word, so that the planner never sees a position of one
// epoch with the number of another.
class PlayHead {
public:
    struct Reading {
        std::uint16_t epoch = 0;  // low bits of the epoch
        bool running = false;
        Ticks tick{0};     // everything that begins at or before it is decided
        Bpm tempo{120.0};  // in force: the parameter's, or that of what is followed
    };

    static constexpr std::uint16_t kEpochMask = 0x7FFF;

    // Thread: clock. Realtime: yes.
    FUSION_RT void publish(const Reading& now) noexcept {
        tempo_.store(now.tempo.count(), std::memory_order_relaxed);  // released by the next store
        const auto tick = static_cast<std::uint64_t>(now.tick.count()) & kTickMask;
        const auto epoch = static_cast<std::uint64_t>(now.epoch & kEpochMask) << 49U;
        // release: what the clock pushed before it moved on is seen by who acquires in read().
        word_.store(epoch | (now.running ? kRunning : 0U) | tick, std::memory_order_release);
    }

    // Thread: inference.
    [[nodiscard]] Reading read() const noexcept {
        const auto word = word_.load(std::memory_order_acquire);  // partner: publish()
        return {static_cast<std::uint16_t>(word >> 49U), (word & kRunning) != 0,
                Ticks{static_cast<std::int64_t>(word & kTickMask)},
                Bpm{tempo_.load(std::memory_order_relaxed)}};
    }

private:
    static constexpr std::uint64_t kRunning = 1ULL << 48U;
    static constexpr std::uint64_t kTickMask = kRunning - 1;
    std::atomic<std::uint64_t> word_{0};
    std::atomic<double> tempo_{120.0};
};

}  // namespace fusion
