// What the parameters say before there is a clock: a configuration file, a state that is resumed.
#include <gtest/gtest.h>

#include "tests/engine/realtime/clock/clock_rig.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;

constexpr Ticks kEighth{480};

TEST(Begin, SwingIsInForceFromTheFirstNotes) {
    ClockRig rig;
    rig.set("swing_grid", 0);
    rig.set("swing", 0.75);
    rig.begin();
    for (int i = 0; i < 2; ++i) {
        auto step = rig.next();
        step.step.duration = step.step.gate = kEighth;
        rig.send(step);
    }
    rig.run_for(milliseconds{700});
    const auto on = rig.sink.notes_on();
    ASSERT_EQ(on.size(), 2U);
    EXPECT_EQ(on[1].deadline, rig.at(Ticks{720}));
}

TEST(Begin, TheOffsetIsInForceFromTheFirstNote) {
    ClockRig rig{milliseconds{20}};
    rig.set("offset", 7);
    rig.begin();
    rig.send(rig.next());
    rig.run_for(milliseconds{100});
    const auto on = rig.sink.notes_on();
    ASSERT_EQ(on.size(), 1U);
    EXPECT_EQ(on[0].deadline, rig.at(Ticks{0}) + milliseconds{7});
}

TEST(Begin, TheMidiClockRunsBeforeTheFirstNote) {
    ClockRig rig;
    rig.set("clock_out", 1);
    rig.begin();
    rig.run_for(milliseconds{500});
    EXPECT_GE(rig.of(kMidiClock).size(), 22U) << "a beat's";
}

}  // namespace
}  // namespace fusion::test
