// What the clock does with transport, tempo, panic, a slow machine and a sink that refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/engine_rig.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::IsEmpty;

constexpr Nanos kTickSlack{600'000};  // one tick at 120 BPM is 521 µs

bool note_sounds(EngineRig& rig) { return rig.core.output().sounding() > 0; }

TEST(ClockCore, HandsEveryMessageOverExactlyAtItsDeadline) {
    EngineRig rig;
    rig.run_for(seconds{20});
    EXPECT_EQ(rig.meters.lateness.max(), Micros{0});
    EXPECT_GT(rig.meters.lateness.count(), 50U);
}

TEST(ClockCore, GivesASinkItsLead) {
    EngineRig rig{{.lead = milliseconds{20}}};
    std::size_t wrong = 0;
    rig.sink.refuse_when([&](const TimedMessage& message) {
        if (message.deadline - rig.time.now() != Nanos{milliseconds{20}}) ++wrong;
        return false;
    });
    rig.run_for(seconds{20});
    EXPECT_GT(rig.sink.messages().size(), 50U);
    EXPECT_EQ(wrong, 0U);
    EXPECT_EQ(rig.meters.lateness.max(), Micros{0});
}

TEST(ClockCore, ATempoChangeKeepsTheGrid) {
    EngineRig rig;
    rig.neural.use_one_duration(Cells{12});
    ASSERT_TRUE(rig.run_until([&] { return rig.line().size() == 5; }));
    const auto at_change = rig.time.now();
    ASSERT_TRUE(rig.params.set(ParamId::tempo, 60.0));
    rig.run_for(seconds{10});
    std::vector<TimePoint> due;
    for (const auto& event : rig.played())
        if (event.kind == PlayedEvent::Kind::step) due.push_back(event.due);
    ASSERT_GT(due.size(), 12U);
    for (std::size_t i = 1; i < 5; ++i) EXPECT_EQ(due[i] - due[i - 1], Nanos{milliseconds{500}});
    // One beat that began at the old tempo and ends at the new one: the share of it that was gone
    // took the old time, the rest takes the new.
    const auto gone = at_change - due[4];
    const auto expected = gone + 2 * (Nanos{milliseconds{500}} - gone);
    EXPECT_LE(std::chrono::abs(due[5] - due[4] - expected), 2 * kTickSlack);
    for (std::size_t i = 6; i < due.size(); ++i)
        EXPECT_LE(std::chrono::abs(due[i] - due[i - 1] - Nanos{seconds{1}}), Nanos{1});
}

TEST(ClockCore, AThousandTempoChangesDoNotMoveTheLineAgainstTheBeat) {
    EngineRig rig;
    for (int i = 0; i < 1000; ++i) {
        rig.params.set(ParamId::tempo, 60.0 + i % 120).value();
        rig.run_for(milliseconds{13});
    }
    for (const auto& event : rig.played()) {
        if (event.kind != PlayedEvent::Kind::beat) continue;
        EXPECT_EQ(event.tick.count() % kTicksPerBeat.count(), 0);
    }
    EXPECT_THAT(faults_of_line(rig.line()), IsEmpty());
}

TEST(ClockCore, StopEndsEveryNoteAtOnceAndPlayGoesOnWhereItStopped) {
    EngineRig rig;
    ASSERT_TRUE(rig.run_until([&] { return rig.line().size() > 6 && note_sounds(rig); }));
    rig.params.act(ActionId::stop);
    const auto asked = rig.time.now();
    rig.clock_turn();
    EXPECT_FALSE(note_sounds(rig));
    EXPECT_EQ(rig.sink.messages().back().deadline, asked);
    const auto stopped_at = rig.meters.play_head_ticks.load();
    const auto sent = rig.sink.messages().size();
    rig.run_for(seconds{30});
    EXPECT_EQ(rig.sink.messages().size(), sent) << "a stopped transport is silent";
    EXPECT_EQ(rig.meters.play_head_ticks.load(), stopped_at);

    rig.params.act(ActionId::play);
    rig.clock_turn();
    ASSERT_EQ(rig.played().back().kind, PlayedEvent::Kind::started);
    EXPECT_EQ(rig.played().back().tick.count(), stopped_at);
    rig.run_for(seconds{5});
    rig.finish();
    EXPECT_THAT(faults_of_line(rig.line()), IsEmpty());
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
    EXPECT_EQ(rig.meters.underruns.load(), 0U);
}

TEST(ClockCore, ATransportThatStandsStillWaitsForPlay) {
    EngineRig rig;
    rig.params.act(ActionId::stop);
    rig.run_for(seconds{3});
    EXPECT_THAT(rig.sink.notes_on(), IsEmpty());
    EXPECT_TRUE(rig.meters.ready.load()) << "the first note is ready all the same";
    rig.params.act(ActionId::play);
    rig.run_for(seconds{3});
    EXPECT_THAT(rig.sink.notes_on(), testing::Not(IsEmpty()));
    EXPECT_EQ(rig.line().front().start, Ticks{0});
}

TEST(ClockCore, PanicEndsEachNoteThenClearsEveryUsedChannel) {
    EngineRig rig;
    rig.params.set(ParamId::channel, 3).value();
    ASSERT_TRUE(rig.run_until([&] { return rig.line().size() > 3 && note_sounds(rig); }));
    const auto sounding = rig.sink.notes_on().back().message;
    const auto sent = rig.sink.messages().size();
    rig.params.act(ActionId::panic);
    rig.clock_turn();
    const auto& all = rig.sink.messages();
    ASSERT_EQ(all.size(), sent + 4);
    EXPECT_EQ(all[sent].message, note_off(Channel{2}, sounding.pitch()));
    EXPECT_EQ(all[sent + 1].message, control_change(Channel{2}, 64, 0));
    EXPECT_EQ(all[sent + 2].message, control_change(Channel{2}, 123, 0));
    EXPECT_EQ(all[sent + 3].message, control_change(Channel{2}, 120, 0));
    const auto before = rig.line().size();
    rig.run_for(seconds{3});
    EXPECT_GT(rig.line().size(), before) << "the line goes on";
    EXPECT_EQ(rig.count(PlayedEvent::Kind::panicked), 1U);
}

TEST(ClockCore, ANoteEndsOnTheChannelOnWhichItBegan) {
    EngineRig rig;
    for (int i = 0; i < 200; ++i) {
        rig.params.set(ParamId::channel, 1 + i % 16).value();
        rig.run_for(milliseconds{77});
    }
    rig.finish();
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
}

TEST(ClockCore, AfterALongStallNoNotesBurstOutAndTheGridGoesOn) {
    EngineRig rig;
    ASSERT_TRUE(rig.run_until([&] { return rig.line().size() > 6 && note_sounds(rig); }));
    const auto sent = rig.sink.notes_on().size();
    rig.time.sleep_until(rig.time.now() + seconds{600});
    rig.clock_turn();
    EXPECT_FALSE(note_sounds(rig)) << "the note that sounded has its note-off";
    EXPECT_LE(rig.sink.notes_on().size(), sent + 1);
    EXPECT_LE(rig.count(PlayedEvent::Kind::beat), 40U) << "1200 beats are not told one by one";
    EXPECT_GT(rig.meters.late_steps.load(), 3U);
    rig.run_for(seconds{5});
    EXPECT_GT(rig.sink.notes_on().size(), sent + 2) << "the line is back";
    rig.finish();
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
}

TEST(ClockCore, ARefusedNoteOffIsOfferedUntilTheSinkTakesIt) {
    EngineRig rig;
    rig.run_for(seconds{2});
    bool full = true;
    rig.sink.refuse_when([&](const TimedMessage&) { return full; });
    rig.run_for(seconds{1});
    EXPECT_GT(rig.meters.sink_refused.load(), 0U);
    full = false;
    rig.run_for(seconds{3});
    EXPECT_EQ(rig.core.output().owed(), 0U);
    rig.finish();
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
}

TEST(ClockCore, CountsTheTimeFromAChangeToTheStepThatObeysIt) {
    EngineRig rig;
    rig.neural.use_one_duration(Cells{12});
    ASSERT_TRUE(rig.run_until([&] { return rig.line().size() == 3; }));
    rig.run_for(milliseconds{100});
    rig.params.set_weight(0, 2.0).value();
    const auto changed = rig.time.now();
    ASSERT_TRUE(rig.run_until([&] { return rig.line().size() == 4; }));
    ASSERT_EQ(rig.meters.change_to_commit.count(), 1U);
    const auto took = rig.played().back().due - changed;
    EXPECT_EQ(rig.meters.change_to_commit.max(), std::chrono::duration_cast<Micros>(took));
}

}  // namespace
}  // namespace fusion::test
