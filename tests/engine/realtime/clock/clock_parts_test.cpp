// Each genre's own part beside the fused line, and mute.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/realtime/clock/clock_rig.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using testing::IsEmpty;

TEST(Parts, ThatPlaySoundBesideTheLineOnTheirOwnChannelsForTheirGate) {
    ClockRig rig;
    rig.set("part/jazz", 1);
    rig.set("part_channel/jazz", 7);
    rig.set("part_channel/pop", 9);
    auto step = rig.next();
    step.parts[0] = part_note(kLow, Ticks{100});
    step.parts[1] = part_note(kHigh, Ticks{240});
    step.parts[2] = part_note(kHigh, Ticks{240});
    step.weights.value[1] = 4.0F;
    rig.send(step);
    rig.run_for(milliseconds{300});
    const auto on = rig.of(note_on(Channel{6}, kHigh, kVelocity));
    const auto off = rig.of(note_off(Channel{6}, kHigh));
    ASSERT_EQ(on.size(), 1U);
    ASSERT_EQ(off.size(), 1U);
    EXPECT_EQ(on[0].deadline, rig.at(Ticks{0}));
    EXPECT_EQ(off[0].deadline, rig.at(Ticks{240}));
    EXPECT_EQ(rig.sink.notes_on().size(), 2U) << "those of classical and pop are off";
    EXPECT_EQ(rig.sink.notes_on()[0].message, note_on(Channel{0}, kMiddle, kVelocity))
        << "the line comes first";
    ASSERT_EQ(rig.committed().size(), 1U);
    EXPECT_EQ(rig.committed()[0].parts, step.parts) << "all of them are told";
    EXPECT_EQ(rig.committed()[0].weights, step.weights);
    EXPECT_EQ(rig.meters.lateness.max(), Micros{0});
}

TEST(Parts, SoundUnderARestOfTheLineAndNeverBeyondTheirStep) {
    ClockRig rig;
    rig.set("part/classical", 1);
    auto step = rig.next();
    step.step.kind = StepKind::rest;
    step.parts[0] = part_note(kLow, beats(9));
    rig.send(step);
    rig.run_for(milliseconds{600});
    const auto off = rig.of(note_off(Channel{1}, kLow));
    ASSERT_EQ(off.size(), 1U);
    EXPECT_EQ(off[0].deadline, rig.at(beats(1)));
    EXPECT_EQ(rig.sink.notes_on().size(), 1U);
}

TEST(Parts, EndWhereTheNextStepBegins) {
    ClockRig rig;
    rig.set("part/classical", 1);
    auto first = rig.next();
    first.parts[0] = part_note(kLow, kTicksPerBeat);
    auto second = rig.next();  // proposes nothing, and comes early
    second.step.lean = -50;
    rig.send(first);
    rig.send(second);
    rig.run_for(milliseconds{600});
    const auto off = rig.of(note_off(Channel{1}, kLow));
    ASSERT_EQ(off.size(), 1U);
    EXPECT_EQ(off[0].deadline, rig.at(beats(1) - Ticks{50}));
}

TEST(Parts, TurnedOffOrMovedToAnotherChannelEndAtOnceWhereTheyBegan) {
    for (const bool moved : {false, true}) {
        ClockRig rig;
        rig.set("part/classical", 1);
        rig.set("part/jazz", 1);
        auto step = rig.next();
        step.parts[0] = part_note(kLow, kTicksPerBeat);
        step.parts[1] = part_note(kHigh, kTicksPerBeat);
        rig.send(step);
        rig.run_for(milliseconds{100});
        EXPECT_EQ(rig.core->output().sounding(), 3U);
        if (moved)
            rig.set("part_channel/classical", 16);
        else
            rig.set("part/classical", 0);
        const auto asked = rig.time.now();
        rig.turn();
        const auto off = rig.of(note_off(Channel{1}, kLow));
        ASSERT_EQ(off.size(), 1U);
        EXPECT_EQ(off[0].deadline, asked);
        EXPECT_EQ(rig.core->output().sounding(), 2U) << "the others go on";
        auto again = rig.next();
        again.parts[0] = part_note(kLow, kTicksPerBeat);
        rig.send(again);
        rig.run_for(milliseconds{600});
        EXPECT_EQ(rig.of(note_on(Channel{15}, kLow, kVelocity)).size(), moved ? 1U : 0U);
        EXPECT_EQ(rig.of(note_on(Channel{1}, kLow, kVelocity)).size(), 1U);
        EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
    }
}

TEST(Parts, OneThatWantsANoteThatSoundsThereAlreadyDoesNotBeginASecond) {
    ClockRig rig;
    for (const auto* genre : {"classical", "jazz", "pop"}) rig.set(std::string{"part/"} + genre, 1);
    rig.set("part_channel/classical", 1);  // the line's
    rig.set("part_channel/jazz", 5);
    rig.set("part_channel/pop", 5);
    auto step = rig.next();
    step.step.gate = Ticks{300};
    step.parts[0] = part_note(kMiddle, Ticks{800});
    step.parts[1] = part_note(kHigh, Ticks{100});
    step.parts[2] = part_note(kHigh, Ticks{900});
    rig.send(step);
    rig.run_for(milliseconds{490});
    EXPECT_EQ(rig.sink.notes_on().size(), 2U);
    const auto line_off = rig.of(note_off(Channel{0}, kMiddle));
    const auto part_off = rig.of(note_off(Channel{4}, kHigh));
    ASSERT_EQ(line_off.size(), 1U);
    ASSERT_EQ(part_off.size(), 1U);
    EXPECT_EQ(line_off[0].deadline, rig.at(Ticks{300})) << "the line's note is the line's";
    EXPECT_EQ(part_off[0].deadline, rig.at(Ticks{100})) << "the first genre's";
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(Parts, OnTheLinesChannelWithAnotherPitchSoundWithIt) {
    ClockRig rig;
    rig.set("part/classical", 1);
    rig.set("part_channel/classical", 1);
    auto step = rig.next();
    step.parts[0] = part_note(kLow, Ticks{200});
    rig.send(step);
    rig.run_for(milliseconds{20});
    EXPECT_EQ(rig.core->output().sounding(), 2U);
}

TEST(Parts, AreNotRepeatedInAnUnderrun) {
    ClockRig rig;
    rig.set("part/classical", 1);
    for (int i = 0; i < 4; ++i) {
        auto step = rig.next();
        step.parts[0] = part_note(kLow, kTicksPerBeat);
        rig.send(step);
    }
    rig.run_for(milliseconds{4500});
    EXPECT_EQ(rig.meters.underruns.load(), 1U);
    EXPECT_EQ(rig.of(note_on(Channel{0}, kMiddle, kVelocity)).size(), 8U);
    EXPECT_EQ(rig.of(note_on(Channel{1}, kLow, kVelocity)).size(), 4U);
    ASSERT_EQ(rig.committed().size(), 8U);
    EXPECT_EQ(rig.committed()[5].parts[0].kind, PartNote::Kind::none);
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(Parts, EndWithStopRestartPanicAndTheEndOfTheDaemon) {
    for (int way = 0; way < 4; ++way) {
        ClockRig rig;
        rig.set("part/classical", 1);
        auto step = rig.next();
        step.parts[0] = part_note(kLow, kTicksPerBeat);
        rig.send(step);
        rig.run_for(milliseconds{100});
        ASSERT_EQ(rig.core->output().sounding(), 2U);
        if (way == 0) rig.params.act(ActionId::stop).value();
        if (way == 1) rig.params.act(ActionId::restart).value();
        if (way == 2) rig.params.act(ActionId::panic).value();
        if (way == 3)
            rig.core->silence(rig.time.now());
        else
            rig.turn();
        EXPECT_EQ(rig.core->output().sounding(), 0U) << way;
        EXPECT_EQ(rig.of(note_off(Channel{1}, kLow)).size(), 1U) << way;
        EXPECT_THAT(faults(rig.sink.messages()), IsEmpty()) << way;
    }
}

TEST(Parts, APanicClearsTheirChannelsToo) {
    ClockRig rig;
    rig.set("part/jazz", 1);
    rig.set("part_channel/jazz", 11);  // has not sounded yet
    rig.send(rig.next());
    rig.run_for(milliseconds{100});
    rig.params.act(ActionId::panic).value();
    rig.turn();
    EXPECT_EQ(rig.of(control_change(Channel{10}, kAllSoundOff, 0)).size(), 1U);
    EXPECT_EQ(rig.of(control_change(Channel{0}, kAllSoundOff, 0)).size(), 1U);
    EXPECT_EQ(rig.of(control_change(Channel{1}, kAllSoundOff, 0)).size(), 0U);
}

TEST(Mute, SilencesAtOnceWhileTheLineGoesOnAndTheNextNoteAfterItIsHeard) {
    ClockRig rig;
    rig.set("part/classical", 1);
    for (int i = 0; i < 4; ++i) {
        auto step = rig.next();
        step.parts[0] = part_note(kLow, kTicksPerBeat);
        rig.send(step);
    }
    rig.run_for(milliseconds{100});
    ASSERT_EQ(rig.core->output().sounding(), 2U);
    rig.set("mute", 1);
    const auto asked = rig.time.now();
    rig.turn();
    EXPECT_EQ(rig.core->output().sounding(), 0U);
    EXPECT_EQ(rig.sink.messages().back().deadline, asked);
    const auto sent = rig.sink.messages().size();
    rig.run_for(milliseconds{1100});
    EXPECT_EQ(rig.sink.messages().size(), sent);
    ASSERT_EQ(rig.committed().size(), 3U) << "the line goes on";
    rig.set("mute", 0);
    rig.run_for(milliseconds{100});
    EXPECT_EQ(rig.sink.messages().size(), sent) << "not in the middle of a note";
    rig.run_for(milliseconds{400});
    ASSERT_EQ(rig.committed().size(), 4U);
    EXPECT_EQ(rig.sink.notes_on().back().deadline, rig.committed()[3].due);
    const auto heard = [&](std::size_t i) { return rig.committed()[i].heard; };
    EXPECT_EQ(heard(0), PlayedEvent::Heard::heard);
    EXPECT_EQ(heard(1), PlayedEvent::Heard::muted);
    EXPECT_EQ(heard(2), PlayedEvent::Heard::muted);
    EXPECT_EQ(heard(3), PlayedEvent::Heard::heard);
    EXPECT_EQ(rig.meters.steps_committed.load(), 4U);
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(Mute, ThatIsOnFromTheBeginningHolds) {
    ClockRig rig;
    rig.set("mute", 1);
    rig.send(rig.next());
    rig.run_for(milliseconds{400});
    EXPECT_THAT(rig.sink.messages(), IsEmpty());
    EXPECT_EQ(rig.committed().size(), 1U);
}

}  // namespace
}  // namespace fusion::test
