#include "engine/realtime/clock/groove.hpp"

#include <gtest/gtest.h>

namespace fusion::test {
namespace {

constexpr Ticks kEighth{480};
constexpr Swing kTriplets{kEighth, 2.0 / 3.0};

Step step_at(Ticks start, Ticks duration, std::int32_t lean = 0) {
    Step step;
    step.start = start;
    step.duration = duration;
    step.lean = lean;
    return step;
}

// Long under way: nothing that a lean could come before.
Groove under_way() {
    Groove groove;
    groove.start(Ticks{0});
    return groove;
}

TEST(Groove, LeansAfterItSwings) {
    auto groove = under_way();
    groove.set_swing(kTriplets);
    EXPECT_EQ(groove.swung(kEighth), Ticks{640});
    EXPECT_EQ(groove.heard(kEighth, -20), Ticks{620});
    EXPECT_EQ(groove.heard(beats(1), 15), beats(1) + Ticks{15});
}

TEST(Groove, AnEndMovesWithItsBeginningAndSwingsOnItsOwn) {
    auto groove = under_way();
    groove.set_swing(kTriplets);
    const auto step = step_at(Ticks{0}, kEighth, 10);
    const auto heard = groove.heard(step.start, step.lean);
    EXPECT_EQ(groove.end_of(step, kEighth, heard), Ticks{650});
    EXPECT_EQ(groove.end_of(step, Ticks{240}, heard), Ticks{330});
    EXPECT_EQ(groove.end_of(step, beats(9), heard), Ticks{650}) << "no longer than the step";
}

TEST(Groove, NothingIsHeardBeforeTheStartNorBeforeTheStepBefore) {
    Groove groove;
    groove.start(beats(4));
    EXPECT_EQ(groove.heard(beats(4), -30), beats(4));
    groove.played(beats(5) + Ticks{90});
    EXPECT_EQ(groove.heard(beats(5) + Ticks{60}, -30), beats(5) + Ticks{90});
    groove.not_before(beats(2));
    EXPECT_EQ(groove.heard(beats(5) + Ticks{60}, -30), beats(5) + Ticks{90}) << "never back";
    groove.not_before(beats(6));
    EXPECT_EQ(groove.heard(beats(5) + Ticks{60}, -30), beats(6));
}

TEST(Groove, AStepThatWouldLeanIntoWhatIsDecidedIsMetAtTheNextTick) {
    auto groove = under_way();
    const auto step = step_at(beats(1), kEighth, -100);
    groove.decided(Ticks{900});
    groove.meet(step, step.start, Ticks{910});
    EXPECT_EQ(groove.heard(step.start, step.lean), Ticks{911});
}

TEST(Groove, AStepThatComesLateForItsLeanIsNoLaterThanOnTheGrid) {
    auto groove = under_way();
    const auto step = step_at(beats(1), kEighth, -100);
    groove.decided(Ticks{950});
    groove.meet(step, step.start, Ticks{970});
    EXPECT_EQ(groove.heard(step.start, step.lean), beats(1));
}

TEST(Groove, ALeanIntoWhatIsStillOpenIsKept) {
    auto groove = under_way();
    const auto step = step_at(beats(1), kEighth, -50);
    groove.decided(Ticks{900});
    groove.meet(step, step.start, Ticks{920});
    EXPECT_EQ(groove.heard(step.start, step.lean), Ticks{910});
}

TEST(Groove, ALineThatBeginsAnewMayBeHeardFromItsBeginning) {
    Groove groove;
    groove.start(Ticks{0});
    groove.played(beats(50));
    groove.rewind();
    groove.start(Ticks{0});
    EXPECT_EQ(groove.heard(Ticks{0}, 0), Ticks{0});
}

}  // namespace
}  // namespace fusion::test
