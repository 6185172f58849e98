// A clock that falls silent, and what is no clock at all.
#include "tests/engine/realtime/follow/midi_follower_rig.hpp"

namespace fusion {
namespace {

using namespace follower;

TEST(MidiFollower, ADeadClockFreewheelsAndTheCountGoesOnWhenItReturns) {
    Rig rig;
    const auto period = period_of(120);
    rig.start(-kMs);
    rig.clocks(96, period, 0);
    EXPECT_EQ(rig.read(95 * period + 100 * kMs).state, SyncState::locked);
    for (const double beats : {5.0, 100.0}) {
        const auto reading = rig.read(beats * 24 * period);
        EXPECT_EQ(reading.state, SyncState::freewheeling);
        EXPECT_TRUE(reading.playing);
        EXPECT_NEAR(rig.late_ms(std::llround(beats * 24), beats * 24 * period), 0.0, 0.01);
    }
    // It returns a third of a clock off: the nearest clock is meant, and its phase is the new one.
    const auto back = (2400 + 0.3) * period;
    rig.clock(back);
    EXPECT_NEAR(rig.late_ms(2400, back), 0.0, 0.001);
    rig.clocks(23, period, back + period);
    EXPECT_EQ(rig.read(back + 23 * period).state, SyncState::locked);
    EXPECT_NEAR(rig.late_ms(2424, back + 24 * period), 0.0, 0.1);
    EXPECT_EQ(rig.read(back).locates, 1U);
}

TEST(MidiFollower, AReturnAtAnotherTempoIsLockedToWithinABeat) {
    Rig rig;
    rig.start(-kMs);
    rig.clocks(96, period_of(120), 0);
    const auto back = 400 * period_of(120);
    const auto next = rig.clocks(24, period_of(97), back);
    EXPECT_EQ(rig.read(next).state, SyncState::locked);
    EXPECT_NEAR(rig.follower.tempo().count(), 97.0, 0.1);
    EXPECT_NEAR(rig.late_ms(424, next), 0.0, 0.5);
}

TEST(MidiFollower, AStopWhileFreewheelingStopsWhereTheSongHadCome) {
    Rig rig;
    const auto period = period_of(120);
    rig.start(-kMs);
    rig.clocks(96, period, 0);
    rig.stop(120.2 * period);
    const auto reading = rig.read(120.2 * period);
    EXPECT_FALSE(reading.playing);
    EXPECT_NE(reading.state, SyncState::freewheeling);
    EXPECT_EQ(rig.follower.position(), kTicksPerClock * 120);
}

TEST(MidiFollower, StoppedAndSilentForTwoSecondsItWaits) {
    Rig rig;
    const auto period = period_of(120);
    rig.start(-kMs);
    const auto next = rig.clocks(96, period, 0);
    rig.stop(next);
    EXPECT_EQ(rig.read(next + 1900 * kMs).state, SyncState::locked);
    EXPECT_EQ(rig.read(next + 2100 * kMs).state, SyncState::waiting);
    // A start is then told with its first clock, and the tempo is still known.
    rig.start(next + 5000 * kMs);
    EXPECT_EQ(rig.read(next + 5000 * kMs).locates, 1U);
    rig.clock(next + 5003 * kMs);
    const auto reading = rig.read(next + 5003 * kMs);
    EXPECT_EQ(reading.locates, 2U);
    EXPECT_EQ(reading.state, SyncState::locking);
    EXPECT_EQ(reading.song.time_at(Ticks{0}), Rig::time(next + 5003 * kMs));
    EXPECT_NEAR(reading.song.tempo().count(), 120.0, 0.01);
}

TEST(MidiFollower, AbsurdClocksAreNotFollowed) {
    for (const double period_ms : {1.0, 3.0, 3.8, 310.0, 1000.0, 5000.0}) {
        Rig rig;
        for (int i = 0; i < 200; ++i) {
            rig.clock(i * period_ms * kMs);
            const auto state = rig.read(i * period_ms * kMs).state;
            ASSERT_TRUE(state == SyncState::locking || state == SyncState::waiting)
                << period_ms << " ms, clock " << i;
        }
        EXPECT_GT(rig.follower.counts().absurd, 0U) << period_ms;
    }
}

TEST(MidiFollower, StampsThatRepeatOrGoBackAreIgnoredAndCounted) {
    Rig rig;
    const auto period = period_of(120);
    rig.clocks(96, period, 0);
    rig.clock(95 * period);
    rig.clock(90 * period);
    rig.clock(-1000 * period);
    EXPECT_EQ(rig.follower.counts().misordered, 3U);
    rig.clocks(4, period, 96 * period);
    EXPECT_NEAR(rig.late_ms(100, 100 * period), 0.0, 0.001);
    EXPECT_EQ(rig.read(99 * period).state, SyncState::locked);
}

TEST(MidiFollower, OneStampFromAheadDoesNotSilenceItForEver) {
    Rig rig;
    const auto period = period_of(120);
    rig.clocks(96, period, 0);
    rig.clock(1e15);
    const auto next = rig.clocks(80, period, 96 * period);
    EXPECT_EQ(rig.read(next - period).state, SyncState::locked);
    EXPECT_NEAR(rig.follower.tempo().count(), 120.0, 0.01);
}

TEST(MidiFollower, GarbageNeverMakesAnAbsurdTempo) {
    std::mt19937_64 dice{5};
    constexpr std::uint8_t kBytes[] = {0xF8, 0xF8, 0xF8, 0xF8, 0xFA, 0xFB, 0xFC, 0xF2, 0xFE, 0x90};
    for (int round = 0; round < 200; ++round) {
        Rig rig;
        auto at = kBegin;
        const auto scale = std::int64_t{1} << (dice() % 62);
        for (int i = 0; i < 2000; ++i) {
            const auto kind = dice() % 1000;
            if (kind == 0) at = TimePoint{Nanos{static_cast<std::int64_t>(dice())}};
            if (kind == 1) at = TimePoint::max();
            if (kind == 2) at = TimePoint::min();
            const auto room = TimePoint::max() - std::max(at, TimePoint{});
            at += std::min(
                Nanos{static_cast<std::int64_t>(dice() % static_cast<std::uint64_t>(scale))},
                Nanos{room});
            const std::array<std::uint8_t, 3> bytes{kBytes[dice() % std::size(kBytes)],
                                                    static_cast<std::uint8_t>(dice() % 128),
                                                    static_cast<std::uint8_t>(dice() % 128)};
            const auto message = MidiMessage::from(std::span{bytes}.first(midi_length(bytes[0])));
            rig.follower.hear({message.value(), at});
            const auto tempo = rig.read(0).song.tempo().count();
            ASSERT_TRUE(std::isfinite(tempo));
            ASSERT_GE(tempo, 10.0 - 1e-9);
            ASSERT_LE(tempo, 625.0 + 1e-9);
            ASSERT_TRUE(std::isfinite(rig.follower.jitter().count()));
        }
    }
}

}  // namespace
}  // namespace fusion
