#include "daemon/hands/controller_feedback.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/time_source.hpp"

namespace fusion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ControllerFeedbackTest : public testing::Test {
protected:
    // Everything was told once, and is forgotten here.
    void map(std::string_view toml) {
        auto bindings = parse_controllers(toml, "test");
        ASSERT_TRUE(bindings) << bindings.error().message;
        map_.emplace(std::move(*bindings), params_, desk_, time_);
        feedback_.emplace(*map_, params_, [this](const MidiMessage& message) {
            if (room_ == 0) return false;
            --room_;
            sent_.push_back(message);
            return true;
        });
        turn();
        sent_.clear();
    }
    void hear(const MidiMessage& message, std::size_t input = 0) {
        feedback_->heard(map_->apply(message, input));
    }
    // A round, and what it sent.
    std::vector<MidiMessage> turn(std::chrono::milliseconds later = std::chrono::milliseconds{10}) {
        time_.sleep_until(time_.now() + later);
        feedback_->turn(time_.now());
        return std::exchange(sent_, {});
    }
    static MidiMessage cc(unsigned controller, unsigned value, std::uint8_t channel = 0) {
        return control_change(Channel{channel}, controller, value);
    }
    static MidiMessage note(std::uint8_t pitch, std::uint8_t velocity) {
        return note_on(Channel{0}, Pitch{pitch}, Velocity{velocity});
    }

    SimulatedTime time_;
    ParamStore params_{{"jazz", "pop"}, time_};
    ActionDesk desk_{params_};
    std::optional<MidiMap> map_;
    std::optional<ControllerFeedback> feedback_;
    std::vector<MidiMessage> sent_;
    std::size_t room_ = 1000;
};

TEST_F(ControllerFeedbackTest, AChangedValueIsToldInTheWordsOfItsController) {
    map(R"(
[[controller]]
cc = 20
target = "weight/1"
[[controller]]
cc14 = 1
channel = 3
target = "weight/1"
[[controller]]
nrpn = 1234
target = "weight/1"
[[controller]]
pitch_bend = true
channel = 9
target = "weight/1"
)");
    params_.set_weight(0, 10.0);
    EXPECT_THAT(turn(),
                ElementsAre(cc(20, 127), cc(1, 127, 2), cc(33, 127, 2), cc(99, 9), cc(98, 82),
                            cc(6, 127), cc(38, 127), channel_message(0xE0, Channel{8}, 127, 127)));
    EXPECT_THAT(turn(), IsEmpty());
}

TEST_F(ControllerFeedbackTest, TheValueComesBackThroughRangeAndCurve) {
    map(R"(
[[controller]]
cc = 20
target = "tempo"
minimum = 180
maximum = 60
[[controller]]
cc = 21
target = "tempo"
curve = "exponential"
)");
    params_.set(ParamId::tempo, 60.0);
    const auto sent = turn();
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[0], cc(20, 127));
    EXPECT_NEAR(ControllerRange(params_.parameters()[0], map_->bound(1).binding)
                    .value(sent[1].bytes()[2], 127),
                60.0, 2.0);
}

TEST_F(ControllerFeedbackTest, AKnobDoesNotHearWhatItHasSentButAnotherOnTheSameControlDoes) {
    map(R"(
[[controller]]
cc = 20
target = "octave"
[[controller]]
cc = 21
target = "octave"
)");
    hear(cc(20, 100));
    const auto octave = params_.current().integer(ParamId::octave);
    EXPECT_EQ(octave, 2);
    EXPECT_THAT(turn(), ElementsAre(cc(21, 95))) << "rounded, for the other alone";
    params_.set(ParamId::octave, 4.0);
    EXPECT_THAT(turn(), ElementsAre(cc(20, 127), cc(21, 127)));
}

TEST_F(ControllerFeedbackTest, TheSameKnobOnAnotherChannelIsTold) {
    map("[[controller]]\ncc = 20\ntarget = \"weight/1\"\n");
    hear(cc(20, 10, 4));
    EXPECT_THAT(turn(), ElementsAre(cc(20, 10))) << "channel 1, where nothing was heard yet";
    params_.set_weight(0, 10.0);
    EXPECT_THAT(turn(), ElementsAre(cc(20, 127), cc(20, 127, 4)));
}

TEST_F(ControllerFeedbackTest, AKnobThatWaitsIsLeftAloneUntilTheValueChanges) {
    map("[[controller]]\ncc = 20\nchannel = 1\ntarget = \"weight/1\"\n");
    hear(cc(20, 10));
    params_.set_weight(0, 10.0);
    EXPECT_THAT(turn(), ElementsAre(cc(20, 127)));
    hear(cc(20, 11));
    EXPECT_THAT(turn(), IsEmpty());
    params_.set_weight(0, 0.0);
    EXPECT_THAT(turn(), ElementsAre(cc(20, 0)));
}

TEST_F(ControllerFeedbackTest, WhatWasRefusedIsTold) {
    map("[[controller]]\ncc = 20\nchannel = 1\ntarget = \"meter_denominator\"\n");
    hear(cc(20, 20));
    EXPECT_THAT(turn(), ElementsAre(cc(20, 25))) << "4 goes on";
}

TEST_F(ControllerFeedbackTest, AButtonsLightFollowsTheStateAndNotTheFinger) {
    map(R"(
[[controller]]
note = 60
target = "mute"
[[controller]]
cc = 30
target = "hold"
)");
    hear(note(60, 127));
    EXPECT_THAT(turn(), IsEmpty()) << "lit by itself";
    hear(note_off(Channel{0}, Pitch{60}));
    EXPECT_THAT(turn(), ElementsAre(note(60, 127))) << "put out by itself";
    hear(note(60, 127));
    EXPECT_THAT(turn(), ElementsAre(note(60, 0)));
    params_.set(ParamId::hold, 1.0);
    EXPECT_THAT(turn(), ElementsAre(cc(30, 127)));
}

TEST_F(ControllerFeedbackTest, EncodersProgramsAndActionsAreNotTold) {
    map(R"(
[[controller]]
cc = 1
target = "tempo"
encoder = "offset"
[[controller]]
program = 3
target = "mute"
[[controller]]
note = 60
target = "panic"
)");
    params_.set(ParamId::tempo, 300.0);
    params_.set(ParamId::mute, 1.0);
    hear(note(60, 1));
    hear(cc(1, 65));
    feedback_->send_all();
    EXPECT_THAT(turn(), IsEmpty());
}

TEST_F(ControllerFeedbackTest, OneRoundInTenMillisecondsWithTheNewestValue) {
    map("[[controller]]\ncc = 20\ntarget = \"weight/1\"\n");
    params_.set_weight(0, 1.0);
    EXPECT_EQ(turn().size(), 1U);
    params_.set_weight(0, 2.0);
    EXPECT_THAT(turn(std::chrono::milliseconds{3}), IsEmpty());
    params_.set_weight(0, 10.0);
    EXPECT_THAT(turn(std::chrono::milliseconds{3}), IsEmpty());
    EXPECT_THAT(turn(std::chrono::milliseconds{4}), ElementsAre(cc(20, 127)));
}

TEST_F(ControllerFeedbackTest, WhatFoundNoRoomGoesOutLaterWhole) {
    map("[[controller]]\ncc14 = 1\ntarget = \"weight/1\"\n");
    params_.set_weight(0, 10.0);
    room_ = 1;
    EXPECT_THAT(turn(), ElementsAre(cc(1, 127)));
    room_ = 10;
    EXPECT_THAT(turn(ControllerFeedback::kAfterRefusal), ElementsAre(cc(1, 127), cc(33, 127)));
}

TEST_F(ControllerFeedbackTest, WhoComesIsToldEverything) {
    map("[[controller]]\ncc = 20\ntarget = \"weight/1\"\n[[controller]]\ncc = 21\ntarget = "
        "\"weight/2\"\n");
    EXPECT_THAT(turn(), IsEmpty());
    feedback_->send_all();
    EXPECT_THAT(turn(), ElementsAre(cc(20, 64), cc(21, 64)));
}

TEST_F(ControllerFeedbackTest, WhatIsLearnedIsToldFromThenOnAndTheRestStaysAsItWas) {
    map("[[controller]]\ncc = 20\ntarget = \"weight/1\"\n");
    ASSERT_TRUE(map_->learn("weight/2"));
    hear(cc(22, 90));
    EXPECT_THAT(turn(), IsEmpty()) << "it is in somebody's hand";
    params_.set_weight(1, 10.0);
    EXPECT_THAT(turn(), ElementsAre(cc(22, 127)));
    ASSERT_TRUE(map_->unlearn("weight/2"));
    params_.set_weight(1, 0.0);
    params_.set_weight(0, 0.0);
    EXPECT_THAT(turn(), ElementsAre(cc(20, 0)));
}

// Position to value to position, once around through the store.
TEST_F(ControllerFeedbackTest, WhatAKnobSetIsShownByAnotherLikeItAtTheSamePosition) {
    for (const char* curve : {"linear", "exponential", "logarithmic"}) {
        std::string all;
        for (const int controller : {20, 21})
            all += fmt::format(
                "[[controller]]\ncc = {}\ntarget = \"weight/1\"\ncurve = \"{}\"\n"
                "minimum = 8\nmaximum = 0.5\n",
                controller, curve);
        map(all);
        hear(cc(20, 0));
        turn();
        for (unsigned position = 1; position <= 127; ++position) {
            hear(cc(20, position));
            ASSERT_THAT(turn(), ElementsAre(cc(21, position))) << curve;
        }
    }
}

}  // namespace
}  // namespace fusion
