// The clock thread on a sound card's time that stands still: what it must go on doing meanwhile.
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>

#include <gtest/gtest.h>

#include "daemon/midi/frame_time.hpp"
#include "engine/realtime/clock/clock_thread.hpp"
#include "tests/support/clock_stage.hpp"
#include "tests/support/rt_pause.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;

// A monotonic clock whose sleepers wait until the test has moved it to where they want to be.
class MovedTime final : public TimeSource {
public:
    [[nodiscard]] TimePoint now() const noexcept override {
        const test::RtPause pause{};
        const std::scoped_lock lock{mutex_};
        return now_;
    }
    void sleep_until(TimePoint deadline) noexcept override {
        std::unique_lock lock{mutex_};
        if (deadline <= now_) return;
        wanted_ = deadline;
        changed_.notify_all();
        changed_.wait(lock, [&] { return let_go_ || deadline <= now_; });
        now_ = std::max(now_, deadline);
        wanted_.reset();
    }

    void set(TimePoint to) {
        const std::scoped_lock lock{mutex_};
        now_ = to;
    }
    void await_a_sleeper() {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return wanted_.has_value() && *wanted_ > now_; });
    }
    // Wakes the sleeper at its moment, and says how far that was off. Returns when it sleeps again.
    Nanos pass_one_sleep() {
        std::unique_lock lock{mutex_};
        const auto slept = wanted_.value() - now_;
        now_ = *wanted_;
        changed_.notify_all();
        changed_.wait(lock, [&] { return wanted_.has_value() && *wanted_ > now_; });
        return slept;
    }
    void let_go() {
        const std::scoped_lock lock{mutex_};
        let_go_ = true;
        changed_.notify_all();
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    TimePoint now_{5s};
    std::optional<TimePoint> wanted_;
    bool let_go_ = false;
};

// Heard on the clock thread; read while that thread sleeps.
class CountingSink final : public MidiSink {
public:
    [[nodiscard]] bool send(const TimedMessage& message) noexcept override {
        if (message.message.bytes()[1] == kAllSoundOff) ++silences;
        return true;
    }
    [[nodiscard]] Nanos lead() const noexcept override { return 10ms; }
    int silences = 0;
};

class ClockAfterAnXrun : public testing::Test {
protected:
    static constexpr Nanos kPeriod{16'000'000 / 3};
    static constexpr Nanos kLost = 1500ms;
    static constexpr Nanos kPoll = 1ms;

    // A server loses kLost, and runs on until the last prompt cycle before that is forgotten: from
    // there on time waits for the frames.
    void SetUp() override {
        cycles(100);
        real_.set(real_.now() + kLost);
        auto before = frames_.now();
        cycles(1);
        for (auto now = frames_.now(); now > before; now = frames_.now()) {
            before = now;
            cycles(1);
        }
        ASSERT_EQ(frames_.steps(), 0U);
        clock_.start();
        real_.await_a_sleeper();
    }
    void TearDown() override {
        real_.let_go();
        clock_.stop();
    }
    void cycles(int count) {
        for (int i = 0; i < count; ++i) {
            static_cast<void>(
                frames_.begin_cycle({counter_, Frames{256}, real_.now(), SampleRate{48'000}}));
            static_cast<void>(frames_.now());
            counter_ += 256;
            real_.set(real_.now() + kPeriod);
        }
    }

    MovedTime real_;
    FrameTime frames_{real_};
    std::uint32_t counter_ = 0;
    CountingSink sink_;
    test::ClockStage stage_{frames_, sink_};
    ClockThread clock_{
        stage_.core, frames_, stage_.wake_clock, stage_.meters, {.priority = 0, .poll = kPoll}};
};

TEST_F(ClockAfterAnXrun, APanicIsObeyedWithinOneLookWhileTimeStandsStill) {
    const auto stands = frames_.now();
    ASSERT_TRUE(stage_.params.act(ActionId::panic));
    EXPECT_LE(real_.pass_one_sleep(), kPoll);
    EXPECT_GT(sink_.silences, 0);
    EXPECT_EQ(frames_.now(), stands);
}

TEST_F(ClockAfterAnXrun, TheHeartbeatGoesOnWhileTimeStandsStill) {
    const auto stands = frames_.now();
    for (int i = 0; i < 100; ++i) {
        const auto before = stage_.meters.clock_heartbeat.load();
        ASSERT_LE(real_.pass_one_sleep(), kPoll);
        ASSERT_GT(stage_.meters.clock_heartbeat.load(), before);
    }
    EXPECT_EQ(frames_.now(), stands);
}

}  // namespace
}  // namespace fusion
