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

}  // namespace
}  // namespace fusion
