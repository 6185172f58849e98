#include "daemon/terminal/view_hand.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/time_source.hpp"

namespace fusion {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Key = KeyPress::Key;
using Page = ViewHand::Page;

class ViewHandTest : public testing::Test {
protected:
    ViewHandTest() {
        for (const auto action : {ActionId::scene_recall, ActionId::scene_save})
            actions_.assign(action, [this, action](const ActionCall& call) -> Status {
                if (call.text == "bad") return fail(Error::Code::not_found, "no scene 'bad'");
                calls_.push_back(std::string{spec(action).name} + " " + call.text +
                                 (call.number ? " " + std::to_string(*call.number) : ""));
                return {};
            });
    }
    bool press(char32_t character) { return hand_.press({Key::character, character}); }
    bool press(Key key) { return hand_.press({key, 0}); }
    void type(std::u32string_view text) {
        for (const auto character : text) press(character);
    }
    double weight(std::size_t genre) {
        return static_cast<double>(params_.current().weights.value[genre]);
    }
    const ParamSnapshot& now() { return params_.current(); }

    SimulatedTime time_;
    ParamStore params_{{"jazz", "pop"}, time_};
    ActionDesk actions_{params_};
    std::vector<std::string> names_{"verse", "bad", "chorus"};
    std::vector<std::string> calls_;
    ViewHand hand_{params_, actions_, [this] { return names_; }};
};

TEST_F(ViewHandTest, SpaceStopsAndPlays) {
    press(U' ');
    EXPECT_FALSE(now().on(ParamId::playing));
    press(U' ');
    EXPECT_TRUE(now().on(ParamId::playing));
}

TEST_F(ViewHandTest, ANumberChoosesAGenreAndArrowsTurnItsWeight) {
    press(U'2');
    press(Key::up);
    EXPECT_EQ(weight(1), 5.5);
    press(Key::page_down);
    EXPECT_EQ(weight(1), 3.5);
    EXPECT_EQ(weight(0), 5.0);
    press(Key::right);
    EXPECT_EQ(hand_.genre(), 0U);
    press(Key::left);
    EXPECT_EQ(hand_.genre(), 1U);
    press(U'3');
    EXPECT_EQ(hand_.genre(), 1U) << "there is no third";
}

TEST_F(ViewHandTest, AWeightStaysInItsRange) {
    press(Key::end);
    press(Key::up);
    EXPECT_EQ(weight(0), 10.0);
    press(Key::home);
    press(Key::page_down);
    EXPECT_EQ(weight(0), 0.0);
    EXPECT_EQ(hand_.said(), "");
}

TEST_F(ViewHandTest, TheMusicsKeysTurnTheMusic) {
    press(U'+');
    press(U'+');
    press(U'-');
    EXPECT_EQ(now().real(ParamId::tempo), 121.0);
    press(U'h');
    press(U'm');
    EXPECT_TRUE(now().on(ParamId::hold) && now().on(ParamId::mute));
    press(U'm');
    EXPECT_FALSE(now().on(ParamId::mute));
    press(U'>');
    press(U'>');
    press(U'<');
    EXPECT_EQ(now().nudged_ms, 10.0);
    type(U"par");
    EXPECT_EQ(now().panics, 1U);
    EXPECT_EQ(now().agains, 1U);
    EXPECT_EQ(now().restarts, 1U);
}

TEST_F(ViewHandTest, ASceneIsChosenFromTheListAndRecalledOrMorphedTo) {
    press(U's');
    ASSERT_EQ(hand_.page(), Page::scenes);
    press(Key::up);
    press(Key::enter);
    EXPECT_EQ(hand_.page(), Page::live);
    press(U's');
    press(U'm');
    EXPECT_THAT(calls_, ElementsAre("scene/recall chorus 0.000000", "scene/recall verse 8.000000"));
    press(U's');
    press(Key::escape);
    EXPECT_EQ(hand_.page(), Page::live);
    EXPECT_EQ(calls_.size(), 2U);
}

TEST_F(ViewHandTest, WhatIsRefusedIsSaidUntilTheNextKey) {
    press(U's');
    press(Key::down);
    press(Key::enter);
    EXPECT_THAT(hand_.said(), HasSubstr("no scene 'bad'"));
    press(Key::up);
    EXPECT_EQ(hand_.said(), "");
    names_.clear();
    press(U's');
    EXPECT_EQ(hand_.page(), Page::live);
    EXPECT_THAT(hand_.said(), HasSubstr("no scenes yet"));
}

TEST_F(ViewHandTest, ASceneIsSavedUnderTheNameThatIsTyped) {
    press(U'w');
    type(U"Strö");
    press(Key::erase);
    type(U"o q");
    EXPECT_EQ(hand_.typed(), "Stro q") << "keys are letters here";
    press(Key::enter);
    EXPECT_THAT(calls_, ElementsAre("scene/save Stro q"));
    EXPECT_THAT(hand_.said(), HasSubstr("'Stro q' is saved"));
    press(U'w');
    press(Key::enter);
    press(U'w');
    press(U'x');
    press(Key::escape);
    EXPECT_EQ(calls_.size(), 1U) << "no name, or not after all";
}

TEST_F(ViewHandTest, ANameIsNoLongerThanASceneMayHave) {
    press(U'w');
    for (int i = 0; i < 200; ++i) press(U'ä');
    EXPECT_EQ(hand_.typed().size(), 2 * 64U);
}

TEST_F(ViewHandTest, OnlyASecondQEnds) {
    EXPECT_TRUE(press(U'q'));
    EXPECT_TRUE(press(U'p')) << "any other key goes on";
    EXPECT_EQ(now().panics, 0U) << "and does nothing else";
    EXPECT_TRUE(press(U'q'));
    EXPECT_FALSE(press(U'q'));
}

TEST_F(ViewHandTest, HelpGoesWithAnyKey) {
    press(U'?');
    ASSERT_EQ(hand_.page(), Page::help);
    press(U' ');
    EXPECT_EQ(hand_.page(), Page::live);
    EXPECT_TRUE(now().on(ParamId::playing));
}

}  // namespace
}  // namespace fusion
