// Knobs that stand elsewhere than the value.
#include <array>
#include <optional>
#include <random>

#include <gtest/gtest.h>

#include "tests/daemon/hands/midi_map_rig.hpp"

namespace fusion {
namespace {

TEST_F(MidiMapTest, AKnobWaitsToCrossWhatSomeoneElseSet) {
    use(cc_bindings({{20, "tempo"}}));
    EXPECT_EQ(cc(20, 10), Did::turned);
    params_.set(ParamId::tempo, 200.0);
    EXPECT_EQ(cc(20, 11), Did::waits);
    EXPECT_EQ(cc(20, 60), Did::waits);
    EXPECT_EQ(value("tempo"), 200.0);
    EXPECT_EQ(cc(20, 63), Did::turned);
    EXPECT_NEAR(value("tempo"), 203.5, 0.1);
    EXPECT_EQ(cc(20, 127), Did::turned);
}

TEST_F(MidiMapTest, TheParameterAndTheBindingSayWhetherItWaits) {
    map(R"(
[[controller]]
cc = 1
target = "tempo"
[[controller]]
cc = 2
target = "gate"
takeover = "jump"
)");
    cc(1, 10);
    cc(2, 10);
    params_.set(ParamId::tempo, 200.0);
    params_.set(ParamId::gate, 0.9);
    EXPECT_EQ(cc(1, 11), Did::waits);
    EXPECT_EQ(cc(2, 11), Did::turned);
    params_.set(ParamId::takeover, 0.0);
    EXPECT_EQ(cc(1, 12), Did::turned);
}

TEST_F(MidiMapTest, TwoControllersThatSendTheSameEachCross) {
    use(cc_bindings({{20, "tempo"}}));
    cc(20, 100, 0);
    EXPECT_EQ(cc(20, 20, 1), Did::turned) << "nobody knew where it stood";
    EXPECT_EQ(cc(20, 101, 0), Did::waits);
    EXPECT_EQ(cc(20, 21, 1), Did::turned);
    EXPECT_EQ(cc(20, 10, 0), Did::turned) << "crossed from above";
    EXPECT_EQ(cc(20, 22, 1), Did::waits);
    EXPECT_EQ(cc(20, 22, 1, 5), Did::turned) << "another channel is another knob";
}

TEST_F(MidiMapTest, AValueOutOfTheKnobsReachIsTakenUpAtTheNearestEnd) {
    map("[[controller]]\ncc = 1\ntarget = \"tempo\"\nminimum = 60\nmaximum = 180\n");
    cc(1, 10);
    params_.set(ParamId::tempo, 300.0);
    EXPECT_EQ(cc(1, 126), Did::waits);
    EXPECT_EQ(cc(1, 127), Did::turned);
    EXPECT_EQ(value("tempo"), 180.0);
}

TEST_F(MidiMapTest, AnEchoOfOurOwnFeedbackLeavesTheValueExact) {
    use(cc_bindings({{20, "weight/1"}}));
    const auto before = params_.current().revision;
    EXPECT_EQ(cc(20, 64), Did::turned) << "5 is shown as 64";
    EXPECT_EQ(value("weight/jazz"), 5.0);
    EXPECT_EQ(params_.current().revision, before);
}

// The half: a knob that stands where the value is shown leaves it as exact as it was.
TEST_F(MidiMapTest, NoKnobJumpsFurtherThanItMovedAndHalfAPosition) {
    use(cc_bindings({{20, "tempo"}}));
    std::mt19937 dice{5};
    std::uniform_int_distribution position{0, 127};
    std::bernoulli_distribution elsewhere{0.3};
    const double step = 390.0 / 127;
    std::array<std::optional<int>, 4> stood{};
    int turned = 0;
    for (int i = 0; i < 20'000; ++i) {
        if (elsewhere(dice)) params_.set(ParamId::tempo, 10.0 + step * position(dice) * 0.99);
        const auto input = static_cast<std::size_t>(position(dice) % 4);
        const int to = position(dice);
        const double before = value("tempo");
        const auto did = cc(20, static_cast<unsigned>(to), input);
        if (stood[input]) {
            const double moved = step * (std::abs(to - *stood[input]) + 0.5);
            ASSERT_LE(std::abs(value("tempo") - before), moved + 1e-3) << i;
        }
        if (did == Did::turned) ++turned;
        stood[input] = to;
    }
    EXPECT_GT(turned, 1000);
}

}  // namespace
}  // namespace fusion
