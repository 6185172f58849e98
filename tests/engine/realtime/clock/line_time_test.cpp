#include "engine/realtime/clock/line_time.hpp"

#include <gtest/gtest.h>

#include "tests/support/scripted_sync.hpp"

namespace fusion::test {
namespace {

using namespace std::chrono_literals;
using State = Transport::State;

constexpr Bpm kOurs{60.0};  // a beat a second
constexpr Ticks kBar = kTicksPerBeat * 4;

class LineTimeTest : public testing::Test {
protected:
    std::optional<Ticks> follow(State state = State::running) {
        return line_.follow(SyncChoice::link, clock_.now(), clock_.now(), kBar, state);
    }
    void song_at(Ticks tick, Bpm tempo) { link_.place(tick, clock_.now(), tempo); }
    [[nodiscard]] Ticks here() const { return line_.tick_at(clock_.now()); }
    void pass(Nanos time) { clock_.sleep_until(clock_.now() + time); }

    SimulatedTime clock_;
    ScriptedSync link_;
    LineTime line_{{nullptr, nullptr, &link_}, clock_, kOurs};
};

TEST_F(LineTimeTest, ANewTempoGoesThroughThePlaceThatItIsAskedFor) {
    const auto begins = clock_.now();
    line_.set_tempo(Bpm{120.0}, begins + 2s);
    EXPECT_EQ(line_.time_at(beats(2)), begins + 2s);
    EXPECT_EQ(line_.time_at(beats(4)), begins + 3s);
    EXPECT_EQ(line_.tempo(), Bpm{120.0});
}

TEST_F(LineTimeTest, TheSameTempoAgainMovesNothing) {
    const auto before = line_.time_at(beats(1'000));
    pass(333'333ns);
    line_.set_tempo(kOurs, clock_.now());
    EXPECT_EQ(line_.time_at(beats(1'000)), before);
}

TEST_F(LineTimeTest, ASongThatLeadsHasItsOwnTempoAndOursWaitsUntilItIsGone) {
    song_at(here(), Bpm{90.0});
    ASSERT_TRUE(follow());
    line_.set_tempo(Bpm{200.0}, clock_.now());
    EXPECT_EQ(line_.tempo(), Bpm{90.0});
    pass(7s);
    const auto before = here();
    link_.reading.state = SyncState::waiting;
    EXPECT_FALSE(follow());
    EXPECT_EQ(line_.tempo(), Bpm{200.0});
    EXPECT_EQ(here(), before) << "and the grid does not jump";
}

TEST_F(LineTimeTest, ALineThatRunsWaitsForTheSameOfABarAndOneThatStandsForNothing) {
    link_.reading.knows_bars = true;
    pass(2500ms);
    song_at(beats(1), kOurs);
    EXPECT_FALSE(follow(State::stopped));
    LineTime running{{nullptr, nullptr, &link_}, clock_, kOurs};
    const auto at = running.tick_at(clock_.now() + 2500ms);
    pass(2500ms);
    const auto waits =
        running.follow(SyncChoice::link, clock_.now(), clock_.now(), kBar, State::running);
    ASSERT_EQ(waits, at);
    EXPECT_GT(running.time_at(at), clock_.now());
    const auto song = link_.reading.song.tick_at(running.time_at(at) + 1us);
    EXPECT_EQ((song - at).count() % kBar.count(), 0);
}

TEST_F(LineTimeTest, ASongThatKeepsItsPlaceIsFollowedWithoutAWait) {
    song_at(here(), kOurs);
    ASSERT_TRUE(follow());
    for (int i = 0; i < 100; ++i) {
        pass(10ms);
        ASSERT_FALSE(follow());
    }
    song_at(here() + beats(2), kOurs);
    EXPECT_TRUE(follow()) << "two beats away it has jumped";
}

TEST_F(LineTimeTest, ANudgeComesInTwentiethsOfTheTimeThatPassesAndIsDoneOnce) {
    const auto before = line_.time_at(beats(100));
    line_.nudge(10ms, 100ms, State::running);
    EXPECT_EQ(line_.time_at(beats(100)), before + 5ms);
    line_.nudge(10ms, 100ms, State::running);
    line_.nudge(10ms, 100ms, State::running);
    EXPECT_EQ(line_.time_at(beats(100)), before + 10ms);
}

TEST_F(LineTimeTest, ALineThatStandsIsNudgedAtOnce) {
    const auto before = line_.time_at(beats(100));
    line_.nudge(-30ms, 1ms, State::stopped);
    EXPECT_EQ(line_.time_at(beats(100)), before - 30ms);
}

TEST_F(LineTimeTest, ANudgeUponASongStaysWhileItIsFollowedAndIsNoJump) {
    song_at(here(), kOurs);
    ASSERT_TRUE(follow());
    const auto before = line_.time_at(beats(100));
    // Further in all than the half beat at which a song has jumped.
    for (int i = 0; i < 120; ++i) {
        line_.nudge(600ms, 100ms, State::running);
        ASSERT_FALSE(follow());
    }
    EXPECT_EQ(line_.time_at(beats(100)), before + 600ms);
}

TEST_F(LineTimeTest, WithoutASongItBeginsWhereAndWhenItIsToldTo) {
    const auto when = clock_.now() + 20ms;
    EXPECT_EQ(line_.begin_at(Ticks{1234}, kBar, when), Ticks{1234});
    EXPECT_EQ(line_.time_at(Ticks{1234}), when);
}

TEST_F(LineTimeTest, WithASongItBeginsNoEarlierThanThatAndInStep) {
    link_.reading.knows_bars = true;
    song_at(beats(2), kOurs);
    ASSERT_FALSE(follow(State::waiting));
    const auto when = clock_.now() + 20ms;
    const auto begin = line_.begin_at(Ticks{0}, kBar, when);
    EXPECT_GE(line_.time_at(begin), when);
    const auto song = link_.reading.song.tick_at(line_.time_at(begin) + 1us);
    EXPECT_EQ((song - begin).count() % kBar.count(), 0);
}

}  // namespace
}  // namespace fusion::test
