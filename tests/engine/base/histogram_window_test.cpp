#include "engine/base/histogram_window.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

using namespace std::chrono_literals;

class Window : public testing::Test {
protected:
    // So many a second, each a look.
    void pass(std::chrono::seconds time, Micros each) {
        for (std::int64_t s = 0; s < time.count(); ++s) {
            for (int i = 0; i < 10; ++i) histogram_.record(each);
            now_ += 1s;
            window_.turn(now_);
        }
    }

    Histogram histogram_;
    HistogramWindow window_{histogram_};
    TimePoint now_{100s};
};

TEST_F(Window, IsAllZeroWhereNothingCame) {
    window_.turn(now_);
    EXPECT_EQ(window_.recent().count, 0U);
    EXPECT_EQ(window_.recent().p99, Micros{0});
    EXPECT_EQ(window_.recent().max, Micros{0});
}

// Since the start, a bad minute after a good day is not to be seen.
TEST_F(Window, ADecayAfterALongGoodTimeIsSeenWithinAMinute) {
    pass(6h, Micros{50});
    pass(60s, Micros{900});
    EXPECT_EQ(histogram_.percentile(0.99), Micros{50});
    EXPECT_EQ(window_.recent().p50, Micros{900});
    EXPECT_EQ(window_.recent().p99, Micros{900});
}

TEST_F(Window, WhatIsLongerAgoIsForgotten) {
    pass(60s, Micros{5000});
    pass(70s, Micros{50});
    EXPECT_EQ(window_.recent().max, Micros{50});
    EXPECT_EQ(histogram_.max(), Micros{5000});
    EXPECT_LE(window_.recent().count, 10U * 70U);
}

}  // namespace
}  // namespace fusion
