#include <thread>

#include <gtest/gtest.h>

#include "engine/base/time_source.hpp"

namespace fusion {
namespace {

TEST(SimulatedTime, PassesOnlyWhenSomebodySleeps) {
    SimulatedTime time;
    const auto start = time.now();
    EXPECT_EQ(time.now(), start);
    time.sleep_until(start + Nanos{7});
    EXPECT_EQ(time.now(), start + Nanos{7});
    time.sleep_until(start);
    EXPECT_EQ(time.now(), start + Nanos{7}) << "and never back";
}

TEST(MonotonicTime, NeverWakesBeforeTheDeadline) {
    MonotonicTime time;
    for (int i = 0; i < 200; ++i) {
        const auto deadline = time.now() + std::chrono::microseconds{i * 5};
        time.sleep_until(deadline);
        EXPECT_GE(time.now(), deadline);
    }
}

TEST(MonotonicTime, WaitsForTheDeadlineOrTheBoundOrAWakeWhicheverIsFirst) {
    using std::chrono::hours;
    using std::chrono::milliseconds;
    MonotonicTime time;
    Semaphore wake;
    const auto begin = time.now();
    EXPECT_FALSE(time.wait(begin + milliseconds{2}, hours{1}, wake));
    EXPECT_GE(time.now(), begin + milliseconds{2});
    EXPECT_FALSE(time.wait(begin + hours{1}, milliseconds{2}, wake));
    std::thread other{[&] { wake.post(); }};
    EXPECT_TRUE(time.wait(begin + hours{1}, hours{1}, wake));
    other.join();
    wake.post();
    EXPECT_TRUE(time.wait(begin, hours{1}, wake)) << "posted before, and the deadline past";
    EXPECT_FALSE(time.wait(begin, hours{1}, wake)) << "and once only";
}

}  // namespace
}  // namespace fusion
