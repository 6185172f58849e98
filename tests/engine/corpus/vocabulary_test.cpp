#include "engine/corpus/vocabulary.hpp"

#include <algorithm>

#include <gmock/gmock.h>

namespace fusion {
namespace {

Event tone(int pitch, int cells) { return {Pitch{static_cast<std::uint8_t>(pitch)}, Cells{cells}}; }
Event rest(int cells) { return {std::nullopt, Cells{cells}}; }

TEST(Vocabulary, LearnsTheMostFrequentAndEveryRest) {
    const auto learned =
        Vocabulary::learn({{tone(60, 12), 5}, {tone(62, 12), 9}, {tone(59, 6), 7}, {rest(5), 1}},
                          duration_classes().size() + 2);
    ASSERT_TRUE(learned);
    EXPECT_EQ(learned->size(), duration_classes().size() + 2);
    for (const auto duration : duration_classes())
        EXPECT_TRUE(learned->find({std::nullopt, duration}));
    EXPECT_TRUE(learned->find(tone(62, 12)));
    EXPECT_TRUE(learned->find(tone(59, 6)));
    EXPECT_FALSE(learned->find(tone(60, 12)));
    EXPECT_TRUE(std::is_sorted(learned->events().begin(), learned->events().end()));
}

TEST(Vocabulary, RefusesListsThatCannotBe) {
    EXPECT_FALSE(Vocabulary::make({}));
    EXPECT_FALSE(Vocabulary::make({tone(60, 12), tone(60, 12)}));
    EXPECT_FALSE(Vocabulary::make({tone(60, 0)}));
    EXPECT_FALSE(Vocabulary::make({tone(60, 49)}));
    EXPECT_FALSE(Vocabulary::make({tone(128, 12)}));
    std::vector<Event> many;
    for (int pitch = 0; pitch < 128; ++pitch)
        for (int cells = 1; cells <= 33; ++cells) many.push_back(tone(pitch, cells));
    EXPECT_EQ(Vocabulary::make(many).error().code, Error::Code::out_of_range);
    EXPECT_FALSE(Vocabulary::learn({}, 3));
    EXPECT_FALSE(Vocabulary::learn({}, Vocabulary::kMaxSize + 1));
}

TEST(Vocabulary, TheNearestEventKeepsThePitchThenThePitchClassThenTheDuration) {
    const auto words =
        Vocabulary::make({rest(3), rest(12), tone(60, 12), tone(60, 24), tone(74, 6), tone(86, 6)});
    ASSERT_TRUE(words);
    const auto nearest = [&](const Event& event) { return (*words)[words->nearest(event)]; };
    EXPECT_EQ(nearest(tone(60, 24)), tone(60, 24));
    EXPECT_EQ(nearest(tone(60, 16)), tone(60, 12));
    EXPECT_EQ(nearest(tone(62, 3)), tone(74, 6));
    EXPECT_EQ(nearest(tone(98, 3)), tone(86, 6));
    EXPECT_EQ(nearest(tone(61, 10)), rest(12));
    EXPECT_EQ(nearest(rest(2)), rest(3));
}

TEST(Vocabulary, WithoutRestsThereIsStillAnAnswer) {
    const auto words = Vocabulary::make({tone(60, 12)});
    EXPECT_EQ(words->nearest(rest(4)), 0);
    EXPECT_EQ(words->nearest(tone(61, 4)), 0);
}

}  // namespace
}  // namespace fusion
