#include "daemon/hands/finish_desk.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

class FinishDeskTest : public testing::Test {
protected:
    FinishDeskTest() { desk_.assign_to(actions_); }

    Ticks finish(Ticks head) {
        head_ = head;
        EXPECT_TRUE(actions_.act(ActionId::finish, {}));
        return params_.current().finish_at;
    }
    void stopped(Ticks at) {
        PlayedEvent event;
        event.kind = PlayedEvent::Kind::stopped;
        event.tick = at;
        desk_.played(event);
    }

    SimulatedTime time_;
    ParamStore params_{{"jazz"}, time_};
    ActionDesk actions_{params_};
    Ticks head_{0};
    FinishDesk desk_{params_, [this] { return head_; }};
};

TEST_F(FinishDeskTest, EndsWithThePhrase) { EXPECT_EQ(finish(beats(5)), beats(16)); }

TEST_F(FinishDeskTest, OfWhichABarMustBeLeft) {
    EXPECT_EQ(finish(beats(12)), beats(16)) << "just enough";
    actions_.act(ActionId::play, {}).value();
    EXPECT_EQ(finish(beats(13)), beats(32));
}

TEST_F(FinishDeskTest, ABarIsThatOfTheMetre) {
    ASSERT_TRUE(params_.set(ParamId::meter_numerator, 3));
    EXPECT_EQ(finish(beats(8)), beats(12));
}

TEST_F(FinishDeskTest, AskedForOnceMoreItChangesNothing) {
    EXPECT_EQ(finish(beats(5)), beats(16));
    EXPECT_EQ(finish(beats(15)), beats(16));
}

TEST_F(FinishDeskTest, WhereNothingPlaysThereIsNothingToEnd) {
    actions_.act(ActionId::stop, {}).value();
    EXPECT_LT(finish(beats(5)), Ticks{0});
}

TEST_F(FinishDeskTest, AtTheEndTheTransportIsOff) {
    finish(beats(5));
    stopped(beats(7));
    EXPECT_TRUE(params_.current().on(ParamId::playing)) << "another stop, of another's transport";
    stopped(beats(16));
    EXPECT_FALSE(params_.current().on(ParamId::playing));
    EXPECT_LT(params_.current().finish_at, Ticks{0});
}

}  // namespace
}  // namespace fusion
