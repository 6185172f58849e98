// Tempo and place of a MIDI clock.
#include "tests/engine/realtime/follow/midi_follower_rig.hpp"

namespace fusion {
namespace {

using namespace follower;

TEST(MidiFollower, WaitsUntilAClockIsHeard) {
    Rig rig;
    const auto reading = rig.read(0);
    EXPECT_EQ(reading.state, SyncState::waiting);
    EXPECT_FALSE(reading.has_transport);
    EXPECT_FALSE(reading.playing);
    EXPECT_EQ(reading.locates, 0U);
}

TEST(MidiFollower, ClocksWithoutAStartCountFromTheFirstAndKnowNoBars) {
    Rig rig;
    const auto period = period_of(120);
    rig.clock(0);
    EXPECT_EQ(rig.read(0).state, SyncState::locking);
    EXPECT_EQ(rig.read(0).song.tick_at(Rig::time(0)), Ticks{0});
    const auto next = rig.clocks(47, period, period);
    const auto reading = rig.read(next);
    EXPECT_EQ(reading.state, SyncState::locked);
    EXPECT_FALSE(reading.has_transport);
    EXPECT_FALSE(reading.knows_bars);
    EXPECT_EQ(reading.locates, 0U);
    EXPECT_NEAR(reading.song.tempo().count(), 120.0, 0.001);
    EXPECT_NEAR(rig.late_ms(48, next), 0.0, 0.001);
}

TEST(MidiFollower, TakesItsClocksFromTheQueueAtMostSixtyFourATurn) {
    Rig rig;
    auto& input = rig.queue.in;
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(input.try_push({kMidiClock, Rig::time(i * period_of(120))}));
    static_cast<void>(rig.read(100 * period_of(120)));
    EXPECT_EQ(rig.follower.counts().clocks, 64U);
    static_cast<void>(rig.read(100 * period_of(120)));
    EXPECT_EQ(rig.follower.counts().clocks, 100U);
}

TEST(MidiFollower, LocksWithinTwoBeatsThroughThreeMillisecondsOfJitter) {
    for (const double bpm : {20.0, 60.0, 120.0, 240.0}) {
        // No line through 48 clocks knows more: ±3 ms leave 0.17% at 240, in one deviation.
        const auto within = bpm > 120 ? 1.0 : 0.5;
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            Rig rig;
            Jitter jitter{3, seed};
            const auto period = period_of(bpm);
            for (int i = 0; i < 16 * 24; ++i) {
                rig.clock(i * period + jitter.next());
                if (i < 47) continue;
                const auto reading = rig.read(i * period);
                ASSERT_EQ(reading.state, SyncState::locked) << bpm << " BPM, clock " << i;
                ASSERT_LT(off_percent(reading, bpm), within) << bpm << " BPM, clock " << i;
            }
        }
    }
}

TEST(MidiFollower, ASteadyTempoIsKnownToATenthOfAPercentThroughJitter) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        Rig rig;
        Jitter jitter{3, seed};
        const auto period = period_of(120);
        double worst = 0;
        double worst_ms = 0;
        for (int i = 0; i < 1000 * 24; ++i) {
            rig.clock(i * period + jitter.next());
            if (i < 16 * 24) continue;
            worst = std::max(worst, off_percent(rig.read(i * period), 120));
            worst_ms = std::max(worst_ms, std::abs(rig.late_ms(i, i * period)));
        }
        EXPECT_LT(worst, 0.1);
        EXPECT_LT(worst_ms, 1.5);
    }
}

TEST(MidiFollower, FollowsTempiFromTwentyToFourHundred) {
    double bpm = 20;
    while (bpm <= 400) {
        Rig rig;
        const auto next = rig.clocks(48, period_of(bpm), 0);
        const auto reading = rig.read(next - period_of(bpm));
        EXPECT_EQ(reading.state, SyncState::locked) << bpm;
        EXPECT_LT(off_percent(reading, bpm), 0.001) << bpm;
        bpm *= 1.1;
    }
}

TEST(MidiFollower, AtFourHundredThroughJitterOfHalfAPeriodKeepsTempoAndPlace) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Rig rig;
        Jitter jitter{3, seed};
        const auto period = period_of(400);
        double place = 0;  // while it locks, a clock more or less may be counted
        for (int i = 0; i < 1000 * 24; ++i) {
            rig.clock(i * period + jitter.next());
            if (i < 32 * 24) continue;
            ASSERT_LT(off_percent(rig.read(i * period), 400), 0.1) << seed << " clock " << i;
            const auto late = rig.late_ms(i, i * period);
            if (i == 32 * 24) place = std::round(late * kMs / period) * period / kMs;
            ASSERT_LT(std::abs(late - place), 1.5) << seed << " clock " << i;
        }
    }
}

// Clocks whose tempo is a function of the beat; `visit` is called after each.
void play(Rig& rig, const std::function<double(double)>& tempo, int beats, Jitter* jitter,
          const std::function<void(int, double, double)>& visit) {
    double due = 0;
    for (int i = 0; i < beats * 24; ++i) {
        rig.clock(due + (jitter != nullptr ? jitter->next() : 0.0));
        visit(i, due, tempo(i / 24.0));
        due += period_of(tempo((i + 0.5) / 24.0));
    }
}

double ramp(double beat) { return 100 + 60 * std::clamp((beat - 16) / 16, 0.0, 1.0); }

TEST(MidiFollower, FollowsARampWithinOneMillisecondWhereThereIsNoJitter) {
    Rig rig;
    double worst = 0;
    play(rig, ramp, 48, nullptr, [&](int clock, double due, double) {
        worst = std::max(worst, std::abs(rig.late_ms(clock, due)));
    });
    EXPECT_LT(worst, 1.0);
    EXPECT_NEAR(rig.follower.tempo().count(), 160.0, 0.01);
}

TEST(MidiFollower, FollowsARampThroughJitterWithoutLosingItsPlace) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Rig rig;
        Jitter jitter{3, seed};
        double sum = 0;
        double worst = 0;
        int count = 0;
        play(rig, ramp, 56, &jitter, [&](int clock, double due, double) {
            if (clock < 16 * 24) return;
            const auto late = std::abs(rig.late_ms(clock, due));
            worst = std::max(worst, late);
            sum += late;
            ++count;
        });
        EXPECT_LT(worst, 10.0) << seed;
        EXPECT_LT(sum / count, 2.0) << seed;
        EXPECT_NEAR(rig.follower.tempo().count(), 160.0, 0.5) << seed;
    }
}

TEST(MidiFollower, FollowsAStepOfTempoWithinABeatAndKeepsTheCount) {
    for (const double to : {90.0, 110.0, 126.0, 180.0, 240.0, 60.0}) {
        Rig rig;
        const auto tempo = [to](double beat) { return beat < 16 ? 120.0 : to; };
        play(rig, tempo, 24, nullptr, [&](int clock, double due, double bpm) {
            if (clock < 17 * 24) return;
            ASSERT_LT(off_percent(rig.read(due), bpm), 0.2) << to << " clock " << clock;
            ASSERT_LT(std::abs(rig.late_ms(clock, due)), 0.5) << to << " clock " << clock;
        });
    }
}

TEST(MidiFollower, FollowsAStepOfTempoThroughJitterWithinTwoBeats) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        Rig rig;
        Jitter jitter{3, seed};
        const auto tempo = [](double beat) { return beat < 16 ? 120.0 : 90.0; };
        play(rig, tempo, 32, &jitter, [&](int clock, double due, double bpm) {
            if (clock < 18 * 24) return;
            ASSERT_LT(off_percent(rig.read(due), bpm), 1.0) << seed << " clock " << clock;
            ASSERT_LT(std::abs(rig.late_ms(clock, due)), 3.0) << seed << " clock " << clock;
        });
    }
}

TEST(MidiFollower, ThePositionIsExactThroughAThousandBeatsOfJitterAndLoss) {
    for (const double bpm : {60.0, 120.0, 200.0}) {
        Rig rig;
        Jitter jitter{3, 7};
        const auto period = period_of(bpm);
        std::uint64_t lost = 0;
        rig.start(-period);
        for (int i = 0; i < 1000 * 24; ++i) {
            const auto at = i * period + jitter.next();
            if (i > 0 && jitter.lost(0.01)) {
                ++lost;
                continue;
            }
            rig.clock(at);
            if (i < 24) continue;
            // To the clock: less than half a period off.
            ASSERT_LT(std::abs(rig.late_ms(i, i * period)), period / 2 / kMs)
                << bpm << " BPM, clock " << i;
        }
        EXPECT_NEAR(rig.late_ms(24000, 24000 * period), 0.0, 1.0);
        EXPECT_EQ(rig.follower.counts().lost, lost);
        EXPECT_EQ(rig.read(0).locates, 1U);
    }
}

TEST(MidiFollower, AClockLostAmongTheFirstIsFoundOut) {
    for (int gone = 1; gone < 10; ++gone) {
        Rig rig;
        Jitter jitter{2, static_cast<std::uint64_t>(gone)};
        const auto period = period_of(120);
        for (int i = 0; i < 24; ++i)
            if (i != gone) rig.clock(i * period + jitter.next());
        EXPECT_LT(std::abs(rig.late_ms(24, 24 * period)), 3.0) << gone;
        EXPECT_EQ(rig.follower.counts().lost, 1U) << gone;
    }
}

TEST(MidiFollower, ALostHalfBeatDoesNotShiftThePosition) {
    Rig rig;
    const auto period = period_of(120);
    rig.clocks(96, period, 0);
    EXPECT_EQ(rig.read(95 * period + 200 * kMs).state, SyncState::freewheeling);
    rig.clocks(24, period, 108 * period);
    EXPECT_EQ(rig.read(131 * period).state, SyncState::locked);
    EXPECT_NEAR(rig.late_ms(132, 132 * period), 0.0, 0.001);
    EXPECT_EQ(rig.follower.counts().lost, 12U);
}

TEST(MidiFollower, DoubledClocksAreCountedOnce) {
    Rig rig;
    const auto period = period_of(120);
    for (int i = 0; i < 240; ++i) {
        rig.clock(i * period);
        if (i >= 24 && i % 7 == 0) rig.clock(i * period + 0.3 * kMs);
    }
    EXPECT_NEAR(rig.late_ms(240, 240 * period), 0.0, 0.1);
    EXPECT_EQ(rig.follower.counts().doubled, 31U);
    EXPECT_NEAR(rig.follower.tempo().count(), 120.0, 0.01);
}

TEST(MidiFollower, AClockFifteenMillisecondsLateUpsetsNothing) {
    for (const double usual : {0.0, 3.0}) {
        Rig rig;
        Jitter jitter{usual, 3};
        const auto period = period_of(120);
        for (int i = 0; i < 960; ++i) {
            const auto late = i >= 200 && i % 100 == 0;
            rig.clock(i * period + (late ? 15 * kMs : jitter.next()));
            if (i < 200) continue;
            ASSERT_LT(off_percent(rig.read(i * period), 120), 0.15) << "clock " << i;
            ASSERT_LT(std::abs(rig.late_ms(i, i * period)), 1.2) << "clock " << i;
        }
        EXPECT_EQ(rig.follower.counts().moves, 0U);
    }
}

TEST(MidiFollower, SixClocksThatDisagreeMoveTheLineAndKeepTheCount) {
    Rig rig;
    const auto period = period_of(120);
    rig.clocks(192, period, 0);
    const auto shift = 8 * kMs;
    rig.clocks(8, period, 192 * period + shift);
    EXPECT_EQ(rig.follower.counts().moves, 1U);
    EXPECT_EQ(rig.read(200 * period).state, SyncState::locked);
    EXPECT_NEAR(rig.late_ms(200, 200 * period + shift), 0.0, 0.2);
    EXPECT_EQ(rig.follower.counts().lost, 0U);
}

}  // namespace
}  // namespace fusion
