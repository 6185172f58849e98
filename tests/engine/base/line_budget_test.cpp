#include "engine/base/line_budget.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

using namespace std::chrono_literals;
using Weight = LineBudget::Weight;

class LineBudgetTest : public testing::Test {
protected:
    int pass(int lines, Weight weight = Weight::ordinary) {
        int passed = 0;
        for (int i = 0; i < lines; ++i) passed += budget_.take(weight, now_) ? 1 : 0;
        return passed;
    }

    LineBudget budget_;
    LineBudget::TimePoint now_{1h};
};

TEST_F(LineBudgetTest, ABurstPassesWholeAndTheRestIsCountedOnce) {
    EXPECT_EQ(pass(150), 150);
    EXPECT_EQ(budget_.take_left_out(), 0U);
    EXPECT_EQ(pass(4000), 10);
    EXPECT_EQ(budget_.take_left_out(), 3990U);
    EXPECT_EQ(budget_.take_left_out(), 0U);
}

TEST_F(LineBudgetTest, InNoMinuteMoreThanSixHundredLinesPass) {
    int passed = 0;
    for (int i = 0; i < 60'000; ++i, now_ += 1ms)
        passed += pass(1, i % 2 == 0 ? Weight::error : Weight::ordinary);
    EXPECT_LE(passed, 600);
    EXPECT_GT(passed, 300);
}

TEST_F(LineBudgetTest, WithTheLinesThatSayWhatWasLeftOutTheyAreNotMore) {
    int written = 0;
    for (int i = 0; i < 60'000; ++i, now_ += 1ms)
        if (budget_.take(Weight::ordinary, now_)) written += budget_.take_left_out() > 0 ? 2 : 1;
    EXPECT_LE(written, 600);
}

TEST_F(LineBudgetTest, AnErrorFindsRoomInAFloodOfOthers) {
    pass(10'000);
    EXPECT_EQ(pass(1), 0);
    EXPECT_EQ(pass(100, Weight::error), 40);
}

TEST_F(LineBudgetTest, QuietGivesTheBurstBackAndNoMore) {
    pass(1000);
    now_ += 1h;
    EXPECT_EQ(pass(1000), 160);
}

}  // namespace
}  // namespace fusion
