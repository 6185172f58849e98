#include "daemon/system/service.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class ServiceTest : public testing::Test {
protected:
    std::vector<std::string> told_;
    Service service_{[this](const std::string& line) { told_.push_back(line); }, 4s};
    TimePoint now_{100s};
};

TEST_F(ServiceTest, ReadyIsToldOnceAndNotBeforeTheFirstNoteCanPlay) {
    service_.beat(false, {0, 0}, now_);
    EXPECT_TRUE(told_.empty());
    service_.beat(true, {0, 0}, now_);
    service_.beat(true, {0, 0}, now_ + 10s);
    EXPECT_THAT(told_, ElementsAre("READY=1"));
}

TEST_F(ServiceTest, TheWatchdogIsFedWhileTheClockBeatsAndStarvesWhenItStands) {
    service_.beat(false, {1, 1}, now_);
    service_.beat(false, {2, 2}, now_ + 100ms);  // fed a moment ago
    service_.beat(false, {3, 3}, now_ + 1100ms);
    EXPECT_THAT(told_, ElementsAre("WATCHDOG=1", "WATCHDOG=1"));
    for (int i = 0; i < 100; ++i) service_.beat(false, {3, 3}, now_ + 2s + i * 1s);
    EXPECT_EQ(told_.size(), 2U);
}

TEST_F(ServiceTest, NeitherTheClockNorTheInferenceIsVouchedForByTheOther) {
    service_.beat(false, {1, 1}, now_);
    const auto fed = told_.size();
    std::uint64_t beat = 1;
    for (int i = 0; i < 50; ++i) service_.beat(false, {++beat, 1}, now_ + 2s + i * 1s);
    EXPECT_EQ(told_.size(), fed);
    service_.beat(false, {beat, 2}, now_ + 60s);
    EXPECT_EQ(told_.size(), fed + 1);
    for (std::uint64_t i = 3; i < 50; ++i) service_.beat(false, {beat, i}, now_ + 61s + i * 1s);
    EXPECT_EQ(told_.size(), fed + 1);
}

}  // namespace
}  // namespace fusion
