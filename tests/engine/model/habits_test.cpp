#include "engine/model/habits.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace fusion {
namespace {

// Quavers and crotchets of every pitch from 48 to 84, and their rests.
Vocabulary scale() {
    std::vector<Event> events;
    for (const Cells duration : {Cells{6}, Cells{12}}) {
        events.push_back({std::nullopt, duration});
        for (std::uint8_t pitch = 48; pitch <= 84; ++pitch)
            events.push_back({Pitch{pitch}, duration});
    }
    return *Vocabulary::make(events);
}

Blend only(std::size_t genre) {
    Blend blend;
    blend.share[genre] = 1.0F;
    return blend;
}

class HabitsTest : public testing::Test {
protected:
    void play(int pitch, Cells length, std::size_t genre = 0) {
        const Event event{Pitch{static_cast<std::uint8_t>(pitch)}, length};
        memory_.push(*vocabulary_.find(event), place(), only(genre));
        at_ += length.count();
    }
    std::uint8_t place() const { return static_cast<std::uint8_t>(at_ % 48); }
    Habits now() const { return habits_of(memory_, classes_, place(), MeterClass::quadruple); }

    float of_pitch(ToneHabit habit, int pitch) const {
        const auto tone =
            classes_
                .tone_of[*vocabulary_.find({Pitch{static_cast<std::uint8_t>(pitch)}, Cells{6}})];
        return now().tones[static_cast<std::size_t>(habit) * classes_.tones.size() + tone];
    }
    float of_length(LengthHabit habit, Cells length) const {
        const auto which = classes_.length_of[*vocabulary_.find({Pitch{60}, length})];
        return now().lengths[static_cast<std::size_t>(habit) * classes_.lengths.size() + which];
    }

    const Vocabulary vocabulary_ = scale();
    const EventClasses classes_{vocabulary_};
    LineMemory memory_{vocabulary_};
    std::int64_t at_ = 0;
};

TEST_F(HabitsTest, AnEmptyLineHasNone) { EXPECT_EQ(now(), no_habits(classes_)); }

TEST_F(HabitsTest, WhatALineUsesIsLikelierThanWhatItDoesNot) {
    for (int i = 0; i < 12; ++i) play(i % 2 == 0 ? 60 : 64, Cells{6});
    EXPECT_GT(of_pitch(ToneHabit::tone, 60), 1.0F);
    EXPECT_LT(of_pitch(ToneHabit::tone, 61), 0.0F);
    EXPECT_GT(of_pitch(ToneHabit::pitch_class, 72), 1.0F);  // another C
    EXPECT_LT(of_pitch(ToneHabit::tone, 72), 0.0F);
    EXPECT_GT(of_length(LengthHabit::length, Cells{6}), of_length(LengthHabit::length, Cells{12}));
}

TEST_F(HabitsTest, SharesOfEveryHabitOfWholeSetsSumToOne) {
    for (int i = 0; i < 30; ++i) play(60 + (i * 5) % 12, i % 3 == 0 ? Cells{12} : Cells{6});
    const Habits habits = now();
    const auto sum = [](const std::vector<float>& of, std::size_t row, std::size_t width) {
        double all = 0.0;
        for (std::size_t i = 0; i < width; ++i)
            all += std::exp(static_cast<double>(of[row * width + i])) / static_cast<double>(width);
        return all;
    };
    for (const auto habit : {ToneHabit::tone, ToneHabit::after_tone})
        EXPECT_NEAR(sum(habits.tones, static_cast<std::size_t>(habit), classes_.tones.size()), 1.0,
                    1e-4);
    for (const auto habit : {LengthHabit::length, LengthHabit::after_length, LengthHabit::at_place})
        EXPECT_NEAR(sum(habits.lengths, static_cast<std::size_t>(habit), classes_.lengths.size()),
                    1.0, 1e-4);
}

TEST_F(HabitsTest, ALineThatHasAlwaysGoneFromOneToneToAnotherIsExpectedToAgain) {
    for (int i = 0; i < 9; ++i) play(i % 3 == 0 ? 60 : (i % 3 == 1 ? 67 : 64), Cells{6});
    play(60, Cells{6});
    EXPECT_GT(of_pitch(ToneHabit::after_tone, 67), of_pitch(ToneHabit::after_tone, 64));
    EXPECT_GT(of_pitch(ToneHabit::interval, 67), of_pitch(ToneHabit::interval, 66));
}

TEST_F(HabitsTest, APlaceInTheBarHasItsOwnLengths) {
    // A crotchet on every first beat, quavers on the others.
    for (int bar = 0; bar < 4; ++bar) {
        play(60, Cells{12});
        for (int i = 0; i < 6; ++i) play(62, Cells{6});
    }
    ASSERT_EQ(place(), 0);
    EXPECT_GT(of_length(LengthHabit::at_place, Cells{12}),
              of_length(LengthHabit::at_place, Cells{6}));
    EXPECT_LT(of_length(LengthHabit::length, Cells{12}), of_length(LengthHabit::length, Cells{6}));
    // Nothing ever began a quaver after the bar line.
    EXPECT_GT(of_length(LengthHabit::onset, Cells{12}), of_length(LengthHabit::onset, Cells{6}));
}

TEST_F(HabitsTest, NewerEventsCountMore) {
    for (int i = 0; i < 200; ++i) play(60, Cells{6});
    for (int i = 0; i < 200; ++i) play(67, Cells{6});
    EXPECT_GT(of_pitch(ToneHabit::tone, 67), of_pitch(ToneHabit::tone, 60) + 0.5F);
}

TEST_F(HabitsTest, WhatWasMadeUnderAnotherBlendIsNoHabitOfThisOne) {
    for (int i = 0; i < 20; ++i) play(60, Cells{6}, 0);
    for (int i = 0; i < 4; ++i) play(67, Cells{6}, 1);
    EXPECT_LT(of_pitch(ToneHabit::tone, 60), 0.0F);
    EXPECT_GT(of_pitch(ToneHabit::tone, 67), 1.0F);
    play(67, Cells{6}, 0);
    EXPECT_GT(of_pitch(ToneHabit::tone, 60), 1.0F);
}

TEST_F(HabitsTest, TakingEventsBackTakesTheirHabitsBack) {
    for (int i = 0; i < 20; ++i) play(60 + i % 5, Cells{6});
    const auto before = now();
    const auto was = at_;
    for (int i = 0; i < 7; ++i) play(80, Cells{12});
    EXPECT_NE(now(), before);
    memory_.pop(7);
    at_ = was;
    EXPECT_EQ(now(), before);
}

}  // namespace
}  // namespace fusion
