#include "daemon/midi/jack_receivers.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

using namespace std::chrono_literals;

TEST(JackReceiversTest, TellsOnceOfTheFirstAndOnceOfEachOther) {
    JackReceivers receivers;
    EXPECT_FALSE(receivers.take_first());
    receivers.came();
    EXPECT_EQ(receivers.count(), 1);
    EXPECT_TRUE(receivers.take_first());
    EXPECT_FALSE(receivers.take_first());
    EXPECT_TRUE(receivers.take_another());
    receivers.came();
    EXPECT_EQ(receivers.count(), 2);
    EXPECT_FALSE(receivers.take_first());
    EXPECT_TRUE(receivers.take_another());
    receivers.went();
    EXPECT_FALSE(receivers.take_another());
}

TEST(JackReceiversTest, OneThatTookAnothersPlaceIsTheFirstThoughTheCountIsTheSame) {
    JackReceivers receivers;
    receivers.came();
    EXPECT_TRUE(receivers.take_first());
    receivers.went();
    receivers.came();
    EXPECT_EQ(receivers.count(), 1);
    EXPECT_TRUE(receivers.take_first());
}

TEST(JackReceiversTest, OneThatWasThereBeforeTheClientWasActiveIsFoundInTime) {
    JackReceivers receivers;
    receivers.compare(1, TimePoint{5s});
    receivers.compare(1, TimePoint{5s} + JackReceivers::kSettled - 1ns);
    EXPECT_EQ(receivers.count(), 0) << "it may be about to be told";
    receivers.compare(1, TimePoint{5s} + JackReceivers::kSettled);
    EXPECT_EQ(receivers.count(), 1);
    EXPECT_TRUE(receivers.take_first());
    receivers.went();
    EXPECT_EQ(receivers.count(), 0);
}

TEST(JackReceiversTest, ALookDoesNotUndoWhatWasToldAfterTheOneBefore) {
    JackReceivers receivers;
    receivers.came();
    receivers.came();
    receivers.compare(1, TimePoint{5s});
    receivers.went();
    receivers.came();
    receivers.compare(1, TimePoint{6s});  // JACK connects between two cycles: not yet
    EXPECT_EQ(receivers.count(), 2);
    receivers.compare(2, TimePoint{7s});
    receivers.compare(1, TimePoint{8s});
    EXPECT_EQ(receivers.count(), 2) << "it has been 2 between";
    receivers.compare(1, TimePoint{9s});
    EXPECT_EQ(receivers.count(), 1);
}

TEST(JackReceiversTest, OneThatGoesWithoutHavingComeLeavesNobodyAndNotFewer) {
    JackReceivers receivers;
    receivers.went();
    EXPECT_EQ(receivers.count(), 0);
    receivers.came();
    EXPECT_TRUE(receivers.take_first());
}

}  // namespace
}  // namespace fusion
