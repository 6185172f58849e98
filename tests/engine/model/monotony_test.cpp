#include "engine/model/monotony.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace fusion {
namespace {

// C and D as eighths and quarters, and a rest.
Vocabulary two_notes() {
    return *Vocabulary::make({{Pitch{60}, Cells{6}},
                              {Pitch{60}, Cells{12}},
                              {Pitch{62}, Cells{6}},
                              {Pitch{62}, Cells{12}},
                              {std::nullopt, Cells{6}}});
}

class WornNote : public testing::Test {
protected:
    void play(std::optional<Pitch> pitch, std::int32_t cells = 6) {
        memory_.push(*vocabulary_.find({pitch, Cells{cells}}), 0, Blend{});
    }
    const Vocabulary vocabulary_ = two_notes();
    LineMemory memory_{vocabulary_};
};

TEST_F(WornNote, IsTheOneThatCameSixteenTimesInARowWhateverItsLengths) {
    EXPECT_FALSE(worn_note(memory_));
    for (std::size_t i = 0; i < kMostSameNotes; ++i) {
        EXPECT_FALSE(worn_note(memory_)) << i;
        play(Pitch{60}, i % 3 == 0 ? 12 : 6);
    }
    EXPECT_EQ(worn_note(memory_), Pitch{60});
    play(std::nullopt);
    EXPECT_EQ(worn_note(memory_), Pitch{60}) << "a rest is no other note";
    play(Pitch{62});
    EXPECT_FALSE(worn_note(memory_));
}

TEST_F(WornNote, IsForbiddenAtAnyLengthWhereAnotherNoteIsPossible) {
    std::vector<float> scores{-1.0F, -2.0F, -9.0F, -9.0F, -3.0F};
    forbid_note(scores, vocabulary_, Pitch{60});
    EXPECT_FALSE(std::isfinite(scores[0]));
    EXPECT_FALSE(std::isfinite(scores[1]));
    EXPECT_TRUE(std::isfinite(scores[2]));
    EXPECT_TRUE(std::isfinite(scores[4]));
    constexpr float kNever = -std::numeric_limits<float>::infinity();
    std::vector<float> alone{-1.0F, -2.0F, kNever, kNever, -3.0F};
    forbid_note(alone, vocabulary_, Pitch{60});
    EXPECT_TRUE(std::isfinite(alone[0])) << "a rest alone would be silence for ever";
}

}  // namespace
}  // namespace fusion
