#include "engine/model/recall.hpp"

#include <random>

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

Blend blend_of(float first, float second) {
    Blend blend;
    blend.share[0] = first;
    blend.share[1] = second;
    return blend;
}

class RecallTest : public testing::Test {
protected:
    EventId quaver(int pitch) const {
        return *vocabulary_.find({Pitch{static_cast<std::uint8_t>(pitch)}, Cells{6}});
    }
    EventId rest() const { return *vocabulary_.find({std::nullopt, Cells{6}}); }

    // Goes on with quavers from where the line stands.
    void play(const std::vector<int>& pitches, const Blend& blend = blend_of(1.0F, 0.0F)) {
        for (const int pitch : pitches) {
            memory_.push(pitch == 0 ? rest() : quaver(pitch), position(), blend);
            ++played_;
        }
    }
    std::uint8_t position() const { return static_cast<std::uint8_t>(played_ * 6 % 48); }
    Recall now() const { return memory_.recall(position(), MeterClass::quadruple); }
    static EventId in(const Recall& recall, RecallSlot slot) {
        return recall.event[static_cast<std::size_t>(slot)];
    }

    const Vocabulary vocabulary_ = scale();
    LineMemory memory_{vocabulary_};
    int played_ = 0;
};

TEST_F(RecallTest, AnEmptyLineRecallsNothing) { EXPECT_EQ(now(), Recall{}); }

TEST_F(RecallTest, ALineThatNeverRepeatsRecallsNothingButItsLastNote) {
    play({60, 0, 67});
    const Recall recall = now();
    EXPECT_EQ(in(recall, RecallSlot::repeat), kNothingRecalled);
    EXPECT_EQ(recall.repeat_strength, 0);
    EXPECT_EQ(recall.last_pitch, 67);
    play({0});
    EXPECT_EQ(now().last_pitch, 67) << "a rest is no note";
}

TEST_F(RecallTest, RepeatIsWhatFollowedTheLongestPassageThatEndsAlike) {
    play({60, 62, 64, 65, 50, 62, 64, 72, 51, 60, 62, 64});
    EXPECT_EQ(in(now(), RecallSlot::repeat), quaver(65));
}

TEST_F(RecallTest, AmongPassagesOfOneLengthThePlaceInTheBarDecidesThenTheNewest) {
    // 60 62 is followed by 70 (place 2), 71 (place 6), 72 (place 1); now the line stands at 2.
    play({60, 62, 70, 50, 60, 62, 71, 60, 62, 72, 55, 56, 57, 58, 59, 49, 60, 62});
    ASSERT_EQ(position(), 12);
    EXPECT_EQ(in(now(), RecallSlot::repeat), quaver(70));
    const auto aligned = now().repeat_strength;
    play({54, 53, 52, 60, 62});  // place 7: none of them stood there
    EXPECT_EQ(in(now(), RecallSlot::repeat), quaver(54)) << "the newest";
    EXPECT_EQ(now().repeat_strength + 1, aligned);
}

TEST_F(RecallTest, StrengthGrowsWithThePassage) {
    std::uint8_t before = 0;
    std::vector<int> tune;
    tune.reserve(40);
    for (int i = 0; i < 40; ++i) tune.push_back(48 + i * 7 % 37);
    play(tune);
    for (const std::size_t heard : {1, 2, 3, 4, 6, 8, 12, 16, 24, 32}) {
        LineMemory longer{vocabulary_};
        std::swap(longer, memory_);
        played_ = 0;
        play(tune);
        play({tune.begin(), tune.begin() + static_cast<std::ptrdiff_t>(heard)});
        EXPECT_GT(now().repeat_strength, before) << heard;
        EXPECT_EQ(in(now(), RecallSlot::repeat), quaver(tune[heard]));
        before = now().repeat_strength;
    }
    EXPECT_LT(before, kRecallStrengths);
}

TEST_F(RecallTest, SaysHowManyBarsBackTheRepeatLies) {
    std::vector<int> tune;
    tune.reserve(37);
    for (int i = 0; i < 37; ++i) tune.push_back(48 + i);
    play(tune);
    play({48, 49});  // 37 quavers back: between four and five bars
    const auto far = now().repeat_distance;
    play({84, 48, 49});
    const auto near = now().repeat_distance;
    EXPECT_GT(near, 0);
    EXPECT_GT(far, near);
    EXPECT_LT(far, kRecallDistances);
}

TEST_F(RecallTest, CountsTheRoundsOfALoopAndTiresOfIt) {
    const std::vector<int> bar{60, 62, 64, 65, 67, 69, 71, 72};
    play(bar);
    for (std::uint8_t round = 0; round < kMostRounds; ++round) {
        EXPECT_EQ(now().repeat_rounds, round);
        EXPECT_EQ(in(now(), RecallSlot::bar_1), quaver(60));
        play(bar);
    }
    // Four times after the first, and more than four bars.
    Recall nothing_but_the_note;
    nothing_but_the_note.last_pitch = 72;
    nothing_but_the_note.age = now().age;
    nothing_but_the_note.height = now().height;
    nothing_but_the_note.spread = now().spread;
    EXPECT_EQ(now(), nothing_but_the_note);
    play({50});
    play({60, 62});
    EXPECT_EQ(in(now(), RecallSlot::repeat), quaver(64)) << "it has left the loop";
}

TEST_F(RecallTest, AFifthBarLikeTheFourBeforeItMustNotBegin) {
    const std::vector<int> bar{60, 62, 64, 65, 67, 69, 71, 72};
    const auto worn = [this] { return memory_.worn_out(position(), MeterClass::quadruple); };
    play({50, 51, 52, 53, 54, 55, 56, 57});
    for (int i = 0; i < 4; ++i) {
        for (const int pitch : bar) {
            EXPECT_EQ(worn(), std::nullopt) << i;
            play({pitch});
        }
    }
    EXPECT_EQ(worn(), quaver(60));
    play({61});
    EXPECT_EQ(worn(), std::nullopt) << "this bar is another already";
    play({62, 64, 65, 67, 69, 71, 72});
    for (int i = 0; i < 3; ++i) play(bar);
    EXPECT_EQ(worn(), std::nullopt) << "three of them now";
}

TEST_F(RecallTest, BarsWearOutInEveryMetre) {
    // Six quavers a bar; the line stands at a bar line of three beats.
    const auto place = [this] { return static_cast<std::uint8_t>(played_ * 6 % 36); };
    for (int bar = 0; bar < 5; ++bar)
        for (const int pitch : {60, 62, 64, 65, 67, 69}) {
            const auto worn = memory_.worn_out(place(), MeterClass::triple);
            if (bar < 4) {
                EXPECT_EQ(worn, std::nullopt) << bar;
            } else if (pitch == 60) {
                EXPECT_EQ(worn, quaver(60));
            }
            memory_.push(quaver(pitch), place(), blend_of(1.0F, 0.0F));
            ++played_;
        }
}

TEST_F(RecallTest, ANoteMayBeRepeatedForBars) {
    play(std::vector<int>(24, 60));
    EXPECT_EQ(in(now(), RecallSlot::repeat), quaver(60));
    EXPECT_EQ(now().repeat_rounds, kRecallRounds - 1);
    play(std::vector<int>(12, 60));
    EXPECT_EQ(in(now(), RecallSlot::repeat), kNothingRecalled);
}

TEST_F(RecallTest, SequenceIsATransposedPassageAndItsFollowerMovesWithIt) {
    play({60, 62, 64, 72, 65, 67, 69});
    EXPECT_EQ(in(now(), RecallSlot::sequence), quaver(77));
    EXPECT_EQ(in(now(), RecallSlot::repeat), kNothingRecalled);
}

TEST_F(RecallTest, ASequenceMayHoldRestsAndLeadToOne) {
    play({60, 0, 62, 0, 50, 65, 0, 67});
    EXPECT_EQ(in(now(), RecallSlot::sequence), rest());
}

TEST_F(RecallTest, ASequenceThatLeavesTheVocabularyIsNotRecalled) {
    play({60, 62, 80, 70, 72});  // 90 is beyond it
    EXPECT_EQ(in(now(), RecallSlot::sequence), kNothingRecalled);
    EXPECT_EQ(now().sequence_strength, 0);
}

TEST_F(RecallTest, ARhythmIsRecalledWhateverItsNotes) {
    const auto crotchet = [this](int pitch) {
        memory_.push(*vocabulary_.find({Pitch{static_cast<std::uint8_t>(pitch)}, Cells{12}}),
                     position(), blend_of(1.0F, 0.0F));
        played_ += 2;
    };
    play({60, 62});
    crotchet(64);
    play({70, 0});
    crotchet(55);
    play({80, 50});  // two quavers, as before the first crotchet; the rest was none
    EXPECT_EQ(in(now(), RecallSlot::rhythm), *vocabulary_.find({Pitch{64}, Cells{12}}));
    EXPECT_GT(now().rhythm_strength, 0);
    EXPECT_EQ(in(now(), RecallSlot::repeat), kNothingRecalled);
    EXPECT_EQ(in(now(), RecallSlot::sequence), kNothingRecalled);
}

TEST_F(RecallTest, TellsHowTheLastNoteLiesInTheLine) {
    play({60, 62, 64, 62, 60});
    const Recall middle = now();
    EXPECT_EQ(middle.age, 3);  // four to seven events
    play({84});
    EXPECT_GT(now().height, middle.height + 5);
    EXPECT_GT(now().spread, middle.spread);
    play({48});
    EXPECT_LT(now().height, middle.height);
    play(std::vector<int>(600, 60));
    EXPECT_LT(now().age, kRecallAges);
    EXPECT_EQ(now().spread, 1) << "the wide leaps are out of reach";
}

TEST_F(RecallTest, EightAndSixteenBarsBackAreRemembered) {
    for (int i = 0; i < 128; ++i) play({48 + i % 31});
    EXPECT_EQ(in(now(), RecallSlot::bar_8), quaver(48 + 64 % 31));
    EXPECT_EQ(in(now(), RecallSlot::bar_16), quaver(48));
}

TEST_F(RecallTest, BarsAreOneTwoAndFourBarsBackAtThisPlace) {
    for (int i = 0; i < 32; ++i) play({48 + i});
    EXPECT_EQ(in(now(), RecallSlot::bar_1), quaver(48 + 24));
    EXPECT_EQ(in(now(), RecallSlot::bar_2), quaver(48 + 16));
    EXPECT_EQ(in(now(), RecallSlot::bar_4), quaver(48));
    EXPECT_EQ(in(memory_.recall(position(), MeterClass::triple), RecallSlot::bar_1),
              quaver(48 + 26));
}

TEST_F(RecallTest, NothingBeganThereWhereALongNoteSounded) {
    memory_.push(*vocabulary_.find({Pitch{60}, Cells{12}}), 0, blend_of(1.0F, 0.0F));
    played_ = 2;
    play({62, 64, 65, 67, 69, 71, 72});  // now one bar after the middle of the long note
    EXPECT_EQ(in(now(), RecallSlot::bar_1), kNothingRecalled);
}

TEST_F(RecallTest, WhatWasMadeUnderAnotherBlendIsNotRecalledUntilItsBlendComesBack) {
    play({60, 62, 64, 65, 67, 69, 71, 72}, blend_of(1.0F, 0.0F));
    play({60, 62}, blend_of(0.0F, 1.0F));
    EXPECT_EQ(in(now(), RecallSlot::repeat), kNothingRecalled);
    EXPECT_EQ(in(now(), RecallSlot::bar_1), kNothingRecalled);
    EXPECT_EQ(now().last_pitch, 62) << "the line itself goes on";
    play({64}, blend_of(1.0F, 0.0F));
    EXPECT_EQ(in(now(), RecallSlot::repeat), quaver(65));
}

TEST_F(RecallTest, ASmallTurnOfAWeightForgetsNothing) {
    play({60, 62, 64}, blend_of(0.8F, 0.2F));
    play({50, 60, 62}, blend_of(0.4F, 0.6F));
    EXPECT_EQ(in(now(), RecallSlot::repeat), quaver(64));
}

TEST_F(RecallTest, WhatIsTakenBackWasNeverThere) {
    play({60, 62, 64, 65, 60, 62});
    const Recall before = now();
    play({70, 71, 60, 62, 64}, blend_of(0.0F, 1.0F));
    memory_.pop(5);
    played_ -= 5;
    EXPECT_EQ(now(), before);
    memory_.clear();
    played_ = 0;
    EXPECT_EQ(now(), Recall{});
}

// However long the line has run, and whatever was tried on the way, only the last events count.
TEST_F(RecallTest, RecallsTheSameAfterHoursAsAfterALookAtTheLastEventsAlone) {
    std::mt19937 bits{7};
    std::uniform_int_distribution<int> pitch{60, 64};
    std::vector<int> line;
    for (int i = 0; i < 6000; ++i) {
        if (i % 97 == 0) {
            play(std::vector<int>(LineMemory::kMostPopped, 72));
            memory_.pop(LineMemory::kMostPopped);
            played_ -= static_cast<int>(LineMemory::kMostPopped);
        }
        line.push_back(pitch(bits));
        play({line.back()});
        if (i % 500 != 499 || i < 1000) continue;
        const Recall after_hours = now();
        const auto seen = LineMemory::kReach + LineMemory::kLongestPassage;
        LineMemory whole{vocabulary_};
        std::swap(whole, memory_);
        const int at = played_;
        played_ = at - static_cast<int>(seen);
        play({line.end() - static_cast<std::ptrdiff_t>(seen), line.end()});
        EXPECT_EQ(now(), after_hours) << i;
        std::swap(whole, memory_);
        played_ = at;
    }
}

TEST_F(RecallTest, AWholeLinesRecallsNeverLookAhead) {
    std::mt19937 bits{3};
    std::uniform_int_distribution<std::size_t> any{0, vocabulary_.size() - 1};
    std::vector<EventId> events;
    std::vector<std::uint8_t> positions, meters;
    for (int i = 0; i < 200; ++i) {
        events.push_back(static_cast<EventId>(i % 3 == 0 ? any(bits) : any(bits) % 4));
        positions.push_back(static_cast<std::uint8_t>(i * 6 % 48));
        meters.push_back(0);
    }
    const auto all = recall_along(events, positions, meters, vocabulary_);
    for (const std::size_t until : {1U, 50U, 120U}) {
        auto changed = events;
        for (std::size_t i = until; i < changed.size(); ++i)
            changed[i] = static_cast<EventId>(any(bits));
        const auto other = recall_along(changed, positions, meters, vocabulary_);
        for (std::size_t i = 0; i <= until; ++i) EXPECT_EQ(other[i], all[i]) << i;
    }
}

TEST(EventClassesTest, TonesAscendWithTheRestLastAndEveryEventHasItsOwn) {
    const Vocabulary vocabulary = scale();
    const EventClasses classes{vocabulary};
    ASSERT_EQ(classes.tones.size(), 38U);
    EXPECT_EQ(classes.tones.front(), Pitch{48});
    EXPECT_EQ(classes.tones.back(), std::nullopt);
    EXPECT_EQ(classes.lengths, (std::vector<Cells>{Cells{6}, Cells{12}}));
    for (std::size_t e = 0; e < vocabulary.size(); ++e) {
        const Event& event = vocabulary[static_cast<EventId>(e)];
        EXPECT_EQ(classes.tones[classes.tone_of[e]], event.pitch);
        EXPECT_EQ(classes.lengths[classes.length_of[e]], event.duration);
    }
}

}  // namespace
}  // namespace fusion
