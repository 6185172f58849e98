// The offset between another clock and ours, without either.
#include "daemon/sync/host_clock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

namespace fusion::test {
namespace {

using std::chrono::milliseconds;

constexpr Nanos kMillisecond{1'000'000};
const TimePoint kStart{std::chrono::hours{3}};

Nanos apart(TimePoint a, TimePoint b) { return std::chrono::abs(a - b); }

TEST(HostClock, CutOffMicrosecondsAreNotHeard) {
    HostClock clock;
    std::mt19937 random{1};
    std::uniform_int_distribution<int> jitter{0, 999};
    const Nanos offset{123'456'789};
    auto now = kStart;
    for (int i = 0; i < 1000; ++i) {
        now += kMillisecond + Nanos{jitter(random)};
        const auto host = now.time_since_epoch() - offset;
        clock.observe(now - Nanos{40}, std::chrono::floor<Micros>(host), now + Nanos{40});
        EXPECT_LE(apart(clock.to_ours(host), now), Nanos{i < 200 ? 600 : 150});
    }
    EXPECT_EQ(clock.to_ours(clock.to_host(now)), now);
}

TEST(HostClock, AReadingTornOpenByAnotherThreadMovesNothing) {
    HostClock clock;
    clock.observe(kStart, Micros{5'000'000}, kStart);
    const auto before = clock.to_ours(std::chrono::seconds{5});
    // 8 ms between the two looks at our clock, the host's read right at the end of them.
    const auto later = kStart + milliseconds{10};
    clock.observe(later, Micros{5'018'000}, later + milliseconds{8});
    EXPECT_EQ(clock.to_ours(std::chrono::seconds{5}), before);
}

TEST(HostClock, FollowsADriftWithinMicrosecondsAndAStepAtOnce) {
    HostClock clock;
    const auto host_at = [](Nanos since) {
        return std::chrono::floor<Micros>(Nanos{since.count() + since.count() / 10'000});
    };
    Nanos since{0};
    for (int i = 0; i < 3000; ++i) {
        since += kMillisecond;
        clock.observe(kStart + since, host_at(since), kStart + since);
    }
    EXPECT_LE(apart(clock.to_ours(host_at(since)), kStart + since), Nanos{8'000});
    const auto stepped = kStart + since + std::chrono::seconds{2};
    clock.observe(stepped, host_at(since), stepped);
    EXPECT_LE(apart(clock.to_ours(host_at(since)), stepped), Nanos{1'000});
}

}  // namespace
}  // namespace fusion::test
