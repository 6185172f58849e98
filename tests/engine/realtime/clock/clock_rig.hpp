// The clock core alone under simulated time, playing steps that the test writes itself.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "engine/params/store.hpp"
#include "engine/realtime/clock/clock_core.hpp"
#include "tests/support/recording_sink.hpp"

namespace fusion::test {

inline constexpr Pitch kLow{40};
inline constexpr Pitch kMiddle{60};
inline constexpr Pitch kHigh{72};
inline constexpr Velocity kVelocity{90};

inline PartNote part_note(Pitch pitch, Ticks gate) {
    return {PartNote::Kind::note, pitch, kVelocity, gate, gate};
}

// Their ends are handed out once, so each clock has its own. (Within ClockRig clang 14 does not
// find it constructible.)
struct ClockQueues {
    SpscQueue<StepMessage> steps{128};
    SpscQueue<CommitNote> commits{512};
    SpscQueue<PlayedEvent> played{512};
    SpscQueue<BandMessage> beats{64};
    TripleBuffer<PlayHead> head{PlayHead{}};
    TapeCrossing tape;
};

// The clock core alone: one tick is 520,833 1/3 ns at 120 BPM.
struct ClockRig {
    explicit ClockRig(Nanos lead = Nanos{0})
        : params{{"classical", "jazz", "pop"}, time}, sink{1U << 20U, lead} {
        begin();
    }
    // A new clock, which finds the parameters as they are.
    void begin() {
        queues.emplace();
        core.emplace(ClockCore::Links{std::move(queues->steps.out), std::move(queues->commits.in),
                                      std::move(queues->played.in), params.reader(),
                                      std::move(queues->head.in), wake, sink, time, meters, log,
                                      SongFollow::Sources{}, nullptr, std::nullopt,
                                      std::move(queues->beats.out), queues->tape.link()});
    }

    // A line of quarter notes: the next of it, to be changed before it is sent.
    StepMessage next(Pitch pitch = kMiddle) {
        StepMessage message;
        message.step.index = index;
        message.step.start = beats(index);
        message.step.duration = kTicksPerBeat;
        message.step.gate = kTicksPerBeat;
        message.step.kind = StepKind::note;
        message.step.pitch = pitch;
        message.step.velocity = kVelocity;
        message.placement = index == 0 ? Placement::placed : Placement::follows;
        message.epoch = params.current().restarts;
        message.serial = ++serial;
        ++index;
        return message;
    }
    void send(const BandMessage& beat) { ASSERT_TRUE(queues->beats.in.try_push(beat)); }
    void send(const StepMessage& message) { ASSERT_TRUE(queues->steps.in.try_push(message)); }

    void turn() {
        const auto wanted = core->turn(time.now());
        PlayedEvent event;
        while (queues->played.out.try_pop(event)) events.push_back(event);
        CommitNote note;
        while (queues->commits.out.try_pop(note))
            if (note.kind == CommitNote::Kind::missed) index = note.index;  // it is made again
        time.sleep_until(std::min(wanted, time.now() + std::chrono::milliseconds{1}));
    }
    void run_for(Nanos span) {
        const auto end = time.now() + span;
        while (time.now() < end) turn();
    }
    void set(std::string_view what, double value) { ASSERT_TRUE(params.set(what, value)) << what; }
    // When tick `tick` is, where the transport has run from tick 0 without a change of tempo.
    TimePoint at(Ticks tick) { return core->time_at(tick); }

    std::vector<TimedMessage> of(const MidiMessage& wanted) const {
        std::vector<TimedMessage> found;
        for (const auto& message : sink.messages())
            if (message.message == wanted) found.push_back(message);
        return found;
    }
    std::vector<MidiMessage> programs() const {
        std::vector<MidiMessage> found;
        for (const auto& message : sink.messages())
            if (message.message.status() == 0xC0U) found.push_back(message.message);
        return found;
    }
    std::vector<PlayedEvent> committed() const {
        std::vector<PlayedEvent> found;
        for (const auto& event : events)
            if (event.kind == PlayedEvent::Kind::step) found.push_back(event);
        return found;
    }
    std::vector<std::string> faults_at_the_end() {
        core->silence(time.now());
        return faults(sink.messages());
    }

    SimulatedTime time;
    ParamStore params;
    RecordingSink sink;
    EngineMeters meters;
    RtLog log;
    Semaphore wake;
    std::optional<ClockQueues> queues;
    std::optional<ClockCore> core;
    std::vector<PlayedEvent> events;
    std::uint32_t index = 0;
    std::uint64_t serial = 0;
};

}  // namespace fusion::test
