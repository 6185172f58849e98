// The hand that is a little late or early: what moves and what does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/realtime/clock/clock_rig.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using testing::IsEmpty;

TEST(Lean, MovesTheNoteAndItsEndAndNotTheGrid) {
    for (const Nanos lead : {Nanos{0}, Nanos{milliseconds{20}}}) {
        ClockRig rig{lead};
        const std::array<std::int32_t, 5> leans{0, 30, -40, 45, 0};
        for (const auto lean : leans) {
            auto step = rig.next();
            step.step.lean = lean;
            step.step.gate = Ticks{480};
            step.parts[0] = part_note(kLow, Ticks{240});
            rig.send(step);
        }
        rig.set("part/classical", 1);
        std::size_t early_or_late = 0;
        rig.sink.refuse_when([&](const TimedMessage& message) {
            if (!message.at_once && message.deadline - rig.time.now() != lead) ++early_or_late;
            return false;
        });
        rig.run_for(milliseconds{2450});
        const auto on = rig.of(note_on(Channel{0}, kMiddle, kVelocity));
        const auto off = rig.of(note_off(Channel{0}, kMiddle));
        const auto part_on = rig.of(note_on(Channel{1}, kLow, kVelocity));
        const auto part_off = rig.of(note_off(Channel{1}, kLow));
        ASSERT_EQ(on.size(), 5U);
        ASSERT_EQ(off.size(), 5U);
        ASSERT_EQ(part_on.size(), 5U);
        ASSERT_EQ(part_off.size(), 5U);
        for (std::size_t i = 0; i < leans.size(); ++i) {
            const auto begins = beats(static_cast<std::int64_t>(i)) + Ticks{leans[i]};
            EXPECT_EQ(on[i].deadline, rig.at(begins)) << i;
            EXPECT_EQ(off[i].deadline, rig.at(begins + Ticks{480})) << i;
            EXPECT_EQ(part_on[i].deadline, rig.at(begins)) << i;
            EXPECT_EQ(part_off[i].deadline, rig.at(begins + Ticks{240})) << i;
            EXPECT_EQ(rig.committed()[i].tick, beats(static_cast<std::int64_t>(i)));
            EXPECT_EQ(rig.committed()[i].due, on[i].deadline);
        }
        EXPECT_EQ(early_or_late, 0U);
        EXPECT_EQ(rig.meters.lateness.max(), Micros{0});
        EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
    }
}

TEST(Lean, EndsTheNoteBeforeNoLaterThanTheOneThatComesEarly) {
    ClockRig rig;
    auto first = rig.next(kLow);
    first.step.lean = 60;
    auto second = rig.next(kHigh);
    second.step.lean = -60;
    rig.send(first);
    rig.send(second);
    rig.run_for(milliseconds{900});
    const auto off = rig.of(note_off(Channel{0}, kLow));
    const auto on = rig.of(note_on(Channel{0}, kHigh, kVelocity));
    ASSERT_EQ(off.size(), 1U);
    ASSERT_EQ(on.size(), 1U);
    EXPECT_EQ(on[0].deadline, rig.at(beats(1) - Ticks{60}));
    EXPECT_EQ(off[0].deadline, on[0].deadline);
}

TEST(Lean, DoesNotBeginBeforeTheStartNorBeforeTheStepBefore) {
    ClockRig rig;
    auto first = rig.next(kLow);
    first.step.lean = -100;
    auto second = rig.next(kMiddle);
    second.step.duration = second.step.gate = Ticks{80};
    second.step.lean = 90;  // longer than itself
    auto third = rig.next(kHigh);
    third.step.start = beats(1) + Ticks{80};
    third.step.lean = -90;
    for (const auto& step : {first, second, third}) rig.send(step);
    rig.run_for(milliseconds{900});
    const auto on = rig.sink.notes_on();
    ASSERT_EQ(on.size(), 3U);
    EXPECT_EQ(on[0].deadline, rig.at(Ticks{0}));
    EXPECT_EQ(on[1].deadline, rig.at(beats(1) + Ticks{90}));
    EXPECT_EQ(on[2].deadline, on[1].deadline);
    EXPECT_EQ(rig.meters.late_steps.load(), 0U);
    EXPECT_EQ(rig.meters.lateness.max(), Micros{0});
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(Lean, OfAStepThatComesAfterItsLeanedMomentIsTheNextTick) {
    ClockRig rig;
    rig.send(rig.next());
    auto straight = rig.next(kHigh);
    rig.send(straight);
    rig.run_for(milliseconds{485});
    auto leaned = straight;  // made anew, with a hand that is 52 ms early: 448 ms is past
    leaned.step.lean = -100;
    leaned.serial = 100;
    rig.send(leaned);
    const auto now = rig.time.now();
    rig.run_for(milliseconds{30});
    const auto on = rig.of(note_on(Channel{0}, kHigh, kVelocity));
    ASSERT_EQ(on.size(), 1U);
    EXPECT_GE(on[0].deadline, now);
    EXPECT_LE(on[0].deadline, now + Nanos{600'000});
    EXPECT_EQ(rig.meters.lateness.max(), Micros{0});
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(Lean, ComesAfterSwing) {
    ClockRig rig;
    rig.set("swing", 0.75);
    auto first = rig.next(kLow);
    first.step.duration = first.step.gate = Ticks{240};
    auto second = rig.next(kHigh);
    second.step.start = Ticks{240};
    second.step.lean = -20;
    rig.send(first);
    rig.send(second);
    rig.run_for(milliseconds{300});
    const auto on = rig.of(note_on(Channel{0}, kHigh, kVelocity));
    ASSERT_EQ(on.size(), 1U);
    EXPECT_EQ(on[0].deadline, rig.at(Ticks{360 - 20}));
}

TEST(Lean, ALateHandOnAStepShorterThanItIsNoLateStep) {
    ClockRig rig;
    for (int i = 0; i < 12; ++i) {
        auto step = rig.next();
        step.step.duration = step.step.gate = Ticks{40};
        step.step.start = Ticks{40 * i};
        step.step.lean = i % 3 == 0 ? 150 : -150;
        rig.send(step);
    }
    rig.run_for(milliseconds{500});
    EXPECT_EQ(rig.sink.notes_on().size(), 12U);
    EXPECT_EQ(rig.meters.late_steps.load(), 0U);
    EXPECT_THAT(rig.faults_at_the_end(), IsEmpty());
}

TEST(Lean, DoesNotBeginBeforeTheLineGoesOn) {
    ClockRig rig;
    rig.send(rig.next());
    auto second = rig.next(kHigh);
    rig.send(second);
    rig.run_for(milliseconds{490});
    rig.params.act(ActionId::stop).value();
    rig.turn();
    second.step.lean = -100;
    second.serial = 100;
    rig.send(second);
    rig.run_for(milliseconds{100});
    rig.params.act(ActionId::play).value();
    const auto asked = rig.time.now();
    rig.run_for(milliseconds{50});
    const auto on = rig.of(note_on(Channel{0}, kHigh, kVelocity));
    ASSERT_EQ(on.size(), 1U);
    EXPECT_EQ(on[0].deadline, asked);
    EXPECT_EQ(rig.meters.lateness.max(), Micros{0});
}

TEST(Lean, IsWholeAgainAfterARestart) {
    ClockRig rig;
    for (int i = 0; i < 6; ++i) rig.send(rig.next());
    rig.run_for(milliseconds{2400});
    auto last = rig.next();  // comes too late to be so early
    last.step.index = 5;
    last.step.lean = -200;
    last.serial = 100;
    rig.send(last);
    rig.run_for(milliseconds{50});
    rig.params.act(ActionId::restart).value();
    rig.index = 0;
    rig.serial = 200;
    rig.turn();
    rig.send(rig.next());
    auto early = rig.next(kHigh);
    early.step.lean = -100;
    rig.send(early);
    rig.run_for(milliseconds{520});
    const auto on = rig.of(note_on(Channel{0}, kHigh, kVelocity));
    ASSERT_EQ(on.size(), 1U);
    EXPECT_EQ(on[0].deadline, rig.at(beats(1) - Ticks{100}));
}

TEST(Lean, OfARepeatDoesNotReachBeforeTheUnderrun) {
    ClockRig rig;
    for (int i = 0; i < 4; ++i) {
        auto step = rig.next();
        step.step.lean = -50;
        rig.send(step);
    }
    rig.run_for(milliseconds{3900});
    const auto on = rig.sink.notes_on();
    ASSERT_EQ(on.size(), 8U);
    EXPECT_EQ(on[4].deadline, rig.at(beats(4)));
    EXPECT_EQ(on[5].deadline, rig.at(beats(5) - Ticks{50})) << "the hand is repeated too";
    EXPECT_EQ(rig.meters.lateness.max(), Micros{0});
}

TEST(Lean, BringsNoStepIntoARenderThatBeginsAtItsEnd) {
    ClockRig rig;
    rig.core->play_until(beats(1));
    rig.send(rig.next());
    auto beyond = rig.next(kHigh);
    beyond.step.lean = -100;
    rig.send(beyond);
    rig.run_for(milliseconds{600});
    EXPECT_EQ(rig.committed().size(), 1U);
}

}  // namespace
}  // namespace fusion::test
