#include "daemon/loss_report.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class Losses : public testing::Test {
protected:
    // Each second some are lost.
    void pass(std::chrono::seconds time, std::uint64_t lost) {
        for (std::int64_t s = 0; s < time.count(); ++s) {
            refused_ += lost;
            now_ += 1s;
            report_.look(refused_, nullptr, now_);
        }
    }

    std::vector<std::string> told_;
    LossReport report_{[this](const std::string& line) { told_.push_back(line); }};
    std::uint64_t refused_ = 0;
    TimePoint now_{100h};
};

TEST_F(Losses, AreToldAtOnceAndWithHowMany) {
    pass(1s, 3);
    pass(10s, 0);
    EXPECT_THAT(told_, ElementsAre(HasSubstr("3 MIDI messages found no room")));
}

// 31 million lines a year, when each second told.
TEST_F(Losses, ThatGoOnAreToldLessAndLessOftenAndNoneIsLeftUncounted) {
    pass(24h, 5);
    EXPECT_LE(told_.size(), 40U);
    EXPECT_GE(told_.size(), 24U);
    std::uint64_t all = 0;
    for (const auto& line : told_) all += std::stoull(line);
    EXPECT_GE(all + 5 * 3600, refused_) << "all but the last hour's";
}

TEST_F(Losses, AreNewsAgainAfterAQuietHour) {
    pass(1h, 5);
    pass(2h, 0);
    const auto before = told_.size();
    pass(1s, 1);
    pass(3s, 1);
    EXPECT_GE(told_.size(), before + 2);
}

TEST_F(Losses, OfMalformedMessagesAreToldOnceAndAtTheEnd) {
    report_.malformed_so_far(2);
    report_.malformed_so_far(200);
    report_.malformed_in_the_end(300);
    EXPECT_THAT(told_, ElementsAre(HasSubstr("2 MIDI messages"), HasSubstr("300 MIDI messages")));
}

}  // namespace
}  // namespace fusion
