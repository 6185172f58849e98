// The line in step with somebody else: where it is laid upon the song, and what it does when the
// song moves. The outside is played by the test; the clock runs under simulated time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/engine_rig.hpp"
#include "tests/support/scripted_sync.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::IsEmpty;

constexpr Ticks kBar = kTicksPerBeat * 4;

class Follow : public testing::Test {
protected:
    static RigOptions options(ScriptedSync& midi, ScriptedSync& link) {
        RigOptions made;
        made.lead = milliseconds{4};
        made.sync = {nullptr, &midi, &link};
        return made;
    }
    void choose(SyncChoice choice) {
        ASSERT_TRUE(rig.params.set(ParamId::sync, static_cast<double>(choice)));
    }
    // The played steps that are due at or after `from`.
    std::vector<PlayedEvent> steps_since(TimePoint from) {
        std::vector<PlayedEvent> steps;
        for (const auto& event : rig.played())
            if (event.kind == PlayedEvent::Kind::step && event.due >= from) steps.push_back(event);
        return steps;
    }
    std::vector<PlayedEvent> beats_since(TimePoint from) {
        std::vector<PlayedEvent> found;
        for (const auto& event : rig.played())
            if (event.kind == PlayedEvent::Kind::beat && event.due >= from) found.push_back(event);
        return found;
    }

    ScriptedSync midi;
    ScriptedSync link;
    EngineRig rig{options(midi, link)};
};

TEST_F(Follow, WithoutABeatToFollowOurOwnTempoGoesOn) {
    choose(SyncChoice::midi);
    rig.run_for(seconds{5});
    EXPECT_GT(rig.line().size(), 5U);
    EXPECT_EQ(rig.meters.sync_state.load(), SyncState::waiting);
    EXPECT_EQ(rig.meters.tempo.load(), 120.0);
}

TEST_F(Follow, TheLineStandsOnTheSongsBarsAndGoesAtItsTempo) {
    const auto song_begins = rig.time.now() + milliseconds{137};
    link.reading.knows_bars = true;
    link.place(Ticks{0}, song_begins, Bpm{93.7});
    choose(SyncChoice::link);
    rig.run_for(seconds{30});
    EXPECT_EQ(rig.meters.sync_state.load(), SyncState::locked);
    EXPECT_DOUBLE_EQ(rig.meters.tempo.load(), 93.7);
    const auto beats_heard = beats_since(rig.time.now() - seconds{20});
    ASSERT_GT(beats_heard.size(), 25U);
    for (const auto& beat : beats_heard) {
        const auto song = link.reading.song.tick_at(beat.due + Nanos{1000});
        EXPECT_EQ((song - beat.tick).count() % kBar.count(), 0) << "bar upon bar";
    }
    rig.finish();
    EXPECT_THAT(faults_of_line(rig.line()), IsEmpty());
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
}

TEST_F(Follow, AStartPlaysTheNextNoteAtTheSongsBeginningToTheNanosecond) {
    midi.place(Ticks{0}, rig.time.now(), Bpm{120.0});
    midi.reading.has_transport = true;
    choose(SyncChoice::midi);
    rig.run_for(seconds{2});
    EXPECT_THAT(rig.line(), IsEmpty()) << "the outside has not said start";
    const auto when = rig.time.now() + milliseconds{20};
    midi.begin(Ticks{0}, when);
    rig.run_for(seconds{10});
    const auto steps = steps_since(TimePoint{});
    ASSERT_FALSE(steps.empty());
    EXPECT_EQ(steps[0].due, when);
    EXPECT_LE(
        std::abs(rig.meters.song_ticks.load() - midi.reading.song.tick_at(rig.time.now()).count()),
        3)
        << "as of the last turn, up to a millisecond ago";
}

TEST_F(Follow, StopSilencesAndContinueGoesOnAtTheSongPositionItNames) {
    midi.place(Ticks{0}, rig.time.now(), Bpm{120.0});
    choose(SyncChoice::midi);
    midi.begin(Ticks{0}, rig.time.now() + milliseconds{20});
    rig.run_for(seconds{7});
    midi.stop();
    rig.run_for(milliseconds{50});
    EXPECT_EQ(rig.core.output().sounding(), 0U);
    const auto line_before = rig.line().size();
    rig.run_for(seconds{3});
    EXPECT_EQ(rig.line().size(), line_before);

    const Ticks position{240 * 77};  // a sixteenth in the middle of a bar
    const auto when = rig.time.now() + milliseconds{30};
    midi.begin(position, when);
    rig.run_for(seconds{6});
    const auto after = steps_since(when - milliseconds{1});
    ASSERT_FALSE(after.empty());
    EXPECT_EQ(after[0].due, when) << "the line moves on to where the song is, and plays there";
    EXPECT_EQ((after[0].tick - position).count() % kBar.count(), 0) << "at the same place in a bar";
    EXPECT_LE(
        std::abs(rig.meters.song_ticks.load() - midi.reading.song.tick_at(rig.time.now()).count()),
        3)
        << "as of the last turn, up to a millisecond ago";
    rig.finish();
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
}

TEST_F(Follow, ContinueWithoutAPositionGoesOnWhereItStopped) {
    midi.place(Ticks{0}, rig.time.now(), Bpm{120.0});
    choose(SyncChoice::midi);
    midi.begin(Ticks{0}, rig.time.now() + milliseconds{20});
    rig.run_for(seconds{7});
    const auto stopped_at = midi.reading.song.tick_at(rig.time.now());
    midi.stop();
    rig.run_for(seconds{1});
    const auto before = rig.line().back();
    midi.begin(Ticks{stopped_at.count() / 40 * 40}, rig.time.now() + milliseconds{21});
    rig.run_for(seconds{3});
    const auto line = rig.line();
    const auto next = std::find_if(line.begin(), line.end(),
                                   [&](const Step& s) { return s.index == before.index + 1; });
    ASSERT_NE(next, line.end());
    EXPECT_EQ(next->start, before.end());
}

TEST_F(Follow, ASmallShiftOfTheSongIsFollowedAndAJumpIsWaitedOut) {
    link.reading.knows_bars = true;
    link.place(Ticks{0}, rig.time.now(), Bpm{120.0});
    choose(SyncChoice::link);
    rig.run_for(seconds{10});
    const auto underruns = rig.meters.underruns.load();
    link.reading.song = link.reading.song.delayed(milliseconds{9});
    rig.run_for(seconds{10});
    for (const auto& beat : beats_since(rig.time.now() - seconds{8}))
        EXPECT_EQ((link.reading.song.tick_at(beat.due) - beat.tick).count() % kBar.count(), 0);

    link.reading.song = link.reading.song.renumbered(Ticks{1234});  // somebody else's session
    rig.run_for(milliseconds{10});
    EXPECT_EQ(rig.core.output().sounding(), 0U) << "no note is held through the wait";
    rig.run_for(seconds{10});
    for (const auto& beat : beats_since(rig.time.now() - seconds{7}))
        EXPECT_EQ((link.reading.song.tick_at(beat.due) - beat.tick).count() % kBar.count(), 0);
    EXPECT_EQ(rig.meters.underruns.load(), underruns);
    rig.finish();
    EXPECT_THAT(faults_of_line(rig.line()), IsEmpty());
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
}

TEST_F(Follow, BackToInternalTheGridGoesOnFromWhereItIs) {
    link.reading.knows_bars = true;
    link.place(Ticks{0}, rig.time.now(), Bpm{100.0});
    choose(SyncChoice::link);
    rig.run_for(seconds{10});
    choose(SyncChoice::internal);
    const auto at = rig.time.now();
    rig.run_for(seconds{5});
    const auto heard = beats_since(at + milliseconds{4});
    ASSERT_GT(heard.size(), 5U);
    for (std::size_t i = 1; i < heard.size(); ++i)
        EXPECT_NEAR(static_cast<double>((heard[i].due - heard[i - 1].due).count()), 5e8, 2.0);
    EXPECT_THAT(faults_of_line(rig.line()), IsEmpty());
}

TEST_F(Follow, TempoOfTheParameterHasNoEffectWhileTheSongLeads) {
    link.reading.knows_bars = true;
    link.place(Ticks{0}, rig.time.now(), Bpm{100.0});
    choose(SyncChoice::link);
    rig.run_for(seconds{5});
    ASSERT_TRUE(rig.params.set(ParamId::tempo, 200.0));
    rig.run_for(seconds{5});
    EXPECT_EQ(rig.meters.tempo.load(), 100.0);
}

TEST_F(Follow, AChangeOfSourceInTheMiddleOfEverythingLosesNoNoteOff) {
    midi.place(Ticks{0}, rig.time.now(), Bpm{110.0});
    link.place(Ticks{0}, rig.time.now() + milliseconds{311}, Bpm{87.0});
    link.reading.knows_bars = true;
    for (const auto& genre : rig.params.genres()) rig.params.set("part/" + genre, 1.0).value();
    rig.params.set(ParamId::humanise, 1.0).value();
    for (int i = 0; i < 200; ++i) {
        choose(static_cast<SyncChoice>(i % 3));
        if (i % 7 == 0)
            midi.begin(Ticks{240 * (i * 37 % 16384)}, rig.time.now() + milliseconds{i % 40});
        if (i % 11 == 0) midi.stop();
        if (i % 13 == 0) rig.params.act(ActionId::restart);
        if (i % 17 == 0) midi.reading.state = SyncState::waiting;
        if (i % 19 == 0) midi.reading.state = SyncState::freewheeling;
        rig.run_for(milliseconds{50 + i * 13 % 900});
    }
    midi.reading.state = SyncState::locked;
    choose(SyncChoice::internal);
    rig.run_for(seconds{5});
    rig.finish();
    EXPECT_GT(rig.line().size(), 50U);
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
}

}  // namespace
}  // namespace fusion::test
