#include "engine/realtime/midi_follower.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>
#include <vector>

namespace fusion {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint kBegin{seconds{1000}};

// A follower and a master that plays to it. Times are given in nanoseconds since kBegin.
class Rig {
public:
    void send(MidiMessage message, double at_ns) { follower.hear({message, time(at_ns)}); }
    void clock(double at_ns) { send({{0xF8}, 1}, at_ns); }
    void start(double at_ns) { send({{0xFA}, 1}, at_ns); }
    void go_on(double at_ns) { send({{0xFB}, 1}, at_ns); }
    void stop(double at_ns) { send({{0xFC}, 1}, at_ns); }
    void position(int sixteenths, double at_ns) {
        send({{0xF2, static_cast<std::uint8_t>(sixteenths & 0x7F),
               static_cast<std::uint8_t>(sixteenths >> 7)},
              3},
             at_ns);
    }
    // Clocks at a steady tempo. Returns when the clock after them would come.
    double clocks(int count, double period_ns, double from_ns) {
        for (int i = 0; i < count; ++i) clock(from_ns + i * period_ns);
        return from_ns + count * period_ns;
    }
    SyncReading read(double at_ns) { return follower.read(time(at_ns)); }
    // Milliseconds by which the song's place of `clock` lies behind `at_ns`.
    double late_ms(std::int64_t clock, double at_ns) {
        const auto placed = read(at_ns).song.time_at(kTicksPerClock * clock);
        return static_cast<double>((placed - time(at_ns)).count()) / 1e6;
    }
    static TimePoint time(double at_ns) { return kBegin + Nanos{std::llround(at_ns)}; }

    SpscQueue<TimedMessage> queue{256};
    MidiFollower follower{queue.consumer()};
};

double period_of(double bpm) { return 60e9 / bpm / 24; }
constexpr double kMs = 1e6;

class Jitter {
public:
    Jitter(double most_ms, std::uint64_t seed)
        : dice_{seed}, most_{-most_ms * kMs, most_ms * kMs} {}
    double next() { return most_(dice_); }
    bool lost(double share) { return std::bernoulli_distribution{share}(dice_); }

private:
    std::mt19937_64 dice_;
    std::uniform_real_distribution<double> most_;
};

double off_percent(const SyncReading& reading, double bpm) {
    return std::abs(reading.song.tempo().count() / bpm - 1) * 100;
}

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
    auto input = rig.queue.producer();
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(input.try_push({{{0xF8}, 1}, Rig::time(i * period_of(120))}));
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
    for (double bpm = 20; bpm <= 400; bpm *= 1.1) {
        Rig rig;
        const auto next = rig.clocks(48, period_of(bpm), 0);
        const auto reading = rig.read(next - period_of(bpm));
        EXPECT_EQ(reading.state, SyncState::locked) << bpm;
        EXPECT_LT(off_percent(reading, bpm), 0.001) << bpm;
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

TEST(MidiFollower, MalformedSongPositionsAreIgnoredAndCounted) {
    Rig rig;
    rig.stop(0);
    rig.position(10, 1);
    rig.send({{0xF2, 0x80, 0}, 3}, 2);
    rig.send({{0xF2, 0, 0xFF}, 3}, 3);
    rig.send({{0xF2, 1, 0}, 2}, 4);
    rig.send({{0xF2}, 1}, 5);
    rig.send({}, 6);
    EXPECT_EQ(rig.follower.position(), Ticks{2400});
    EXPECT_EQ(rig.follower.malformed(), 5U);
}

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
            MidiMessage message;
            message.bytes = {kBytes[dice() % std::size(kBytes)], static_cast<std::uint8_t>(dice()),
                             static_cast<std::uint8_t>(dice())};
            message.size = static_cast<std::uint8_t>(dice() % 4);
            rig.follower.hear({message, at});
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
