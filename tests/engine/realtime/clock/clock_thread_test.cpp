// The loop of the clock thread under a time that passes only as the loop asks for it, so that what
// a sleep costs is a number of the test; and what the kernel granted, as it is told.
#include "engine/realtime/clock/clock_thread.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <optional>
#include <thread>

#include "tests/support/clock_stage.hpp"
#include "tests/support/scripted_generator.hpp"

namespace fusion::test {
namespace {

using namespace std::chrono_literals;

// Sleeps end late by `overshoot`, and looking at the clock takes a tenth of a microsecond.
class StubbornTime final : public TimeSource {
public:
    explicit StubbornTime(Nanos overshoot) : overshoot_{overshoot} {}

    [[nodiscard]] TimePoint now() const noexcept override {
        return TimePoint{Nanos{now_ns_.fetch_add(100) + 100}};
    }
    // The clock thread alone sleeps here.
    void sleep_until(TimePoint deadline) noexcept override {
        const auto wanted = Nanos{deadline.time_since_epoch()}.count();
        if (wanted <= now_ns_.load()) ++sleeps_into_the_past;
        auto wakes = wanted + overshoot_.count();
        if (++sleeps == stall_at.load()) wakes += Nanos{5s}.count();
        now_ns_.store(std::max(wakes, now_ns_.load()));
    }

    std::atomic<std::uint64_t> sleeps{0};
    std::atomic<std::uint64_t> sleeps_into_the_past{0};
    std::atomic<std::uint64_t> stall_at{0};  // this sleep ends five seconds late

private:
    Nanos overshoot_;
    mutable std::atomic<std::int64_t> now_ns_{1'000'000'000};
};

// Keeps how late each message came. Read after the clock has stopped.
class LatenessSink final : public MidiSink {
public:
    explicit LatenessSink(const TimeSource& time) : time_{time} { late_.reserve(10'000); }

    [[nodiscard]] bool send(const TimedMessage& message) noexcept override {
        if (message.message.is_note_on() || message.message.is_note_off())
            late_.push_back({message, time_.now() - message.deadline});
        sent.fetch_add(1);
        return true;
    }
    [[nodiscard]] Nanos lead() const noexcept override { return Nanos{0}; }

    struct Late {
        TimedMessage message;
        Nanos by;
    };
    [[nodiscard]] const std::vector<Late>& late() const { return late_; }
    std::atomic<std::uint64_t> sent{0};

private:
    const TimeSource& time_;
    std::vector<Late> late_;
};

// A clock with sixteen steps to play and nobody to make more: it plays them, then the last bar once
// more, then nothing.
struct Bench {
    explicit Bench(Nanos overshoot) : time{overshoot} {
        params.set(ParamId::gate, 0.5).value();
        generator.use_one_duration(Cells{6});
    }

    // Its line is made and lies in the queue before the thread starts.
    void play(ClockThread::Options options, std::uint64_t sleeps) {
        while (planner.advance() == LinePlanner::Next::more_to_do) {
        }
        clock.emplace(stage.core, time, stage.wake_clock, meters, options);
        clock->start();
        while (time.sleeps.load() < sleeps) std::this_thread::yield();
        clock->stop();
    }
    // The last ones are of the panic that ends it, and late by nature.
    [[nodiscard]] std::vector<Nanos> lateness_of_the_line() const {
        std::vector<Nanos> all;
        for (const auto& late : sink.late())
            if (all.size() < 16) all.push_back(late.by);
        return all;
    }

    StubbornTime time;
    LatenessSink sink{time};
    ClockStage stage{time, sink};
    ParamStore& params = stage.params;
    EngineMeters& meters = stage.meters;
    ScriptedGenerator generator;
    LinePlanner planner{&generator, nullptr, stage.planner_links(time), {}};
    std::optional<ClockThread> clock;
};

constexpr ClockThread::Options kPlain{.priority = 0, .poll = 1ms};
constexpr ClockThread::Options kAwake{.priority = 0, .poll = 1ms, .spin = 50us};
constexpr Nanos kOvershoot = 13us;
constexpr Nanos kOwnCost = 5us;  // what the loop's own looks at the clock come to, and more

TEST(ClockThread, IsAsLateAsItsSleepEnds) {
    Bench bench{kOvershoot};
    bench.play(kPlain, 8'000);
    const auto late = bench.lateness_of_the_line();
    ASSERT_EQ(late.size(), 16U);
    EXPECT_THAT(late, testing::Each(testing::Lt(kOvershoot + kOwnCost)));
    EXPECT_THAT(late, testing::Contains(testing::Ge(kOvershoot)));
}

TEST(ClockThread, WaitingAwakeTakesTheSleepsLatenessAway) {
    Bench bench{kOvershoot};
    bench.play(kAwake, 8'000);
    const auto late = bench.lateness_of_the_line();
    ASSERT_EQ(late.size(), 16U);
    EXPECT_THAT(late, testing::Each(testing::AllOf(testing::Ge(0ns), testing::Lt(kOwnCost))));
}

TEST(ClockThread, WaitingAwakeIsForDeadlinesAloneNotForLooksAtTheControls) {
    Bench bench{kOvershoot};
    bench.params.set(ParamId::playing, 0.0).value();
    bench.play(kAwake, 1'000);
    // The looks at the clock in a turn that has nothing to do are few; 50 µs awake would be 500.
    const auto sleeps = static_cast<std::int64_t>(bench.time.sleeps.load());
    const auto awake = bench.time.now() - TimePoint{1s} - sleeps * (kOvershoot + 1ms);
    EXPECT_LT(awake / sleeps, kOwnCost);
}

TEST(ClockThread, ASpinThatWouldKeepACoreIsCutToAMillisecond) {
    Bench bench{0us};
    bench.play({.priority = 0, .poll = 1ms, .spin = 1s}, 10);
    EXPECT_EQ(bench.clock->granted().spin, ClockThread::kMaxSpin);
}

TEST(ClockThread, AStopOfSecondsIsOneLateTurnAndNoBurst) {
    Bench bench{kOvershoot};
    bench.time.stall_at = 300;  // in the second note
    bench.play(kPlain, 8'000);
    EXPECT_EQ(bench.time.sleeps_into_the_past.load(), 0U) << "nothing is caught up with";
    std::size_t late_notes = 0;
    std::size_t late_ends = 0;
    for (const auto& late : bench.sink.late())
        if (late.by > 1s) ++(late.message.message.is_note_on() ? late_notes : late_ends);
    EXPECT_EQ(late_notes, 0U);
    EXPECT_EQ(late_ends, 1U) << "the note that sounded ends, however late";
}

TEST(ClockThread, LooksEachMillisecondOnlyWhereNobodyWakesIt) {
    const auto pace_of_looks = [](SyncChoice choice) {
        Bench bench{0us};
        bench.params.set(ParamId::playing, 0.0).value();
        bench.params.set(ParamId::sync, static_cast<double>(choice)).value();
        const auto begin = bench.time.now();
        bench.play({.priority = 0, .poll = 10ms}, 1'000);
        return (bench.time.now() - begin) / static_cast<std::int64_t>(bench.time.sleeps.load());
    };
    EXPECT_GE(pace_of_looks(SyncChoice::internal), 10ms);
    EXPECT_LT(pace_of_looks(SyncChoice::midi), 1ms + kOwnCost);
}

TEST(ClockThread, SaysThatItHasWhatItDidNotAskFor) {
    Bench bench{0us};
    bench.play(kPlain, 10);
    const auto& grant = bench.clock->granted();
    EXPECT_EQ(grant.from, FifoFrom::not_asked);
    EXPECT_FALSE(grant.realtime());
    EXPECT_FALSE(bench.meters.clock_is_realtime.load());
    EXPECT_EQ(shortfall(grant), "");
}

class RunningClockThread : public testing::Test {
protected:
    void start(ClockThread::Options options) {
        auto& stage = bench_.stage;
        bench_.clock.emplace(stage.core, bench_.time, stage.wake_clock, stage.meters, options);
        bench_.clock->start();
    }
    void TearDown() override { bench_.clock->stop(); }
    ClockThread& clock() { return *bench_.clock; }

    Bench bench_{0us};
};

TEST_F(RunningClockThread, IsBoundToTheProcessorItWasGiven) {
    cpu_set_t allowed;
    ASSERT_EQ(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    int last = CPU_SETSIZE - 1;
    while (!CPU_ISSET(static_cast<unsigned>(last), &allowed)) --last;
    start({.priority = 0, .poll = 1ms, .cpu = last});
    EXPECT_EQ(clock().granted().cpu, last);
    cpu_set_t bound;
    ASSERT_EQ(sched_getaffinity(clock().thread_id(), sizeof bound, &bound), 0);
    EXPECT_EQ(CPU_COUNT(&bound), 1);
    EXPECT_TRUE(CPU_ISSET(static_cast<unsigned>(last), &bound));
}

TEST_F(RunningClockThread, SaysThatAProcessorIsNotThereAndRunsOn) {
    start({.priority = 0, .poll = 1ms, .cpu = CPU_SETSIZE - 1});
    EXPECT_EQ(clock().granted().cpu, -1);
    EXPECT_THAT(shortfall(clock().granted()), testing::HasSubstr("bound to its processor"));
    const auto sleeps = bench_.time.sleeps.load();
    while (bench_.time.sleeps.load() < sleeps + 10) std::this_thread::yield();
}

TEST_F(RunningClockThread, TellsWhatItWasGivenFromOutsideOnlyOnceItHasIt) {
    start(kPlain);
    clock().granted_from_outside(FifoFrom::rtkit);
    EXPECT_FALSE(clock().granted().realtime()) << "nothing was given";
    sched_param given{};
    given.sched_priority = 1;
    // As rtkit does it; the reset is part of its bargain.
    if (sched_setscheduler(clock().thread_id(), SCHED_RR | SCHED_RESET_ON_FORK, &given) != 0)
        GTEST_SKIP() << "this user may not give a real-time class";
    clock().granted_from_outside(FifoFrom::rtkit);
    EXPECT_EQ(clock().granted().from, FifoFrom::rtkit);
    EXPECT_EQ(clock().granted().priority, 1);
    EXPECT_TRUE(bench_.meters.clock_is_realtime.load());
}

// Hangs where a wake is not heard: the clock's next look by itself is an hour away.
TEST(WokenClockThread, TurnsWhenItIsWokenAndEndsWhenItIsAsked) {
    MonotonicTime time;
    LatenessSink sink{time};
    ClockStage stage{time, sink};
    ClockThread clock{
        stage.core, time, stage.wake_clock, stage.meters, {.priority = 0, .poll = 1h}};
    clock.start();
    while (stage.meters.clock_heartbeat.load() == 0) std::this_thread::yield();
    for (int i = 0; i < 100; ++i) {
        const auto beats = stage.meters.clock_heartbeat.load();
        stage.wake_clock.post();
        while (stage.meters.clock_heartbeat.load() == beats) std::this_thread::yield();
    }
    clock.stop();
}

}  // namespace
}  // namespace fusion::test
