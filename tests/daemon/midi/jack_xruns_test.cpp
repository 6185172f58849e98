#include "daemon/midi/jack_xruns.hpp"

#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace fusion {
namespace {

constexpr float kPeriod = 2667;

TEST(JackXrunsTest, ADriverThatWakesALittleLateHasLostNobodyACycle) {
    JackXruns xruns;
    for (const float delay : {11.F, 12.F, 1300.F, 11.F}) {
        xruns.told(delay, kPeriod);
        EXPECT_FALSE(xruns.take()) << delay;
    }
}

TEST(JackXrunsTest, AClientThatWasNotReadyHas) {
    JackXruns xruns;
    xruns.told(0, kPeriod);
    EXPECT_TRUE(xruns.take());
    EXPECT_FALSE(xruns.take()) << "told once";
    xruns.told(11, kPeriod);
    EXPECT_FALSE(xruns.take());
    xruns.told(11, kPeriod);
    EXPECT_TRUE(xruns.take()) << "the driver's number is an old one";
}

TEST(JackXrunsTest, OfWhatTheDriverSaidBeforeTheClientWasThereNothingIsNew) {
    JackXruns xruns;
    xruns.begin(11);
    xruns.told(11, kPeriod);
    EXPECT_TRUE(xruns.take());
}

TEST(JackXrunsTest, ADriverThatWokeAPeriodLateMayHaveGivenAClientUp) {
    JackXruns xruns;
    xruns.told(kPeriod, kPeriod);
    EXPECT_TRUE(xruns.take());
}

// The driver's thread and the one that notifies run as they like: what is told may be told after
// later numbers were set.
TEST(JackXrunsTest, HoweverTheThreadsRunAClientAmongDriversIsFound) {
    std::mt19937 random{5};
    for (int round = 0; round < 10'000; ++round) {
        enum class Kind : std::uint8_t { driver, client };
        std::vector<Kind> happened(1 + random() % 6, Kind::driver);
        const bool has_client = random() % 2 == 0;
        if (has_client) happened[random() % happened.size()] = Kind::client;
        JackXruns xruns;
        float number = 0;
        std::size_t told = 0;
        for (std::size_t i = 0; i < happened.size(); ++i) {
            if (happened[i] == Kind::driver) ++number;
            while (told <= i && random() % 2 == 0) {
                xruns.told(number, kPeriod);
                ++told;
            }
        }
        for (; told < happened.size(); ++told) xruns.told(number, kPeriod);
        ASSERT_TRUE(!has_client || xruns.take()) << "round " << round;
    }
}

}  // namespace
}  // namespace fusion
