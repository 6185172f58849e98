// Program changes: which, when, and not twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/realtime/clock/clock_rig.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

MidiMessage program(unsigned channel, unsigned number) {
    return program_change(Channel{static_cast<std::uint8_t>(channel - 1)}, number - 1);
}

TEST(Programs, AreSentAtTheStartBeforeTheFirstNoteAndOnlyOnce) {
    ClockRig rig;
    rig.set("program", 5);
    rig.set("part_program/jazz", 128);
    rig.set("part/jazz", 1);
    rig.set("part_program/pop", 3);  // does not play
    for (int i = 0; i < 3; ++i) rig.send(rig.next());
    rig.run_for(milliseconds{1200});
    rig.set("temperature", 0.7);
    rig.set("part_channel/pop", 14);
    rig.run_for(milliseconds{100});
    EXPECT_THAT(rig.programs(), ElementsAre(program(1, 5), program(3, 128)));
    EXPECT_EQ(rig.sink.messages()[0].message, program(1, 5));
    EXPECT_EQ(rig.sink.messages()[1].message, program(3, 128));
}

TEST(Programs, WaitForTheStart) {
    ClockRig rig;
    rig.set("playing", 0);
    rig.set("program", 5);
    rig.begin();  // they are set before there is an engine
    rig.send(rig.next());
    rig.set("tempo", 100);
    rig.run_for(milliseconds{50});
    EXPECT_THAT(rig.programs(), IsEmpty());
    rig.set("playing", 1);
    rig.run_for(milliseconds{50});
    EXPECT_THAT(rig.programs(), ElementsAre(program(1, 5)));
}

TEST(Programs, AreSentWhenTheyChangeAndWhenTheChannelDoes) {
    ClockRig rig;
    for (int i = 0; i < 20; ++i) rig.send(rig.next());
    rig.run_for(milliseconds{50});
    EXPECT_THAT(rig.programs(), IsEmpty()) << "0 sends none";
    rig.set("program", 5);
    rig.turn();
    EXPECT_THAT(rig.programs(), ElementsAre(program(1, 5)));
    rig.set("program", 6);
    rig.turn();
    rig.set("channel", 4);
    rig.turn();
    EXPECT_THAT(rig.programs(), ElementsAre(program(1, 5), program(1, 6), program(4, 6)));
    rig.set("tempo", 90);
    rig.set("program", 6);
    rig.run_for(milliseconds{900});
    EXPECT_EQ(rig.programs().size(), 3U) << "nothing changed";
    rig.set("program", 0);
    rig.run_for(milliseconds{900});
    EXPECT_EQ(rig.programs().size(), 3U);
    rig.set("program", 6);
    rig.turn();
    EXPECT_EQ(rig.programs().size(), 4U) << "asked for anew";
    rig.set("channel", 1);
    rig.turn();
    EXPECT_EQ(rig.programs().back(), program(1, 6));
}

TEST(Programs, OfAPartComeWithThePartAndNotWithEachTurnOfItsToggle) {
    ClockRig rig;
    for (int i = 0; i < 20; ++i) rig.send(rig.next());
    rig.set("part_program/jazz", 33);
    rig.run_for(milliseconds{50});
    EXPECT_THAT(rig.programs(), IsEmpty()) << "it does not play";
    for (int i = 0; i < 3; ++i) {
        rig.set("part/jazz", 1);
        rig.turn();
        EXPECT_THAT(rig.programs(), ElementsAre(program(3, 33))) << i;
        rig.set("part/jazz", 0);
        rig.turn();
    }
    rig.set("part/jazz", 1);
    rig.set("part_channel/jazz", 10);
    rig.turn();
    EXPECT_THAT(rig.programs(), ElementsAre(program(3, 33), program(10, 33)));
}

TEST(Programs, AChannelHasOneTheLinesBeforeAParts) {
    ClockRig rig;
    for (int i = 0; i < 20; ++i) rig.send(rig.next());
    rig.run_for(milliseconds{50});
    rig.set("program", 5);
    rig.turn();
    rig.set("part_channel/jazz", 1);
    rig.set("part_program/jazz", 9);
    rig.set("part/jazz", 1);
    rig.run_for(milliseconds{1200});
    EXPECT_THAT(rig.programs(), ElementsAre(program(1, 5)));
    rig.set("channel", 2);  // leaves channel 1 to the part
    rig.turn();
    EXPECT_THAT(rig.programs(), ElementsAre(program(1, 5), program(1, 9), program(2, 5)));
}

TEST(Programs, AreSentAgainAfterAPanicAndAtTheNextStart) {
    ClockRig rig;
    for (int i = 0; i < 20; ++i) rig.send(rig.next());
    rig.set("program", 5);
    rig.set("part/jazz", 1);
    rig.set("part_program/jazz", 7);
    rig.run_for(milliseconds{50});
    const auto before = rig.programs().size();
    rig.params.act(ActionId::panic).value();
    rig.turn();
    ASSERT_EQ(rig.programs().size(), before + 2);
    EXPECT_EQ(rig.sink.messages().back().message, program(3, 7)) << "after what silences";
    rig.params.act(ActionId::stop).value();
    rig.run_for(milliseconds{50});
    rig.params.act(ActionId::panic).value();
    rig.run_for(milliseconds{50});
    EXPECT_EQ(rig.programs().size(), before + 2) << "the start sends them";
    rig.params.act(ActionId::play).value();
    rig.run_for(milliseconds{5});
    EXPECT_EQ(rig.programs().size(), before + 4);
}

TEST(Programs, ARefusedOneIsOfferedUntilThePortTakesIt) {
    ClockRig rig;
    for (int i = 0; i < 8; ++i) rig.send(rig.next());
    rig.run_for(milliseconds{50});
    bool full = true;
    rig.sink.refuse_when([&](const TimedMessage&) { return full; });
    rig.set("program", 5);
    rig.run_for(milliseconds{20});
    EXPECT_THAT(rig.programs(), IsEmpty());
    full = false;
    rig.run_for(milliseconds{20});
    EXPECT_THAT(rig.programs(), ElementsAre(program(1, 5)));
}

}  // namespace
}  // namespace fusion::test
