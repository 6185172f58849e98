#include "engine/params/action_desk.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using testing::HasSubstr;

struct Desk : testing::Test {
    SimulatedTime time;
    ParamStore params{{"classical", "jazz"}, time};
    ActionDesk desk{params};
};

TEST_F(Desk, TheStoresOwnActionsAreDoneFromTheStart) {
    ASSERT_TRUE(desk.act(ActionId::stop, {}));
    EXPECT_FALSE(params.current().on(ParamId::playing));
    ASSERT_TRUE(desk.act(ActionId::again, {}));
    EXPECT_EQ(params.current().agains, 1U);
    ASSERT_TRUE(desk.act(ActionId::nudge, {{}, 12.0}));
    EXPECT_EQ(params.current().nudged_ms, 12.0);
}

TEST_F(Desk, WhatNobodyDoesIsRefusedUntilSomebodyDoes) {
    EXPECT_FALSE(desk.act(ActionId::scene_save, {"verse", {}}));
    std::string saved;
    desk.assign(ActionId::scene_save, [&](const ActionCall& call) -> Status {
        saved = call.text;
        return {};
    });
    ASSERT_TRUE(desk.act(ActionId::scene_save, {"verse", {}}));
    EXPECT_EQ(saved, "verse");
}

TEST_F(Desk, ArgumentsAreLookedAtBeforeAnythingIsDone) {
    int calls = 0;
    std::optional<double> beats;
    desk.assign(ActionId::scene_recall, [&](const ActionCall& call) -> Status {
        ++calls;
        beats = call.number;
        return {};
    });
    EXPECT_THAT(desk.act(ActionId::scene_recall, {}).error().message, HasSubstr("is missing"));
    EXPECT_FALSE(
        desk.act(ActionId::scene_recall, {"verse", std::numeric_limits<double>::quiet_NaN()}));
    EXPECT_FALSE(desk.act(ActionId::nudge, {}));
    EXPECT_EQ(calls, 0);
    const auto applied = desk.act(ActionId::scene_recall, {"verse", -3.0});
    ASSERT_TRUE(applied);
    EXPECT_TRUE(applied->clamped);
    EXPECT_EQ(beats, 0.0);
    ASSERT_TRUE(desk.act(ActionId::scene_recall, {"verse", {}}));
    EXPECT_FALSE(beats);
}

TEST_F(Desk, TheRefusalOfWhoDoesItComesBack) {
    desk.assign(ActionId::learn, [](const ActionCall&) -> Status {
        return fail(Error::Code::not_found, "no such path");
    });
    const auto refused = desk.act(ActionId::learn, {"x", {}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "no such path");
}

}  // namespace
}  // namespace fusion
