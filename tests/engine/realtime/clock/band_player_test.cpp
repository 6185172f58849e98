// Bass, chords and drums at the clock: where they are heard, what replaces what, who hears them,
// and that every note ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/realtime/clock/clock_rig.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::IsEmpty;

constexpr Channel kBassChannel{10}, kDrumChannel{9};

BandMessage::Note bass_at(std::uint16_t place, Pitch pitch = kLow, std::uint32_t length = 240) {
    return {BandPart::bass, 0, pitch, kVelocity, place, 0, length};
}
BandMessage::Note drum_at(std::uint16_t place, std::uint8_t key) {
    return {BandPart::drums, 0, Pitch{key}, kVelocity, place, 0, 80};
}

struct BandRig : ClockRig {
    BandRig() {
        for (const auto* part : {"bass", "chords", "drums"}) set(std::string{part} + "/plays", 2.0);
    }
    BandMessage beat(std::uint32_t number, std::vector<BandMessage::Note> notes) {
        BandMessage message;
        message.beat = number;
        message.serial = ++beats_sent;
        message.epoch = params.current().restarts;
        message.count = static_cast<std::uint8_t>(notes.size());
        std::ranges::copy(notes, message.notes.begin());
        return message;
    }
    // A line that lasts, so that the transport runs.
    void begin_line() {
        for (int i = 0; i < 64; ++i) send(next());
    }
    std::vector<TimePoint> heard(Channel channel, Pitch pitch) const {
        std::vector<TimePoint> found;
        for (const auto& message : of(note_on(channel, pitch, kVelocity)))
            found.push_back(message.deadline);
        return found;
    }
    std::uint64_t beats_sent = 0;
};

TEST(BandPlayer, EachNoteIsHeardAtItsPlaceAndEnds) {
    BandRig rig;
    rig.begin_line();
    rig.send(rig.beat(0, {bass_at(0), drum_at(480, 42)}));
    rig.send(rig.beat(1, {bass_at(80, kMiddle)}));
    rig.run_for(seconds{2});
    EXPECT_THAT(rig.heard(kBassChannel, kLow), testing::ElementsAre(rig.at(Ticks{0})));
    EXPECT_THAT(rig.heard(kDrumChannel, Pitch{42}), testing::ElementsAre(rig.at(Ticks{480})));
    EXPECT_THAT(rig.heard(kBassChannel, kMiddle), testing::ElementsAre(rig.at(Ticks{1040})));
    const auto ends = rig.of(note_off(kBassChannel, kLow));
    ASSERT_EQ(ends.size(), 1U);
    EXPECT_EQ(ends[0].deadline, rig.at(Ticks{240}));
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(BandPlayer, ANewerMakeReplacesWhatIsNotPlayedAndNothingElse) {
    BandRig rig;
    rig.begin_line();
    rig.send(rig.beat(0, {bass_at(0), bass_at(480), bass_at(720)}));
    rig.run_for(milliseconds{100});
    rig.send(rig.beat(0, {bass_at(80, kHigh), bass_at(480, kMiddle)}));
    rig.run_for(seconds{1});
    EXPECT_EQ(rig.heard(kBassChannel, kLow).size(), 1U) << "its other notes are gone";
    EXPECT_THAT(rig.heard(kBassChannel, kHigh), IsEmpty()) << "what is past stays unheard";
    EXPECT_EQ(rig.heard(kBassChannel, kMiddle).size(), 1U);
    auto stale = rig.beat(1, {bass_at(0, kHigh)});
    stale.serial = 1;
    rig.send(rig.beat(1, {bass_at(480, kLow)}));
    rig.send(stale);
    rig.run_for(milliseconds{800});
    EXPECT_THAT(rig.heard(kBassChannel, kHigh), IsEmpty()) << "an older make comes too late";
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(BandPlayer, SwingsWithTheLineAndDragsAsAHandDoes) {
    BandRig rig;
    rig.set("swing_grid", 0.0);
    rig.set("swing", 0.75);
    rig.begin_line();
    auto late = bass_at(480, kMiddle);
    late.late = 30;
    rig.send(rig.beat(0, {bass_at(480), late}));
    rig.run_for(seconds{1});
    EXPECT_THAT(rig.heard(kBassChannel, kLow), testing::ElementsAre(rig.at(Ticks{720})));
    EXPECT_THAT(rig.heard(kBassChannel, kMiddle), testing::ElementsAre(rig.at(Ticks{750})));
}

TEST(BandPlayer, ABeatThatHasNotComeIsThatOfTheBarBefore) {
    BandRig rig;
    rig.begin_line();
    for (std::uint32_t beat = 0; beat < 4; ++beat)
        rig.send(rig.beat(beat, {bass_at(0, Pitch{static_cast<std::uint8_t>(40 + beat)})}));
    rig.run_for(seconds{4});
    for (std::uint8_t pitch = 40; pitch < 44; ++pitch)
        EXPECT_EQ(rig.heard(kBassChannel, Pitch{pitch}).size(), 2U) << int{pitch};
    rig.run_for(seconds{40});
    EXPECT_LE(rig.heard(kBassChannel, kLow).size(), 8U) << "in the end it is silent";
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(BandPlayer, OnlyWhoIsMeantHearsIt) {
    BandRig rig;
    rig.set("bass/plays", 1.0);  // the synth alone
    rig.begin_line();
    rig.send(rig.beat(0, {bass_at(0), drum_at(0, 36)}));
    rig.send(rig.beat(1, {bass_at(0), drum_at(0, 36)}));
    rig.run_for(milliseconds{400});
    EXPECT_THAT(rig.heard(kBassChannel, kLow), IsEmpty()) << "there is no synth";
    EXPECT_EQ(rig.heard(kDrumChannel, Pitch{36}).size(), 1U);
    rig.sink.set_synth(RecordingSink::Synth::there);
    rig.run_for(milliseconds{400});
    ASSERT_EQ(rig.heard(kBassChannel, kLow).size(), 1U);
    for (const auto& message : rig.sink.messages())
        EXPECT_EQ(message.hearers,
                  message.message.channel() == kBassChannel ? Hearers::synth : Hearers::everyone)
            << "its end and its quiet too";
}

TEST(BandPlayer, TheSynthGetsTheGenresInstrumentAndThePortTheOneThatIsSet) {
    BandRig rig;
    rig.sink.set_synth(RecordingSink::Synth::there);
    rig.begin_line();
    auto beat = rig.beat(0, {bass_at(0), bass_at(480, kMiddle)});
    beat.programs = {34, 1, 0};
    rig.send(beat);
    rig.run_for(milliseconds{400});
    ASSERT_EQ(rig.programs().size(), 1U) << "once";
    EXPECT_EQ(rig.programs()[0], program_change(kBassChannel, 33));
    for (const auto& message : rig.sink.messages())
        EXPECT_TRUE(message.message.status() != 0xC0U || message.hearers == Hearers::synth);
    rig.set("bass/program", 40.0);
    beat = rig.beat(1, {bass_at(0)});
    beat.programs = {34, 1, 0};
    rig.send(beat);
    rig.run_for(milliseconds{400});
    EXPECT_EQ(rig.programs().back(), program_change(kBassChannel, 39));
    const auto& all = rig.sink.messages();
    const auto named =
        std::ranges::find(all, program_change(kBassChannel, 39), &TimedMessage::message);
    EXPECT_EQ(named->hearers, Hearers::everyone) << "the port too";
}

TEST(BandPlayer, WithoutASynthThePortGetsTheProgramThatIsSetAndOncePerStart) {
    BandRig rig;
    rig.set("bass/program", 40.0);
    rig.begin_line();
    for (std::uint32_t beat = 0; beat < 4; ++beat) {
        auto message = rig.beat(beat, {bass_at(0)});
        message.programs = {34, 1, 0};
        rig.send(message);
    }
    rig.run_for(milliseconds{1200});
    EXPECT_THAT(rig.programs(), testing::ElementsAre(program_change(kBassChannel, 39)));
    ASSERT_TRUE(rig.params.act(ActionId::panic));
    rig.run_for(milliseconds{700});
    EXPECT_EQ(rig.programs().size(), 2U) << "after a panic once more";
    rig.set("bass/plays", 1.0);
    rig.run_for(milliseconds{700});
    EXPECT_EQ(rig.programs().size(), 2U) << "for the synth alone: there is none";
}

TEST(BandPlayer, MuteOffAndAnotherChannelEndWhatSoundsAtOnce) {
    for (const auto& [path, value] :
         {std::pair{"bass/mute", 1.0}, {"bass/plays", 0.0}, {"bass/channel", 5.0}, {"mute", 1.0}}) {
        BandRig rig;
        rig.begin_line();
        rig.send(rig.beat(0, {bass_at(0, kLow, 9600)}));
        rig.run_for(milliseconds{100});
        EXPECT_THAT(rig.of(note_off(kBassChannel, kLow)), IsEmpty());
        rig.set(path, value);
        rig.turn();
        EXPECT_EQ(rig.of(note_off(kBassChannel, kLow)).size(), 1U) << path;
        EXPECT_THAT(rig.faults_at_the_end(), IsEmpty()) << path;
    }
}

TEST(BandPlayer, StopEndsTheBandAndPlayGoesOnWhereItStood) {
    BandRig rig;
    rig.begin_line();
    rig.send(rig.beat(0, {bass_at(0, kLow, 9600), bass_at(480, kMiddle)}));
    rig.run_for(milliseconds{100});
    ASSERT_TRUE(rig.params.act(ActionId::stop));
    rig.run_for(seconds{3});
    EXPECT_EQ(rig.of(note_off(kBassChannel, kLow)).size(), 1U);
    EXPECT_THAT(rig.heard(kBassChannel, kMiddle), IsEmpty());
    ASSERT_TRUE(rig.params.act(ActionId::play));
    rig.run_for(seconds{1});
    EXPECT_EQ(rig.heard(kBassChannel, kMiddle).size(), 1U);
    EXPECT_EQ(rig.heard(kBassChannel, kLow).size(), 1U) << "what was played is not played again";
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(BandPlayer, ARestartForgetsTheBeatsThatWere) {
    BandRig rig;
    rig.begin_line();
    rig.send(rig.beat(0, {bass_at(0)}));
    rig.send(rig.beat(3, {bass_at(0, kHigh)}));
    rig.run_for(milliseconds{700});
    ASSERT_TRUE(rig.params.act(ActionId::restart));
    rig.index = 0;
    rig.begin_line();
    rig.send(rig.beat(0, {bass_at(0, kMiddle)}));
    rig.run_for(seconds{3});
    EXPECT_EQ(rig.heard(kBassChannel, kMiddle).size(), 2U) << "and once more a bar later";
    EXPECT_THAT(rig.heard(kBassChannel, kHigh), IsEmpty());
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(BandPlayer, ALineStepDoesNotEndTheBandsNotes) {
    BandRig rig;
    rig.begin_line();
    rig.send(rig.beat(0, {bass_at(0, kLow, 4 * 960)}));
    rig.run_for(milliseconds{1900});
    EXPECT_THAT(rig.of(note_off(kBassChannel, kLow)), IsEmpty());
    rig.run_for(milliseconds{200});
    EXPECT_EQ(rig.of(note_off(kBassChannel, kLow)).size(), 1U);
}

TEST(BandPlayer, TwoOnOneChannelNeitherDoubleNorHang) {
    BandRig rig;
    rig.set("bass/channel", 1.0);  // the line's
    rig.set("chords/channel", 1.0);
    rig.begin_line();  // kMiddle on each beat
    for (std::uint32_t beat = 0; beat < 8; ++beat)
        rig.send(rig.beat(beat, {bass_at(0, kMiddle, 700),
                                 {BandPart::chords, 1, kMiddle, kVelocity, 480, 0, 900}}));
    rig.run_for(seconds{5});
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(BandPlayer, AfterALongStallNoBurstIsHeard) {
    BandRig rig;
    rig.begin_line();
    for (std::uint32_t beat = 0; beat < 8; ++beat) rig.send(rig.beat(beat, {bass_at(0)}));
    rig.run_for(milliseconds{100});
    rig.time.sleep_until(rig.time.now() + seconds{2});
    rig.turn();
    EXPECT_LE(rig.heard(kBassChannel, kLow).size(), 2U);
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(BandPlayer, ToldIsWhatWasHeard) {
    BandRig rig;
    rig.begin_line();
    auto beat = rig.beat(0, {bass_at(480, kMiddle)});
    beat.revision = 77;
    rig.send(beat);
    rig.run_for(seconds{1});
    const auto told = std::ranges::find(rig.events, PlayedEvent::Kind::band, &PlayedEvent::kind);
    ASSERT_NE(told, rig.events.end());
    EXPECT_EQ(told->tick, Ticks{480});
    EXPECT_EQ(told->step.pitch, kMiddle);
    EXPECT_EQ(told->step.revision, 77U);
    EXPECT_EQ(told->due, rig.at(Ticks{480}));
}

}  // namespace
}  // namespace fusion::test
