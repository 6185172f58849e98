#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.hpp"
#include "tests/daemon/hands/midi_map_rig.hpp"

namespace fusion {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(MidiMapTest, WhatMovesNextIsLearnedForItsChannelAndInput) {
    use(cc_bindings(default_cc_targets()));
    ASSERT_TRUE(map_->learn("tempo"));
    EXPECT_EQ(map_->learning(), "tempo");
    EXPECT_EQ(cc(20, 40, 1, 2), Did::learned);
    EXPECT_EQ(map_->learning(), "");
    EXPECT_EQ(value("tempo"), 120.0) << "learning turns nothing";
    EXPECT_EQ(cc(20, 127, 1, 2), Did::turned);
    EXPECT_EQ(value("tempo"), 400.0);
    cc(20, 127, 0, 2);
    EXPECT_EQ(value("weight/jazz"), 10.0) << "others keep theirs";
    EXPECT_THAT(news_, ElementsAre("learn: what moves next turns tempo",
                                   "learned: CC 20 on channel 3 of input 2 turns tempo"));
    EXPECT_EQ(changes_, 1);
    EXPECT_EQ(map_->bindings().back(), (MidiBinding{{MidiKind::cc, 20, 3, 2}, "tempo"}));
}

TEST_F(MidiMapTest, ASecondLearningOfTheSameKnobReplacesTheFirst) {
    use({});
    map_->learn("tempo");
    cc(20, 40);
    map_->learn("gate");
    cc(20, 41);
    EXPECT_THAT(map_->bindings(), ElementsAre(MidiBinding{{MidiKind::cc, 20, 1, 1}, "gate"}));
    map_->learn("gate");
    cc(21, 41);
    EXPECT_EQ(map_->size(), 2U) << "one target may have several";
}

TEST_F(MidiMapTest, APairIsKnownByItsSecondHalf) {
    use({});
    map_->learn("tempo");
    cc(1, 40);
    pass(std::chrono::milliseconds{2});
    EXPECT_EQ(cc(33, 7), Did::learned);
    EXPECT_THAT(map_->bindings(), ElementsAre(MidiBinding{{MidiKind::cc14, 1, 1, 1}, "tempo"}));
    cc(1, 127);
    cc(33, 127);
    EXPECT_EQ(value("tempo"), 400.0);
}

TEST_F(MidiMapTest, APairAtItsLowerEndIsKnownToo) {
    use({});
    map_->learn("tempo");
    EXPECT_EQ(cc(1, 0), Did::nothing);
    EXPECT_EQ(cc(33, 7), Did::learned);
    EXPECT_THAT(map_->bindings(), ElementsAre(MidiBinding{{MidiKind::cc14, 1, 1, 1}, "tempo"}));
}

TEST_F(MidiMapTest, WhatFollowsLaterOrNotAtOnceIsNoSecondHalf) {
    use({});
    map_->learn("tempo");
    cc(1, 40);
    pass(std::chrono::milliseconds{21});
    cc(33, 7);
    EXPECT_EQ(map_->bindings().front().source.kind, MidiKind::cc);
    map_->learn("tempo");
    cc(2, 40);
    cc(9, 1);
    cc(34, 7);
    EXPECT_EQ(map_->bindings().back().source, (MidiSource{MidiKind::cc, 2, 1, 1}));
    map_->learn("tempo");
    cc(3, 40);
    cc(35, 7, 1);
    EXPECT_EQ(map_->bindings().back().source, (MidiSource{MidiKind::cc, 3, 1, 1}))
        << "another input's";
}

TEST_F(MidiMapTest, UnlearningBetweenTheHalvesHarmsNothing) {
    use({});
    map_->learn("tempo");
    cc(1, 40);
    EXPECT_TRUE(map_->unlearn("tempo"));
    EXPECT_EQ(cc(33, 7), Did::nothing);
    EXPECT_EQ(map_->size(), 0U);
}

TEST_F(MidiMapTest, AnNrpnIsLearnedByItsData) {
    use({});
    map_->learn("tempo");
    cc(99, 9);
    cc(98, 82);
    EXPECT_EQ(cc(6, 64), Did::learned);
    EXPECT_THAT(map_->bindings(),
                ElementsAre(MidiBinding{{MidiKind::nrpn, (9 << 7) + 82, 1, 1}, "tempo"}));
    EXPECT_EQ(cc(38, 3), Did::turned);
}

TEST_F(MidiMapTest, NotesAreLearnedWhereAPressMakesSenseAndTheirReleaseDoesNotTrigger) {
    use({});
    map_->learn("tempo");
    EXPECT_EQ(press(60), Did::nothing) << "somebody plays";
    map_->learn("hold");
    EXPECT_EQ(release(60), Did::nothing);
    EXPECT_EQ(press(61), Did::learned);
    EXPECT_EQ(release(61), Did::released);
    EXPECT_EQ(value("hold"), 0.0);
    press(61);
    EXPECT_EQ(value("hold"), 1.0);
    map_->learn("scene/Strophe 2");
    EXPECT_EQ(press(62), Did::learned);
    EXPECT_EQ(map_->bindings().back().target, "scene/Strophe 2");
}

TEST_F(MidiMapTest, TheReleaseOfALearnedButtonTurnsNothing) {
    use({});
    map_->learn("weight/jazz");
    EXPECT_EQ(cc(30, 0), Did::nothing) << "one that is let go is not learned";
    EXPECT_EQ(cc(30, 127), Did::learned);
    EXPECT_EQ(cc(30, 0), Did::released);
    EXPECT_EQ(value("weight/jazz"), 5.0);
    EXPECT_EQ(cc(30, 127), Did::turned);
    map_->learn("panic");
    EXPECT_EQ(cc(31, 127), Did::learned);
    EXPECT_EQ(cc(31, 0), Did::released);
    EXPECT_EQ(params_.current().panics, 0U);
    EXPECT_EQ(cc(31, 127), Did::acted);
}

TEST_F(MidiMapTest, LearningIsGivenUpInTimeOrWhenAsked) {
    use({});
    map_->learn("tempo");
    pass(std::chrono::milliseconds{59'999});
    map_->turn(time_.now());
    EXPECT_EQ(map_->learning(), "tempo");
    pass(std::chrono::milliseconds{1});
    EXPECT_EQ(cc(1, 40), Did::nothing);
    EXPECT_EQ(map_->learning(), "");
    map_->learn("gate");
    EXPECT_TRUE(map_->learn(""));
    EXPECT_TRUE(map_->learn(""));
    EXPECT_THAT(news_, ElementsAre("learn: what moves next turns tempo",
                                   "learn: nothing moved for 60 s, so nothing new turns tempo",
                                   "learn: what moves next turns gate",
                                   "learn: nothing turns gate after all"));
    EXPECT_EQ(changes_, 0);
}

TEST_F(MidiMapTest, PathsThatAreNotThereAreToldWithTheNearest) {
    use({});
    const auto slip = map_->learn("tmepo");
    ASSERT_FALSE(slip);
    EXPECT_EQ(slip.error().code, Error::Code::not_found);
    EXPECT_THAT(slip.error().message, HasSubstr("did you mean 'tempo'?"));
    EXPECT_THAT(map_->learn("weight/jaz").error().message, HasSubstr("'weight/jazz'"));
    EXPECT_THAT(map_->learn("weight/3").error().message, HasSubstr("2 genres"));
    EXPECT_THAT(map_->learn("nudge").error().message, HasSubstr("wants arguments"));
    EXPECT_FALSE(map_->learn("scene/"));
    EXPECT_FALSE(map_->unlearn("tmepo"));
    EXPECT_EQ(map_->learning(), "");
}

TEST_F(MidiMapTest, UnlearningTakesAllOffWhateverTheyCallIt) {
    use(cc_bindings({{20, "weight/1"}, {21, "weight/jazz"}, {22, "tempo"}}));
    EXPECT_TRUE(map_->unlearn("weight/jazz"));
    EXPECT_THAT(map_->bindings(), ElementsAre(MidiBinding{{MidiKind::cc, 22, 0, 0}, "tempo"}));
    EXPECT_EQ(changes_, 1);
    EXPECT_THAT(map_->unlearn("weight/jazz").error().message, HasSubstr("nothing turns"));
    EXPECT_EQ(cc(20, 127), Did::nothing);
}

TEST_F(MidiMapTest, WhatWasLearnedOutlivesItsWriting) {
    use({});
    map_->learn("scene/\"A\"");
    press(60);
    map_->learn("weight/1");
    cc(20, 5);
    const auto before = map_->bindings();
    const auto read = parse_controllers(format_controllers(before), "state");
    ASSERT_TRUE(read);
    map_->replace(*read);
    EXPECT_EQ(map_->bindings(), before);
}

}  // namespace
}  // namespace fusion
