#include "daemon/hands/section_teller.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/time_source.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SectionTellerTest : public testing::Test {
protected:
    void SetUp() override {
        desk_.assign_to(actions_);
        static_cast<void>(params_.set_weight(0, 5.0, 0.0));
    }
    // Each as "A at 16", in beats.
    std::vector<std::string> take() { return std::exchange(told_, {}); }
    void beats_up_to(std::int64_t end) {
        for (; beat_ < end; ++beat_) {
            PlayedEvent event;
            event.kind = PlayedEvent::Kind::beat;
            event.tick = beats(beat_);
            event.due = kBegin + beat_ * 500ms;
            teller_.played(event);
        }
    }
    Status say(std::string_view sections) { return desk_.arrange(sections); }

    static constexpr TimePoint kBegin{100s};
    SimulatedTime time_;
    ParamStore params_{{"jazz"}, time_};
    ActionDesk actions_{params_};
    HarmonyDesk desk_{params_};
    std::int64_t beat_ = 0;
    std::vector<std::string> told_;
    SectionTeller teller_{
        desk_, [this](const std::string& section, TimePoint due) {
            told_.push_back(section + " at " + std::to_string((due - kBegin) / 500ms));
        }};
};

TEST_F(SectionTellerTest, TellsEachSectionWhereItBegins) {
    ASSERT_TRUE(say("A B4 A'4"));
    beats_up_to(70);
    EXPECT_THAT(take(), ElementsAre("A at 0", "B at 32", "A' at 48", "A at 64"));
    EXPECT_EQ(section_marker("A'"), "section:A'");
}

TEST_F(SectionTellerTest, AHandIsHeardAtOnceAndGivingBackToo) {
    beats_up_to(3);
    EXPECT_THAT(take(), IsEmpty()) << "a bundle without forms has none";
    const auto revision = params_.current().revision;
    ASSERT_TRUE(say("C2 D2"));
    EXPECT_GT(params_.current().revision, revision) << "the planner looks";
    teller_.look(beats(9), kBegin + 9 * 500ms);
    EXPECT_THAT(take(), ElementsAre("D at 9"));
    ASSERT_TRUE(say("free"));
    teller_.look(beats(9), kBegin + 9 * 500ms);
    EXPECT_THAT(take(), ElementsAre("- at 9"));
    ASSERT_TRUE(say(""));
    EXPECT_EQ(desk_.teller().now().form, Form{});
}

TEST_F(SectionTellerTest, WhatCannotBeReadIsToldWithItsPlaceAndTheOldOneStays) {
    ASSERT_TRUE(say("A B"));
    const auto refused = say("A B ?");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("character 5"));
    EXPECT_EQ(desk_.teller().now().form.text(), "A B");
}

TEST_F(SectionTellerTest, AnotherBundleKeepsWhatIsGivenByHand) {
    ASSERT_TRUE(say("A B"));
    ASSERT_TRUE(desk_.play("Am"));
    desk_.plan_from({});
    EXPECT_EQ(desk_.teller().now().form.text(), "A B");
    EXPECT_EQ(desk_.teller().now().progression.text(), "Am");
    beats_up_to(1);
    EXPECT_THAT(take(), ElementsAre("A at 0"));
}

}  // namespace
}  // namespace fusion
