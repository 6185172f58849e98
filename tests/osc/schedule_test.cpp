#include "osc/schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/osc/osc_bytes.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class Schedule : public testing::Test {
protected:
    TimedOscMessage message(const std::string& path, double seconds) const {
        return {{path, {}}, seconds_after(wall_, seconds)};
    }
    static TimedOscMessage at_once(const std::string& path) { return {{path, {}}, {}}; }

    void come_from(const char* address) { from_.address(boost::asio::ip::make_address(address)); }
    std::optional<OscMessage> take(const std::vector<TimedOscMessage>& packet) {
        auto taken = schedule_.take(packet, from_, wall_, now_);
        for (const auto& message : taken.now) done_.push_back(message.path);
        return taken.refusal;
    }
    void pass(Nanos time) {
        now_ += time;
        wall_ = seconds_after(wall_, std::chrono::duration<double>(time).count());
        schedule_.run_due(now_);
    }

    OscTimeTag wall_{std::uint64_t{3'900'000'000} << 32U};
    TimePoint now_{1000s};
    UdpPeer from_{boost::asio::ip::make_address("127.0.0.1"), 57120};
    bool is_of_one_sender_ = true;
    std::vector<std::string> done_;
    OscSchedule schedule_{[this](const OscMessage& message, const UdpPeer& from) {
        EXPECT_TRUE(!is_of_one_sender_ || from == from_);
        done_.push_back(message.path);
        if (message.path == "/clear") schedule_.clear();
    }};
};

TEST_F(Schedule, EachIsDoneAtItsTimeAndNotBefore) {
    EXPECT_FALSE(take({message("/b", 0.2), at_once("/a"), message("/c", 0.3)}));
    EXPECT_THAT(done_, ElementsAre("/a"));
    EXPECT_EQ(*schedule_.next(), now_ + 200ms);
    pass(199ms);
    EXPECT_EQ(done_.size(), 1U);
    pass(1ms);
    EXPECT_THAT(done_, ElementsAre("/a", "/b"));
    pass(10s);
    EXPECT_THAT(done_, ElementsAre("/a", "/b", "/c"));
    EXPECT_FALSE(schedule_.next());
}

TEST_F(Schedule, AStepOfTheWallClockMovesNothingThatWaits) {
    ASSERT_FALSE(take({message("/a", 1.0)}));
    wall_ = seconds_after(wall_, -3600.0);
    pass(1s);
    EXPECT_THAT(done_, ElementsAre("/a"));
    ASSERT_FALSE(take({message("/b", 1.0)}));
    wall_ = seconds_after(wall_, 3600.0);
    pass(999ms);
    EXPECT_EQ(done_.size(), 1U);
    pass(1ms);
    EXPECT_EQ(done_.size(), 2U);
}

TEST_F(Schedule, EqualTimesKeepTheirOrderInOneDatagramAndInSeveral) {
    ASSERT_FALSE(take({message("/1", 0.5), message("/2", 0.5)}));
    const auto third = message("/3", 0.5);
    wall_ = seconds_after(wall_, 0.0001);  // read a little apart
    ASSERT_FALSE(take({third}));
    wall_ = seconds_after(wall_, -0.0003);
    ASSERT_FALSE(take({{{"/4", {}}, third.when}}));
    pass(1s);
    EXPECT_THAT(done_, ElementsAre("/1", "/2", "/3", "/4"));
}

TEST_F(Schedule, WhatIsDueGoesBeforeWhatComesNow) {
    ASSERT_FALSE(take({message("/a", 0.1)}));
    now_ += 100ms;
    ASSERT_FALSE(take({at_once("/b")}));
    EXPECT_THAT(done_, ElementsAre("/a", "/b"));
}

TEST_F(Schedule, WhatHasPassedIsDoneAtOnceAndCounted) {
    ASSERT_FALSE(take({message("/a", -0.25), message("/b", -3.0)}));
    EXPECT_THAT(done_, ElementsAre("/a", "/b"));
    EXPECT_EQ(schedule_.tally().late, 2U);
    EXPECT_EQ(schedule_.tally().worst, 3s);
    EXPECT_EQ(schedule_.take_worst(), 3s);
    EXPECT_EQ(schedule_.take_worst(), Nanos{0});
}

TEST_F(Schedule, OurOwnLatenessCountsBeyondATurn) {
    ASSERT_FALSE(take({message("/a", 0.1)}));
    pass(104ms);
    EXPECT_EQ(schedule_.tally().late, 0U);
    ASSERT_FALSE(take({message("/b", 0.1)}));
    pass(150ms);
    EXPECT_EQ(schedule_.tally().late, 1U);
    EXPECT_NEAR(static_cast<double>(schedule_.tally().worst.count()), 5e7, 2.0);
}

TEST_F(Schedule, SixtySecondsAreTakenAndMoreIsRefusedWhole) {
    EXPECT_FALSE(take({message("/a", 60.0)}));
    const auto refused = take({at_once("/b"), message("/c", 1.0), message("/d", 60.1)});
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->path, "/fail");
    EXPECT_EQ(std::get<std::string>(refused->args[0]), "/d");
    EXPECT_THAT(std::get<std::string>(refused->args[1]),
                HasSubstr("nothing of the bundle's 3 messages is done"));
    EXPECT_TRUE(done_.empty());
    EXPECT_EQ(schedule_.tally().waiting, 1U);
    EXPECT_EQ(schedule_.tally().refused, 3U);
}

TEST_F(Schedule, NoMoreWaitThanTheCapAndABundleThatGoesBeyondIsRefusedWhole) {
    for (std::size_t i = 0; i < OscSchedule::kMost - 1; ++i)
        ASSERT_FALSE(take({message("/a", 1.0)}));
    const auto refused = take({message("/b", 1.0), message("/c", 1.0)});
    ASSERT_TRUE(refused);
    EXPECT_EQ(std::get<std::string>(refused->args[0]), "/c");
    EXPECT_THAT(
        std::get<std::string>(refused->args[1]),
        HasSubstr("4095 messages wait for their time already, 4095 of them of your machine"));
    EXPECT_FALSE(take({message("/d", 1.0)}));
    EXPECT_TRUE(take({message("/e", 1.0)}));
    EXPECT_FALSE(take({at_once("/f"), message("/g", -1.0)})) << "who does not wait is welcome";
    pass(1s);
    EXPECT_EQ(done_.size(), OscSchedule::kMost + 2);
    EXPECT_EQ(done_.back(), "/d");
    EXPECT_FALSE(take({message("/h", 1.0)}));
}

TEST_F(Schedule, OneAddressTakesAQuarterOfWhatTheNetworkHasAndNoneOfThisMachines) {
    is_of_one_sender_ = false;
    const auto fill = [&] {
        std::size_t taken = 0;
        while (taken <= OscSchedule::kMost && !take({message("/a", 1.0)})) ++taken;
        return taken;
    };
    constexpr auto kOfOne = OscSchedule::kMost / 4;
    come_from("192.168.1.7");
    EXPECT_EQ(fill(), kOfOne);
    from_.port(9);
    EXPECT_EQ(fill(), 0U) << "its other port is no other address";
    come_from("192.168.1.8");
    EXPECT_EQ(fill(), kOfOne);
    come_from("192.168.1.9");
    EXPECT_EQ(fill(), kOfOne);
    come_from("fd00::1");
    EXPECT_EQ(fill(), kOfOne);
    come_from("192.168.1.10");
    EXPECT_EQ(fill(), 0U) << "the network has no more";
    come_from("::ffff:127.0.0.1");
    EXPECT_FALSE(take({message("/b", 1.0)})) << "this machine has";
    come_from("127.0.0.1");
    EXPECT_EQ(fill(), OscSchedule::kMost - 1) << "which has one share, however it is called";
    pass(1s);
    EXPECT_EQ(done_.size(), 2 * OscSchedule::kMost);
    come_from("192.168.1.7");
    EXPECT_EQ(fill(), kOfOne) << "seats come back";
    schedule_.clear();
    EXPECT_EQ(fill(), kOfOne) << "so do those of what is forgotten";
}

TEST_F(Schedule, OneAddressHasAQuarterOfTheBytesToo) {
    come_from("192.168.1.7");
    const TimedOscMessage big{{"/a", {std::string(60'000, 'x')}}, seconds_after(wall_, 1.0)};
    std::size_t taken = 0;
    while (taken < OscSchedule::kMost && !take({big})) ++taken;
    EXPECT_GT(taken, 15U);
    EXPECT_LT(taken, 19U);
}

TEST_F(Schedule, BigMessagesAreBoundedByTheirBytes) {
    const TimedOscMessage big{{"/a", {std::string(60'000, 'x')}}, seconds_after(wall_, 1.0)};
    std::size_t taken = 0;
    while (taken < OscSchedule::kMost && !take({big})) ++taken;
    EXPECT_GT(taken, 60U);
    EXPECT_LT(taken, 75U);
    pass(1s);
    EXPECT_EQ(done_.size(), taken);
    EXPECT_FALSE(take({{{"/a", big.args}, seconds_after(wall_, 1.0)}}))
        << "what is done takes none";
}

TEST_F(Schedule, ClearingForgetsAllEvenFromWithin) {
    ASSERT_FALSE(take({message("/a", 0.1), message("/clear", 0.1), message("/b", 0.1)}));
    pass(1s);
    EXPECT_THAT(done_, ElementsAre("/a", "/clear"));
    EXPECT_EQ(schedule_.tally().waiting, 0U);
}

TEST(ScheduleTime, DifferencesOfTimeTagsAreRight) {
    const OscTimeTag now{std::uint64_t{3'900'000'000} << 32U};
    EXPECT_EQ(ahead_of(now, now), Nanos{0});
    EXPECT_EQ(ahead_of(now, seconds_after(now, 1.5)), 1500ms);
    EXPECT_EQ(ahead_of(now, seconds_after(now, -1.5)), -1500ms);
    EXPECT_LT(ahead_of(now, {2}), -Nanos{100 * 365 * 24h}) << "the year 1900 is past";
    EXPECT_GT(ahead_of(now, {~std::uint64_t{0}}), 1h) << "the year 2036 is not";
    const OscTimeTag last{~std::uint64_t{0}};
    EXPECT_NEAR(static_cast<double>(ahead_of(last, seconds_after(last, 2.0)).count()), 2e9, 2.0);
}

TEST(ScheduleTime, TheWallClockGoesOnAndIsOfThisCentury) {
    const auto before = wall_clock_now();
    const auto after = wall_clock_now();
    EXPECT_LE(before, after);
    EXPECT_LT(ahead_of(before, after), 1h);
    EXPECT_GT(before.ntp >> 32U, 3'155'673'600U) << "2000";
}

}  // namespace
}  // namespace fusion
