// Start, stop, continue and song position.
#include "tests/engine/realtime/follow/midi_follower_rig.hpp"

namespace fusion {
namespace {

using namespace follower;

TEST(MidiFollower, AStartWhileClocksRunIsPlacedAtTheNextClockAtOnce) {
    Rig rig;
    const auto period = period_of(120);
    rig.clocks(96, period, 0);  // the last at 95 periods
    const auto told = 95.5 * period;
    rig.start(told);
    auto reading = rig.read(told);
    EXPECT_TRUE(reading.has_transport);
    EXPECT_TRUE(reading.playing);
    EXPECT_TRUE(reading.knows_bars);
    EXPECT_EQ(reading.locates, 1U);
    EXPECT_EQ(reading.from, Ticks{0});
    EXPECT_NEAR(rig.late_ms(0, 96 * period), 0.0, 0.001);
    rig.clocks(24, period, 96 * period);
    EXPECT_NEAR(rig.late_ms(24, 120 * period), 0.0, 0.001);
    EXPECT_EQ(rig.read(120 * period).locates, 1U);
}

TEST(MidiFollower, AStartJustAfterAClockDoesNotCountThatClock) {
    for (const double after : {0.05, 1.0, 19.0}) {
        Rig rig;
        Jitter jitter{3, 11};
        const auto period = period_of(120);
        double last = 0;
        for (int i = 0; i < 192; ++i) rig.clock(last = i * period + jitter.next());
        rig.start(last + after * kMs);
        for (int i = 192; i < 240; ++i)
            rig.clock(std::max(last + (after + 0.1) * kMs, i * period + jitter.next()));
        EXPECT_LT(std::abs(rig.late_ms(48, 240 * period)), 1.5) << after;
    }
}

TEST(MidiFollower, AStartBeforeAnyClockIsToldWithItsFirstClock) {
    Rig rig;
    rig.start(0);
    auto reading = rig.read(10 * kMs);
    EXPECT_EQ(reading.state, SyncState::waiting);
    EXPECT_TRUE(reading.has_transport);
    EXPECT_FALSE(reading.playing);
    EXPECT_FALSE(reading.knows_bars);
    EXPECT_EQ(reading.locates, 0U);
    rig.clock(20 * kMs);
    reading = rig.read(20 * kMs);
    EXPECT_EQ(reading.state, SyncState::locking);
    EXPECT_TRUE(reading.playing);
    EXPECT_TRUE(reading.knows_bars);
    EXPECT_EQ(reading.locates, 1U);
    EXPECT_EQ(reading.song.time_at(reading.from), Rig::time(20 * kMs));
    rig.clocks(47, period_of(120), 20 * kMs + period_of(120));
    EXPECT_EQ(rig.read(1000 * kMs).state, SyncState::locked);
    EXPECT_NEAR(rig.late_ms(48, 20 * kMs + 48 * period_of(120)), 0.0, 0.001);
}

TEST(MidiFollower, AMasterThatBeginsItsClocksAnewWithTheStartIsFollowedFromItsFirstClock) {
    for (const double into : {0.1, 0.3, 0.5, 0.7, 0.9}) {
        Rig rig;
        const auto period = period_of(120);
        rig.clocks(96, period, 0);
        const auto begin = (95 + into) * period;
        rig.start(begin - 0.1 * kMs);
        rig.clock(begin);
        EXPECT_NEAR(rig.late_ms(0, begin), 0.0, 0.01) << into;
        rig.clocks(24, period, begin + period);
        EXPECT_NEAR(rig.late_ms(25, begin + 25 * period), 0.0, 0.3) << into;
        EXPECT_NEAR(rig.follower.tempo().count(), 120.0, 0.5) << into;
    }
}

TEST(MidiFollower, StopKeepsThePositionAndContinueGoesOnFromIt) {
    Rig rig;
    const auto period = period_of(120);
    rig.clocks(48, period, 0);
    rig.start(47.5 * period);
    rig.clocks(30, period, 48 * period);
    rig.stop(77.5 * period);
    EXPECT_FALSE(rig.read(77.5 * period).playing);
    EXPECT_EQ(rig.follower.position(), kTicksPerClock * 30);
    rig.clocks(20, period, 78 * period);
    EXPECT_EQ(rig.follower.position(), kTicksPerClock * 30);
    rig.go_on(97.5 * period);
    const auto reading = rig.read(97.5 * period);
    EXPECT_TRUE(reading.playing);
    EXPECT_EQ(reading.locates, 2U);
    EXPECT_EQ(reading.from, kTicksPerClock * 30);
    EXPECT_NEAR(rig.late_ms(30, 98 * period), 0.0, 0.001);
}

TEST(MidiFollower, WhileStoppedTempoIsFollowedAndThePositionStandsWithinAClock) {
    Rig rig;
    rig.start(0);
    const auto period = period_of(120);
    auto next = rig.clocks(30, period, kMs);
    rig.stop(next - period / 2);
    const auto faster = period_of(150);
    for (int i = 0; i < 96; ++i) rig.clock(next + i * faster);
    EXPECT_NEAR(rig.follower.tempo().count(), 150.0, 0.1);
    for (int i = 0; i < 50; ++i) {
        const auto at = next + (96 + i * 0.1 + 0.06) * faster;
        const auto tick = rig.read(at).song.tick_at(Rig::time(at));
        ASSERT_EQ(tick, kTicksPerClock * 30 + Ticks{i % 10 * 4 + 2}) << i;
    }
}

TEST(MidiFollower, EverySongPositionIsExact) {
    Rig rig;
    const auto period = period_of(120);
    auto next = rig.clocks(48, period, 0);
    for (int told = 0; told < 16384; ++told) {
        rig.stop(next - 0.8 * period);
        rig.position(told, next - 0.6 * period);
        ASSERT_EQ(rig.follower.position(), Ticks{240} * told);
        rig.go_on(next - 0.4 * period);
        const auto reading = rig.read(next - 0.4 * period);
        ASSERT_EQ(reading.from, Ticks{240} * told);
        ASSERT_EQ(reading.locates, static_cast<std::uint32_t>(told + 1));
        ASSERT_LT(std::abs((reading.song.time_at(reading.from) - Rig::time(next)).count()), 2000);
        rig.clock(next);
        next += period;
    }
}

TEST(MidiFollower, ASongPositionWhilePlayingIsForTheNextContinue) {
    Rig rig;
    const auto period = period_of(120);
    rig.start(-kMs);
    rig.clocks(48, period, 0);
    rig.position(100, 47.3 * period);
    EXPECT_NEAR(rig.late_ms(48, 48 * period), 0.0, 0.001);
    rig.stop(47.4 * period);
    rig.go_on(47.6 * period);
    EXPECT_EQ(rig.read(47.6 * period).from, Ticks{24000});
    rig.clock(48 * period);
    rig.position(8, 48.3 * period);
    rig.go_on(48.5 * period);  // a loop, without a stop
    EXPECT_EQ(rig.read(48.5 * period).from, Ticks{1920});
    EXPECT_EQ(rig.read(48.5 * period).locates, 3U);
    rig.clock(49 * period);
    rig.go_on(49.5 * period);  // it does go on
    EXPECT_EQ(rig.read(49.5 * period).locates, 3U);
}

TEST(MidiFollower, WhatSaysNothingOfTheBeatChangesNothing) {
    Rig rig;
    rig.stop(0);
    rig.position(10, 1);
    rig.send({}, 2);
    rig.send(note_on(Channel{0}, Pitch{60}, Velocity{1}), 3);
    rig.send(system_message(0xFE), 4);
    EXPECT_EQ(rig.follower.position(), Ticks{2400});
    EXPECT_FALSE(rig.read(5).playing);
}

}  // namespace
}  // namespace fusion
