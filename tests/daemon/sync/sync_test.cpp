// What of the parameters goes to Link and comes from it, and what the log is told.
#include "daemon/sync/sync.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/private_network.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class SyncTest : public testing::Test {
protected:
    static void SetUpTestSuite() { static_cast<void>(test::enter_private_network()); }

    SimulatedTime time_;
    ParamStore params_{{"jazz"}, time_};
    SpscQueue<TimedMessage> clocks_{16};
    Sync sync_{std::move(clocks_.out), time_, params_, {}};
};

TEST_F(SyncTest, LinkIsJoinedAndLeftAsTheParameterSays) {
    params_.on_change([this](const ParamSnapshot& now) { sync_.follow(now); });
    EXPECT_FALSE(sync_.link().enabled());
    ASSERT_TRUE(params_.set(ParamId::sync, *find_word(spec(ParamId::sync).words, "link")));
    EXPECT_TRUE(sync_.link().enabled());
    ASSERT_TRUE(params_.set(ParamId::tempo, 97.0));
    sync_.turn();
    EXPECT_EQ(params_.current().real(ParamId::tempo), 97.0) << "our own word is not told back";
    ASSERT_TRUE(params_.set(ParamId::sync, *find_word(spec(ParamId::sync).words, "midi")));
    EXPECT_FALSE(sync_.link().enabled());
}

TEST_F(SyncTest, EachNewsIsToldOnceInWords) {
    EXPECT_THAT(sync_.news(SyncState::internal, Bpm{120.0}), IsEmpty());
    ASSERT_TRUE(params_.set(ParamId::sync, *find_word(spec(ParamId::sync).words, "midi")));
    EXPECT_THAT(sync_.news(SyncState::waiting, Bpm{120.0}), HasSubstr("no MIDI clock is heard"));
    EXPECT_THAT(sync_.news(SyncState::waiting, Bpm{120.0}), IsEmpty());
    EXPECT_THAT(sync_.news(SyncState::locked, Bpm{93.5}), HasSubstr("at 93.50 bpm"));
    EXPECT_THAT(sync_.news(SyncState::freewheeling, Bpm{93.5}), HasSubstr("fell silent"));
    EXPECT_THAT(sync_.news(SyncState::internal, Bpm{93.5}), HasSubstr("our own"));
}

}  // namespace
}  // namespace fusion
