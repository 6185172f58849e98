#include "daemon/hands/controller_takeover.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "daemon/hands/controller_range.hpp"

namespace fusion {
namespace {

TEST(ControllerTakeover, ActsFromTheFirstMessageAndWhileNobodyElseTurns) {
    ControllerTakeover takeover;
    EXPECT_EQ(takeover.moved(1.0, 5.0, 5.0, 0.0), ControllerTakeover::Verdict::acts);
    takeover.acted(1.0);
    EXPECT_EQ(takeover.moved(9.0, 1.0, 1.0, 0.0), ControllerTakeover::Verdict::acts);
}

TEST(ControllerTakeover, WaitsForTheCrossingAndNotForCloseness) {
    using enum ControllerTakeover::Verdict;
    ControllerTakeover takeover;
    takeover.moved(1.0, 5.0, 5.0, 1e-9);
    takeover.acted(1.0);
    EXPECT_EQ(takeover.moved(4.0, 5.0, 5.0, 1e-9), waits);
    EXPECT_EQ(takeover.moved(4.999, 5.0, 5.0, 1e-9), waits) << "close is not there";
    EXPECT_EQ(takeover.moved(4.0, 5.0, 5.0, 1e-9), waits);
    EXPECT_EQ(takeover.moved(9.0, 5.0, 5.0, 1e-9), acts) << "a fast hand";
    takeover.acted(9.0);
    EXPECT_EQ(takeover.moved(7.0, 2.0, 2.0, 1e-9), waits) << "from above as well";
    EXPECT_EQ(takeover.moved(2.0, 2.0, 2.0, 1e-9), acts) << "reached";
}

TEST(ControllerTakeover, WhereTheValueCameToTheKnobItIsTakenUp) {
    using enum ControllerTakeover::Verdict;
    ControllerTakeover takeover;
    takeover.moved(3.0, 5.0, 5.0, 1e-9);
    takeover.acted(3.0);
    EXPECT_EQ(takeover.moved(4.0, 6.0, 6.0, 1e-9), waits);
    EXPECT_EQ(takeover.moved(5.0, 4.0, 4.0, 1e-9), acts) << "stood at 4, and so does the value";
}

TEST(ControllerTakeover, AValueThatComesBackIsFollowedOnlyByAKnobThatHasNotMovedOn) {
    using enum ControllerTakeover::Verdict;
    ControllerTakeover takeover;
    takeover.moved(3.0, 5.0, 5.0, 1e-9);
    takeover.acted(3.0);
    EXPECT_EQ(takeover.moved(3.5, 3.0, 3.0, 1e-9), acts);
    takeover.acted(3.5);
    EXPECT_EQ(takeover.moved(1.0, 9.0, 9.0, 1e-9), waits);
    EXPECT_EQ(takeover.moved(2.0, 3.5, 3.5, 1e-9), waits);
}

TEST(ControllerTakeover, NeverJumpsFurtherThanTheHand) {
    std::mt19937 dice{7};
    std::uniform_int_distribution position{0, 127};
    std::uniform_real_distribution<double> anywhere{10.0, 400.0};
    std::bernoulli_distribution somebody{0.2};
    MidiBinding binding;
    binding.curve = Curve::exponential;
    const auto parameters = parameters_of({});
    const ControllerRange tempo{parameters[static_cast<std::size_t>(ParamId::tempo)], binding};
    ControllerTakeover takeover;
    double value = 120.0;
    double before = 120.0;
    bool known = false;
    int took = 0;
    for (int i = 0; i < 100'000; ++i) {
        if (somebody(dice)) value = anywhere(dice);
        const double to = tempo.value(static_cast<unsigned>(position(dice)), 127);
        const auto verdict = takeover.moved(to, value, tempo.clamped(value), tempo.tolerance());
        if (verdict == ControllerTakeover::Verdict::acts) {
            if (known) {
                ASSERT_LE(std::abs(to - value), std::abs(to - before) + 1e-3);
            }
            value = to;
            takeover.acted(value);
            ++took;
        }
        before = to;
        known = true;
    }
    EXPECT_GT(took, 1000);
}

}  // namespace
}  // namespace fusion
