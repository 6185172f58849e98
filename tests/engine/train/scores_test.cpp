#include "engine/train/scores.hpp"

#include <gtest/gtest.h>

namespace fusion::train {
namespace {

TEST(F1Test, AgreesWithACaseWorkedOutByHand) {
    F1 f1{3};
    // truth 0 0 0 0 1 1 2, said 0 0 1 2 1 1 0
    f1.add(0, 0);
    f1.add(0, 0);
    f1.add(0, 1);
    f1.add(0, 2);
    f1.add(1, 1);
    f1.add(1, 1);
    f1.add(2, 0);
    // Class 0: precision 2/3, recall 2/4, F1 4/7. Class 1: 2/3, 2/2, 4/5. Class 2: 0.
    const double zero = 4.0 / 7.0, one = 4.0 / 5.0;
    EXPECT_DOUBLE_EQ(f1.weighted(), (4 * zero + 2 * one) / 7);
    EXPECT_DOUBLE_EQ(f1.macro(), (zero + one) / 3);
}

TEST(F1Test, IsOneWhenAllIsRightAndClassesThatNeverOccurDoNotCount) {
    F1 f1{10};
    f1.add(3, 3);
    f1.add(4, 4);
    EXPECT_DOUBLE_EQ(f1.weighted(), 1.0);
    EXPECT_DOUBLE_EQ(f1.macro(), 1.0);
}

TEST(F1Test, AClassThatIsOnlySaidLowersTheMacroMean) {
    F1 f1{2};
    f1.add(0, 0);
    f1.add(0, 1);
    EXPECT_DOUBLE_EQ(f1.weighted(), 2.0 / 3.0);
    EXPECT_DOUBLE_EQ(f1.macro(), 1.0 / 3.0);
}

TEST(F1Test, IsZeroOfNothing) {
    const F1 f1{2};
    EXPECT_DOUBLE_EQ(f1.weighted(), 0.0);
    EXPECT_DOUBLE_EQ(f1.macro(), 0.0);
}

}  // namespace
}  // namespace fusion::train
