#include "engine/realtime/line/sent_steps.hpp"

#include <gtest/gtest.h>

namespace fusion::test {
namespace {

class SentStepsTest : public testing::Test {
protected:
    // Sends the step `ahead` of the first uncommitted one, and says under which serial.
    std::uint64_t send(std::size_t ahead, Ticks duration = kTicksPerBeat) {
        PlannedStep step;
        step.message.serial = sent_.next_serial();
        step.message.step.duration = duration;
        sent_.add(ahead, step);
        return step.message.serial;
    }

    SentSteps sent_;
};

TEST_F(SentStepsTest, SerialsGrowFromOneAndGoOnWhenTheLineBeginsAnew) {
    EXPECT_EQ(send(0), 1U);
    EXPECT_EQ(send(1), 2U);
    EXPECT_EQ(send(0), 3U);
    sent_.clear();
    EXPECT_FALSE(sent_.any(0));
    EXPECT_EQ(send(0), 4U);
}

TEST_F(SentStepsTest, EverySendingOfTheFirstStepIsFoundAndNoneOfALaterOne) {
    const auto old_make = send(0, Ticks{100});
    const auto later = send(1);
    const auto new_make = send(0, Ticks{200});
    ASSERT_NE(sent_.find(old_make), nullptr);
    EXPECT_EQ(sent_.find(old_make)->message.step.duration, Ticks{100});
    ASSERT_NE(sent_.find(new_make), nullptr);
    EXPECT_EQ(sent_.find(new_make)->message.step.duration, Ticks{200});
    EXPECT_EQ(sent_.find(later), nullptr);
    sent_.pop();
    EXPECT_NE(sent_.find(later), nullptr);
    EXPECT_EQ(sent_.find(new_make), nullptr);
}

TEST_F(SentStepsTest, CoversWhatTheNewestSendingsLastUpToTheFirstGap) {
    EXPECT_EQ(sent_.covered(), Ticks{0});
    send(0, Ticks{100});
    send(0, Ticks{300});
    send(1, Ticks{50});
    send(3, Ticks{1000});
    EXPECT_EQ(sent_.covered(), Ticks{350});
    EXPECT_FALSE(sent_.any(2));
    EXPECT_TRUE(sent_.any(3));
}

TEST_F(SentStepsTest, AMissedSendingIsForgottenAndOneOfNoStepIsSaid) {
    const auto missed = send(0);
    EXPECT_TRUE(sent_.forget(0, missed));
    EXPECT_FALSE(sent_.any(0));
    EXPECT_FALSE(sent_.forget(7, missed));
    EXPECT_FALSE(sent_.forget(static_cast<std::size_t>(-1), missed)) << "already committed";
}

TEST_F(SentStepsTest, KeepsWhatTheClockMayStillTakeAndNoMore) {
    constexpr std::size_t kCapacity = 4;
    std::vector<std::uint64_t> serials;
    for (int i = 0; i < 20; ++i) {
        serials.push_back(send(0));
        sent_.forget_superseded(kCapacity);
    }
    // The newest of those that have left the queue may be what the clock holds; the rest wait.
    for (std::size_t i = 0; i < serials.size(); ++i)
        EXPECT_EQ(sent_.find(serials[i]) != nullptr, i + kCapacity + 1 >= serials.size()) << i;
}

TEST_F(SentStepsTest, AStepThatWasSentOnceIsKeptHoweverLongAgo) {
    const auto once = send(0);
    for (int i = 0; i < 50; ++i) send(1);
    sent_.forget_superseded(4);
    EXPECT_NE(sent_.find(once), nullptr);
}

}  // namespace
}  // namespace fusion::test
