#include "daemon/midi/frame_time.hpp"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace fusion {
namespace {

using namespace std::chrono_literals;

constexpr SampleRate k48k{48000};
constexpr std::int64_t kHours = 100;

// --- The grid ---

class EveryRate : public testing::TestWithParam<std::uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Rates, EveryRate, testing::Values(44100, 48000, 88200, 96000, 192000));

TEST_P(EveryRate, FramesAndTimesAreExactInversesOverHours) {
    const FrameGrid grid{TimePoint{123'456'789'012ns}, SampleRate{GetParam()}};
    const std::int64_t end = kHours * 3600 * GetParam();
    for (std::int64_t f = -1'000'000; f < end; f += 99'991) {
        ASSERT_EQ(grid.frame_at(grid.time_of(Frames{f})), Frames{f});
    }
    // Nothing adds up: a whole number of seconds is a whole number of frames, to the nanosecond.
    EXPECT_EQ(grid.time_of(Frames{end}) - grid.origin(), std::chrono::hours{kHours});
}

TEST_P(EveryRate, TheNearestFrameWinsOnBothSidesOfTheOrigin) {
    const FrameGrid grid{TimePoint{1s}, SampleRate{GetParam()}};
    const auto half = Nanos{500'000'000 / GetParam()};
    for (const std::int64_t f : {-48'001, -1, 0, 1, 44'100, 1'000'000'007}) {
        EXPECT_EQ(grid.frame_at(grid.time_of(Frames{f}) + half - 2ns), Frames{f});
        EXPECT_EQ(grid.frame_at(grid.time_of(Frames{f}) - half + 2ns), Frames{f});
        EXPECT_EQ(grid.frame_at(grid.time_of(Frames{f}) + half + 2ns), Frames{f + 1});
    }
}

// --- The clock ---

// A monotonic clock that a test moves by hand.
class HandTime final : public TimeSource {
public:
    [[nodiscard]] TimePoint now() const noexcept override { return TimePoint{now_.load()}; }
    void sleep_until(TimePoint deadline) noexcept override {
        if (deadline.time_since_epoch() > now_.load()) now_ = deadline.time_since_epoch();
        ++sleeps_;
    }
    void set(TimePoint to) { now_ = to.time_since_epoch(); }
    void pass(Nanos by) { now_ = now_.load() + by; }
    [[nodiscard]] int sleeps() const { return sleeps_; }

private:
    std::atomic<Nanos> now_{Nanos{5s}};
    int sleeps_ = 0;
};

// A server that runs one cycle after the other; its crystal is `drift` fast.
class FrameTimeTest : public testing::Test {
protected:
    FrameTime::Period cycle() {
        const Nanos length{static_cast<std::int64_t>(256e9 / rate_.count() / (1 + drift_))};
        real_.set(TimePoint{std::max(real_.now(), next_)});
        const auto begins = real_.now();
        next_ = begins + length;
        const auto period = time_.begin_cycle({counter_, Frames{256}, begins + late_, rate_});
        real_.set(begins + late_);
        counter_ += 256;
        return period;
    }
    void cycles(int count) {
        for (int i = 0; i < count; ++i) cycle();
    }

    HandTime real_;
    FrameTime time_{real_};
    SampleRate rate_ = k48k;
    double drift_ = 0;
    Nanos late_{0};  // the thread's waking
    std::uint32_t counter_ = 77'777;
    TimePoint next_{};
};

TEST_F(FrameTimeTest, WithoutAServerItIsTheMonotonicClock) {
    EXPECT_EQ(time_.now(), real_.now());
    real_.pass(300h + 1ns);
    EXPECT_EQ(time_.now(), real_.now());
    EXPECT_EQ(time_.to_monotonic(time_.now()), real_.now());
    EXPECT_EQ(time_.on_a_frame(time_.now()), time_.now());
    time_.leave();
    EXPECT_EQ(time_.now(), real_.now());
}

TEST_F(FrameTimeTest, TimeDoesNotJumpWhereFramesBeginToBeCounted) {
    const auto before = time_.now();
    const auto period = cycle();
    EXPECT_EQ(time_.now(), before);
    EXPECT_EQ(period.grid.time_of(period.first), before);
}

class EveryDrift : public FrameTimeTest, public testing::WithParamInterface<double> {};
INSTANTIATE_TEST_SUITE_P(Drifts, EveryDrift, testing::Values(-0.0003, -0.00005, 0, 0.0003));

TEST_P(EveryDrift, PeriodsFollowEachOtherByTheirFramesAndTimeStaysCloseToThem) {
    drift_ = GetParam();
    const auto first = cycle();
    for (int i = 1; i < 20'000; ++i) {
        const auto period = cycle();
        ASSERT_EQ(period.first - first.first, Frames{256 * i});
        const auto ahead = time_.now() - period.grid.time_of(period.first);
        ASSERT_GE(ahead, 0ns);
        // A slow card is seen two windows late at most.
        ASSERT_LE(ahead, std::max(-drift_, 0.0) * 2.01 * FrameTime::kWindow + 2ns);
    }
    // 107 s of frames: time went with them.
    EXPECT_NEAR(static_cast<double>((time_.now() - real_.now()).count()), 106.7e9 * drift_, 1e6);
}

TEST_F(FrameTimeTest, ThreadsThatWakeLateDoNotMoveFrames) {
    cycles(50);
    const auto promptly = time_.from_monotonic(TimePoint{100s});
    for (int i = 0; i < 1000; ++i) {
        late_ = Nanos{i * 7'919'000LL % 5'000'000};  // up to 5 ms; now and then hardly
        const auto period = cycle();
        ASSERT_LE(std::chrono::abs(time_.from_monotonic(TimePoint{100s}) - promptly), 50us);
        ASSERT_GE(time_.now(), period.grid.time_of(period.first));
    }
}

TEST_F(FrameTimeTest, ThereAndBackIsTheSameMoment) {
    drift_ = 0.0021;
    cycles(1000);
    for (auto ahead = -1s; ahead <= 10s; ahead += 1s) {
        const auto there = time_.from_monotonic(real_.now() + ahead);
        EXPECT_EQ(time_.to_monotonic(there), real_.now() + ahead);
    }
}

TEST_F(FrameTimeTest, ACounterThatWrapsGoesOn) {
    counter_ = 0xFFFFFF00U - 256;
    auto before = cycle();
    for (int i = 0; i < 5; ++i) {
        const auto period = cycle();
        EXPECT_EQ(period.first - before.first, Frames{256});
        before = period;
    }
    EXPECT_LT(counter_, 10'000U);  // it did wrap
    EXPECT_EQ(time_.steps(), 0U);
}

TEST_F(FrameTimeTest, AfterALossTimeRunsOnAtTheMonotonicRate) {
    drift_ = 0.0002;
    cycles(5000);
    const auto at_loss = time_.now();
    time_.leave();
    EXPECT_EQ(time_.now(), at_loss);
    real_.pass(3h);
    EXPECT_EQ(time_.now(), at_loss + 3h);
}

TEST_F(FrameTimeTest, AReturningServerIsLaidOnTheOldGridWithinHalfAFrame) {
    const auto first = cycle();
    cycles(100);
    time_.leave();
    real_.pass(1'234'567'891ns);
    const auto before = time_.now();
    counter_ = 12;  // another server: it counts anew
    const auto period = cycle();
    EXPECT_EQ(period.grid.origin(), first.grid.origin());
    EXPECT_LE(std::chrono::abs(period.grid.time_of(period.first) - before), 10'417ns);
    EXPECT_GE(time_.now(), before);
    EXPECT_EQ(time_.on_a_frame(time_.now() + 1us), period.grid.time_of(period.first));
    EXPECT_EQ(cycle().first - period.first, Frames{256});
}

TEST_F(FrameTimeTest, AServerThatReturnsAtAnotherRateBeginsAGridOfItsOwn) {
    cycles(100);
    time_.leave();
    real_.pass(700ms);
    rate_ = SampleRate{44100};
    const auto before = time_.now();
    const auto period = cycle();
    EXPECT_EQ(period.grid.rate(), rate_);
    EXPECT_EQ(period.grid.time_of(period.first), before);
    EXPECT_EQ(time_.now(), before);
}

TEST_F(FrameTimeTest, AnXrunMovesNoFrameAndTimeWaitsForTheFramesInTheEnd) {
    cycles(500);
    const auto before = cycle();
    real_.set(next_ + 20ms);  // the card counted none of it
    const auto after = cycle();
    EXPECT_EQ(after.first - before.first, Frames{256});
    auto last = time_.now();
    EXPECT_GE(last, after.grid.time_of(after.first));
    auto longest_stand = 0ns;
    auto stands_since = real_.now();
    for (int i = 0; i < 1000; ++i) {
        const auto period = cycle();
        const auto now = time_.now();
        ASSERT_GE(now, last);
        ASSERT_GE(now, period.grid.time_of(period.first));
        if (now > last) stands_since = real_.now();
        longest_stand = std::max(longest_stand, real_.now() - stands_since);
        last = now;
    }
    EXPECT_GE(longest_stand, 9ms);  // 20, as seen from a cycle to the next
    EXPECT_LE(longest_stand, 20ms);
    const auto period = cycle();
    EXPECT_LE(time_.now() - period.grid.time_of(period.first), 1us);
    EXPECT_EQ(time_.steps(), 0U);
}

TEST_F(FrameTimeTest, FramesThatRunAheadAreFollowed) {
    cycles(50);
    counter_ += 2048;
    const auto period = cycle();
    EXPECT_LE(time_.now() - period.grid.time_of(period.first), 2ns);
    EXPECT_GT(time_.now() - real_.now(), 40ms);
}

TEST_F(FrameTimeTest, AStoppedServerOrACounterThatStartsAnewDoesNotStopTime) {
    counter_ = 10'000'000;
    cycles(50);
    real_.pass(5s);
    auto before = time_.now();
    auto period = cycle();
    EXPECT_LE(std::chrono::abs(period.grid.time_of(period.first) - before), 10'417ns);
    counter_ = 0;
    before = time_.from_monotonic(next_);
    period = cycle();
    EXPECT_LE(std::chrono::abs(period.grid.time_of(period.first) - before), 10'417ns);
    EXPECT_EQ(time_.steps(), 2U);
}

TEST_F(FrameTimeTest, SleepEndsAtOrAfterTheDeadlineInFramesAndNotMuchLater) {
    for (const auto drift : {-0.0002, 0.0, 0.0002}) {
        drift_ = drift;
        cycles(100);
        const auto deadline = time_.now() + 250ms;
        time_.sleep_until(deadline);
        EXPECT_GE(time_.now(), deadline);
        EXPECT_EQ(time_.now(), deadline);
        const auto sleeps = real_.sleeps();
        time_.sleep_until(deadline);
        EXPECT_EQ(real_.sleeps(), sleeps);  // it has passed
        next_ = {};
    }
}

// All cycles lie on one line; half of one with half of another is 5.3 ms beside it.
TEST_F(FrameTimeTest, ReadersBesideTheWriterNeverSeeHalfAReading) {
    std::atomic<bool> done{false};
    std::atomic<int> torn{0}, backwards{0};
    cycle();
    const auto read = [&] {
        auto last = time_.now();
        while (!done) {
            const auto now = time_.now();
            if (now < last) ++backwards;
            last = now;
            const TimePoint probe{100s};
            if (std::chrono::abs(time_.from_monotonic(probe) - probe) > 2us) ++torn;
        }
    };
    std::thread one{read}, two{read};
    for (int i = 0; i < 200'000; ++i) {
        cycle();
        next_ = {};
        // A cycle's true length, so that frames and real time stay together.
        real_.set(TimePoint{5s} + Nanos{(i + 2) * 16'000'000LL / 3});
    }
    done = true;
    one.join();
    two.join();
    EXPECT_EQ(torn, 0);
    EXPECT_EQ(backwards, 0);
}

}  // namespace
}  // namespace fusion
