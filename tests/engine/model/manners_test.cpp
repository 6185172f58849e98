#include "engine/model/manners.hpp"

#include <numeric>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

// Notes from C4 to C6, and a rest, of eighths, quarters and minims.
Vocabulary some_vocabulary() {
    std::vector<Event> events;
    for (const Cells length : {Cells{6}, Cells{12}, Cells{24}}) {
        events.push_back({std::nullopt, length});
        for (std::uint8_t pitch = 60; pitch <= 84; ++pitch)
            events.push_back({Pitch{pitch}, length});
    }
    return *Vocabulary::make(events);
}

class MannersTest : public testing::Test {
protected:
    void play(std::optional<int> pitch, int length, std::size_t genre = 0) {
        const Event event{
            pitch ? std::optional{Pitch{static_cast<std::uint8_t>(*pitch)}} : std::nullopt,
            Cells{length}};
        Blend blend;
        blend.share[genre] = 1.0F;
        memory_.push(*vocabulary_.find(event), static_cast<std::uint8_t>(at_ % 48), blend);
        at_ += length;
    }
    // Of an event that would come now.
    [[nodiscard]] std::set<std::string_view> traits(std::optional<int> pitch, int length) const {
        const auto position = static_cast<std::uint8_t>(at_ % 48);
        const auto now = traits_of(memory_, memory_.recall(position, MeterClass::quadruple),
                                   classes_, vocabulary_, position, MeterClass::quadruple);
        const Event event{
            pitch ? std::optional{Pitch{static_cast<std::uint8_t>(*pitch)}} : std::nullopt,
            Cells{length}};
        const auto of = traits_of_event(now, classes_, *vocabulary_.find(event));
        std::set<std::string_view> names;
        for (std::size_t k = 0; k < kTraits; ++k)
            if (of[k] > 0.0F) names.insert(name_of_trait(k));
        return names;
    }

    Vocabulary vocabulary_ = some_vocabulary();
    EventClasses classes_{vocabulary_};
    LineMemory memory_{vocabulary_};
    int at_ = 0;
};

using testing::Contains;
using testing::IsSupersetOf;
using testing::Not;

TEST_F(MannersTest, ALineThatHasNotBegunHasOnlyWhatTheEventIsByItself) {
    EXPECT_THAT(traits(61, 24), testing::UnorderedElementsAre("tone.outside", "length.long_one",
                                                              "length.to_the_beat"));
    EXPECT_THAT(traits(std::nullopt, 6), testing::UnorderedElementsAre("tone.rest"));
}

TEST_F(MannersTest, IntervalsAreSeenFromTheLastNoteOverRests) {
    play(60, 12);
    play(64, 12);
    play(std::nullopt, 12);
    EXPECT_THAT(traits(64, 12), Contains("tone.repeated"));
    EXPECT_THAT(traits(65, 12), Contains("tone.step"));
    EXPECT_THAT(traits(65, 12), Not(Contains("tone.turned")));
    EXPECT_THAT(traits(62, 12), IsSupersetOf({"tone.step", "tone.turned", "tone.new_class"}));
    EXPECT_THAT(traits(67, 12), Contains("tone.third"));
    EXPECT_THAT(traits(76, 12), IsSupersetOf({"tone.wide", "tone.far"}));
    EXPECT_THAT(traits(76, 12), Not(Contains("tone.new_class"))) << "an E was there";
}

TEST_F(MannersTest, LengthsAreSeenAgainstTheLineAndTheBar) {
    play(60, 12);
    play(62, 6);
    EXPECT_THAT(traits(64, 6), IsSupersetOf({"length.as_last", "length.to_the_beat"}));
    EXPECT_THAT(traits(64, 12), Contains("length.held_over"));
    EXPECT_THAT(traits(64, 24), IsSupersetOf({"length.new_length", "length.long_one"}));
    play(64, 6);
    EXPECT_THAT(traits(65, 24), IsSupersetOf({"length.to_the_bar", "length.to_the_beat"}));
}

TEST_F(MannersTest, WhatReturnsIsWhatTheMemorySays) {
    for (const int pitch : {60, 62, 64, 65, 67, 65, 64, 62}) play(pitch, 6);
    play(60, 6);
    EXPECT_THAT(traits(62, 6), IsSupersetOf({"tone.as_repeat", "tone.as_a_bar_ago",
                                             "length.as_rhythm", "length.as_a_bar_ago"}));
    EXPECT_THAT(traits(64, 6), Not(Contains("tone.as_repeat")));
}

TEST_F(MannersTest, AFigureIsKnownOnAnotherDegreeOfTheScale) {
    for (const int pitch : {60, 62, 64, 60}) play(pitch, 6);  // C D E C
    play(72, 12);
    for (const int pitch : {62, 64, 65}) play(pitch, 6);  // D E F
    EXPECT_THAT(traits(62, 6), Contains("tone.as_degrees"));
    EXPECT_THAT(traits(62, 6), Not(Contains("tone.as_sequence"))) << "E F is no whole tone";
    EXPECT_THAT(traits(60, 6), Not(Contains("tone.as_degrees")));
    play(66, 6);
    for (const int pitch : {60, 62, 64, 60, 65})
        EXPECT_THAT(traits(pitch, 6), Not(Contains("tone.as_degrees")));
}

TEST_F(MannersTest, WhatWasPlayedUnderAnotherBlendDoesNotReturn) {
    for (const int pitch : {60, 62, 64, 60, 67, 67, 67, 67}) play(pitch, 6, 1);
    for (const int pitch : {62, 64, 65}) play(pitch, 6);
    EXPECT_THAT(traits(62, 6), Not(Contains("tone.as_degrees")));
    EXPECT_THAT(traits(62, 6), Not(Contains("length.as_a_bar_ago")));
}

TEST_F(MannersTest, ALeaningChangesTheSharesOfWhatHasTheTraitAlone) {
    play(60, 12);
    std::vector<float> scores(vocabulary_.size(), -1.0F), plain = scores;
    const auto now = traits_of(memory_, memory_.recall(12, MeterClass::quadruple), classes_,
                               vocabulary_, 12, MeterClass::quadruple);
    behave(scores, Manners{}, now, classes_);
    EXPECT_EQ(scores, plain) << "without manners to the bit";
    Manners steps;
    steps.leaning[static_cast<std::size_t>(ToneTrait::step)] = 0.5F;
    steps.leaning[kToneTraits + static_cast<std::size_t>(LengthTrait::long_one)] = -0.25F;
    behave(scores, steps, now, classes_);
    const auto score = [&](int pitch, int length) {
        return scores[*vocabulary_.find({Pitch{static_cast<std::uint8_t>(pitch)}, Cells{length}})];
    };
    EXPECT_FLOAT_EQ(score(62, 12), -0.5F);
    EXPECT_FLOAT_EQ(score(62, 24), -0.75F);
    EXPECT_FLOAT_EQ(score(64, 12), -1.0F);
}

TEST(Manners, OfABlendAreTheMean) {
    std::vector<Manners> two(2);
    two[0].leaning[3] = 1.0F;
    two[1].leaning[3] = -1.0F;
    two[1].leaning[4] = 2.0F;
    Blend blend;
    blend.share[0] = 0.75F;
    blend.share[1] = 0.25F;
    const auto mix = mixed(two, blend);
    EXPECT_FLOAT_EQ(mix.leaning[3], 0.5F);
    EXPECT_FLOAT_EQ(mix.leaning[4], 0.5F);
    EXPECT_EQ(mixed({}, blend), Manners{});
}

TEST(Manners, ComeBackFromTheirBytesAndRefuseOthers) {
    std::vector<Manners> manners(2);
    std::iota(manners[1].leaning.begin(), manners[1].leaning.end(), -16.0F);
    for (float& leaning : manners[1].leaning) leaning /= 10.0F;
    std::vector<std::uint8_t> bytes;
    serialise_manners(manners, bytes);
    const auto read = parse_manners(bytes);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, manners);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut)
        EXPECT_FALSE(parse_manners(std::span{bytes}.first(cut))) << cut;
    bytes.push_back(0);
    EXPECT_FALSE(parse_manners(bytes));
    manners[0].leaning[0] = 5.0F;
    bytes.clear();
    serialise_manners(manners, bytes);
    EXPECT_FALSE(parse_manners(bytes)) << "too far";
}

}  // namespace
}  // namespace fusion
