// Buttons, and knobs for what is no number.
#include <gtest/gtest.h>

#include "tests/daemon/hands/midi_map_rig.hpp"

namespace fusion {
namespace {

TEST_F(MidiMapTest, APressFlipsAToggleAndAReleaseDoesNot) {
    use({{{MidiKind::note, 60, 0, 0}, "mute"}, {{MidiKind::cc, 30, 0, 0}, "hold"}});
    EXPECT_EQ(press(60), Did::turned);
    EXPECT_EQ(release(60), Did::released);
    EXPECT_EQ(value("mute"), 1.0);
    press(60);
    release(60);
    EXPECT_EQ(value("mute"), 0.0);
    cc(30, 127);
    EXPECT_EQ(cc(30, 0), Did::released);
    EXPECT_EQ(value("hold"), 1.0);
    cc(30, 127);
    EXPECT_EQ(value("hold"), 0.0);
    cc(30, 127);
    EXPECT_EQ(value("hold"), 1.0) << "a button that never says it came up";
    cc(30, 0);
    for (unsigned v = 0; v <= 127; ++v) cc(30, v);
    EXPECT_EQ(value("hold"), 0.0) << "a fader flips once on its way";
}

TEST_F(MidiMapTest, MomentaryHoldsForAsLongAsTheButton) {
    map(R"(
[[controller]]
note = 60
target = "hold"
press = "momentary"
[[controller]]
cc = 64
target = "weight/jazz"
press = "momentary"
minimum = 2
maximum = 8
)");
    press(60);
    EXPECT_EQ(value("hold"), 1.0);
    release(60);
    EXPECT_EQ(value("hold"), 0.0);
    cc(64, 127);
    EXPECT_EQ(value("weight/jazz"), 8.0);
    cc(64, 0);
    EXPECT_EQ(value("weight/jazz"), 2.0);
}

TEST_F(MidiMapTest, ActionsAndScenesActOnThePressAlone) {
    std::vector<ActionCall> recalled;
    desk_.assign(ActionId::scene_recall, [&](const ActionCall& call) -> Status {
        recalled.push_back(call);
        return call.text == "gone" ? Status{fail(Error::Code::not_found, "no scene")} : Status{};
    });
    map(R"(
[[controller]]
cc = 30
target = "panic"
[[controller]]
note = 61
target = "scene/Strophe 2"
morph = 4
[[controller]]
note = 62
target = "scene/gone"
)");
    EXPECT_EQ(cc(30, 127), Did::acted);
    EXPECT_EQ(cc(30, 0), Did::released);
    EXPECT_EQ(params_.current().panics, 1U);
    EXPECT_EQ(press(61), Did::acted);
    EXPECT_EQ(release(61), Did::released);
    ASSERT_EQ(recalled.size(), 1U);
    EXPECT_EQ(recalled[0].text, "Strophe 2");
    EXPECT_EQ(recalled[0].number, 4.0);
    const auto outcome = map_->apply(note_on(Channel{0}, Pitch{62}, Velocity{1}), 0);
    EXPECT_EQ(outcome.did, Did::refused);
    EXPECT_EQ(outcome.problem, "no scene");
}

TEST_F(MidiMapTest, AChoiceIsTurnedThroughItsWords) {
    use({{{MidiKind::cc, 30, 0, 0}, "sync"}});
    cc(30, 0);
    EXPECT_EQ(value("sync"), 0.0);
    cc(30, 64);
    EXPECT_EQ(value("sync"), 1.0);
    cc(30, 127);
    EXPECT_EQ(value("sync"), 2.0);
}

TEST_F(MidiMapTest, AMeterThatCannotBeIsRefusedAndTheKnobGoesOn) {
    use({{{MidiKind::cc, 30, 0, 0}, "meter_denominator"}});
    EXPECT_EQ(cc(30, 20), Did::refused);  // 3
    EXPECT_EQ(value("meter_denominator"), 4.0);
    EXPECT_EQ(cc(30, 8), Did::turned);
    EXPECT_EQ(value("meter_denominator"), 2.0);
}

}  // namespace
}  // namespace fusion
