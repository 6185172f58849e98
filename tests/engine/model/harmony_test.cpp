// The law by which the line obeys a chord: what moves, what stays, and what is never lost.
#include "engine/model/harmony.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace fusion {
namespace {

constexpr PitchClassSet kCMajor{0b1010'1011'0101};
constexpr PitchClassSet kTriad{0b0000'1001'0001};  // C E G

// Every note from G3 to C6 as a sixteenth, an eighth, a quarter and a half, and rests.
Vocabulary wide() {
    std::vector<Event> events;
    for (const int cells : {3, 6, 12, 24}) events.push_back({std::nullopt, Cells{cells}});
    for (std::uint8_t pitch = 55; pitch <= 84; ++pitch)
        for (const int cells : {3, 6, 12, 24}) events.push_back({Pitch{pitch}, Cells{cells}});
    return *Vocabulary::make(events);
}

class Harmony : public testing::Test {
protected:
    static HarmonyAsk ask(float pull, int at = 0) {
        HarmonyAsk asked;
        asked.pull = pull;
        asked.now = {kTriad, kCMajor, {}};
        asked.at = Cells{at};
        return asked;
    }
    std::vector<float> some_scores(unsigned seed = 1) const {
        std::mt19937 random{seed};
        std::normal_distribution<float> spread{0.0F, 2.0F};
        std::vector<float> scores(vocabulary_.size());
        for (auto& score : scores) score = spread(random);
        return scores;
    }
    template <class Of>
    double mass(const std::vector<float>& scores, Of of) const {
        double sum = 0.0;
        for (std::size_t e = 0; e < scores.size(); ++e)
            if (of(vocabulary_[static_cast<EventId>(e)])) sum += std::exp(scores[e]);
        return sum;
    }
    static bool is_tone(const Event& event) {
        return event.pitch && kTriad.holds(pitch_class_of(*event.pitch));
    }

    const Vocabulary vocabulary_ = wide();
    const HarmonyExpert expert_{vocabulary_};
};

TEST_F(Harmony, WithoutPullOrChordChangesNoBit) {
    const auto before = some_scores();
    auto scores = before;
    expert_.pull(scores, ask(0.0F), Pitch{60});
    EXPECT_EQ(scores, before);
    auto no_chord = ask(1.0F);
    no_chord.now = {};
    expert_.pull(scores, no_chord, Pitch{60});
    EXPECT_EQ(scores, before);
    expert_.pull(scores, HarmonyAsk{}, {});
    EXPECT_EQ(scores, before);
}

TEST_F(Harmony, APlanYieldsWhereTheNetworksAreSureAndAHandDoesNot) {
    const auto f = *vocabulary_.find({Pitch{65}, Cells{12}});
    const auto left = [&](float score_of_f, HarmonyAsk::Giver giver) {
        std::vector<float> scores(vocabulary_.size(), 0.0F);
        scores[f] = score_of_f;
        const double before = std::exp(scores[f]);
        auto asked = ask(1.0F);
        asked.giver = giver;
        expert_.pull(scores, asked, Pitch{64});
        return std::exp(scores[f]) / before;
    };
    using enum HarmonyAsk::Giver;
    constexpr float kSure = 8.0F;  // 96% of the notes
    EXPECT_NEAR(left(kSure, plan), 1.0, 0.01);
    EXPECT_NEAR(left(kSure, hand), 0.0, 1e-6);
    EXPECT_NEAR(left(0.0F, plan), 0.0, 0.02) << "one of 120";
}

TEST_F(Harmony, AtFullPullAHeavyPlaceHasChordTonesAlone) {
    auto scores = some_scores();
    expert_.pull(scores, ask(1.0F), Pitch{60});
    for (std::size_t e = 0; e < scores.size(); ++e) {
        const auto& event = vocabulary_[static_cast<EventId>(e)];
        EXPECT_EQ(std::isfinite(scores[e]), event.is_rest() || is_tone(event)) << e;
    }
}

TEST_F(Harmony, LengthsAndRestsKeepTheirProbability) {
    for (const float pull : {0.3F, 0.7F, 1.0F})
        for (const int at : {0, 3, 6, 12, 24}) {
            const auto before = some_scores(7);
            auto scores = before;
            expert_.pull(scores, ask(pull, at), Pitch{64});
            for (std::size_t e = 0; e < 4; ++e) EXPECT_NEAR(scores[e], before[e], 1e-4F);
            for (const int cells : {3, 6, 12, 24}) {
                const auto of_length = [&](const Event& event) {
                    return event.pitch && event.duration == Cells{cells};
                };
                const double all = mass(before, of_length);
                EXPECT_NEAR(mass(scores, of_length), all, 1e-3 * all) << cells << " at " << at;
            }
        }
}

TEST_F(Harmony, PullsHardestWhereTheBarIsHeaviest) {
    const auto before = some_scores(3);
    double last = 2.0;
    for (const int at : {0, 12, 6, 3}) {  // the first beat, another, off the beat, a sixteenth
        auto scores = before;
        expert_.pull(scores, ask(0.7F, at), {});
        const auto short_tones = [](const Event& event) {
            return is_tone(event) && event.duration == Cells{3};
        };
        const auto short_notes = [](const Event& event) {
            return event.pitch && event.duration == Cells{3};
        };
        const double share = mass(scores, short_tones) / mass(before, short_notes);
        EXPECT_LT(share, last) << at;
        last = share;
    }
    EXPECT_LT(last, 0.6) << "off the beat the line is nearly free";
}

TEST_F(Harmony, ANoteGoesToItsNeighboursAndNotFarAway) {
    std::vector<float> scores(vocabulary_.size(), -12.0F);
    scores[*vocabulary_.find({Pitch{62}, Cells{12}})] = 0.0F;  // D
    expert_.pull(scores, ask(0.7F), Pitch{67});
    const auto of = [&](int pitch) {
        return std::exp(
            scores[*vocabulary_.find({Pitch{static_cast<std::uint8_t>(pitch)}, Cells{12}})]);
    };
    EXPECT_GT(of(60) + of(64), 0.8F);
    EXPECT_LT(of(72) + of(76) + of(79), 0.01F);
    EXPECT_LT(of(62), 0.1F);
}

TEST_F(Harmony, TheNoteThatHasJustSoundedIsHardlyLikelierThanItWas) {
    std::vector<float> scores(vocabulary_.size(), -12.0F);
    scores[*vocabulary_.find({Pitch{62}, Cells{12}})] = 0.0F;  // D after E
    expert_.pull(scores, ask(1.0F), Pitch{64});
    EXPECT_LT(std::exp(scores[*vocabulary_.find({Pitch{64}, Cells{12}})]), 0.01F);
    EXPECT_GT(std::exp(scores[*vocabulary_.find({Pitch{60}, Cells{12}})]), 0.9F);
}

TEST_F(Harmony, IsNeverLeftWithNothing) {
    const auto one = *Vocabulary::make({{Pitch{61}, Cells{6}}, {std::nullopt, Cells{6}}});
    const HarmonyExpert alone{one};
    std::vector<float> scores{-0.1F, -std::numeric_limits<float>::infinity()};
    alone.pull(scores, ask(1.0F), Pitch{61});
    EXPECT_TRUE(std::isfinite(scores[0])) << "no tone of the chord is in the vocabulary";

    const auto only_last = *Vocabulary::make({{Pitch{61}, Cells{6}}, {Pitch{60}, Cells{12}}});
    const HarmonyExpert two{only_last};
    std::vector<float> pulled{0.0F, -std::numeric_limits<float>::infinity()};
    two.pull(pulled, ask(1.0F), Pitch{60});
    EXPECT_FALSE(std::isfinite(pulled[0]));
    EXPECT_NEAR(pulled[1], 0.0F, 1e-4F) << "at another length, and again, rather than not at all";

    std::vector<float> impossible(2, -std::numeric_limits<float>::infinity());
    two.pull(impossible, ask(1.0F), {});
    EXPECT_FALSE(std::isfinite(impossible[0]));
}

TEST_F(Harmony, ANoteThatComesJustBeforeAChordBelongsToIt) {
    auto early = ask(1.0F, 42);
    early.next = {PitchClassSet{0b1000'1000'0100}, kCMajor, {}};  // D G B
    early.next_in = Cells{6};
    EXPECT_EQ(chord_of_note(early, Cells{6}), early.now) << "it ends where the chord begins";
    EXPECT_EQ(chord_of_note(early, Cells{12}), early.next);
    early.next_in = Cells{12};
    EXPECT_EQ(chord_of_note(early, Cells{24}), early.now);
}

TEST_F(Harmony, LongNotesAndTheFirstUnderAChordWeighMuch) {
    EXPECT_EQ(weight_of_note(ask(1.0F, 6), Cells{24}), 1.0F);
    EXPECT_GE(weight_of_note(ask(1.0F, 6), Cells{12}), 0.7F);
    EXPECT_GE(weight_of_note(ask(1.0F, 18), Cells{9}), 0.8F) << "it sounds on over the third beat";
    EXPECT_LT(weight_of_note(ask(1.0F, 6), Cells{6}), 0.5F);
    auto first = ask(1.0F, 9);
    first.onset = HarmonyAsk::Onset::first;
    EXPECT_GE(weight_of_note(first, Cells{3}), 0.8F);
}

TEST(WeightOfPlace, FollowsTheMetre) {
    struct Case {
        Meter meter;
        std::vector<int> heavy, beats;
    };
    const std::vector<Case> cases{
        {{4, 4}, {0, 24}, {12, 36}}, {{3, 4}, {0}, {12, 24}},      {{2, 4}, {0}, {12}},
        {{6, 8}, {0, 18}, {}},       {{12, 8}, {0, 36}, {18, 54}}, {{5, 4}, {0, 36}, {12, 24, 48}},
        {{7, 8}, {0, 24}, {12, 36}}, {{2, 2}, {0, 24}, {}},        {{9, 8}, {0, 36}, {18}}};
    for (const auto& [meter, heavy, beats] : cases)
        for (int cell = 0; cell < meter.bar().count(); ++cell) {
            const float weight = weight_of_place(Cells{cell}, meter);
            const auto where = ::testing::Message() << int{meter.numerator} << "/"
                                                    << int{meter.denominator} << " cell " << cell;
            const bool is_heavy = std::ranges::find(heavy, cell) != heavy.end();
            const bool is_beat = std::ranges::find(beats, cell) != beats.end();
            EXPECT_EQ(weight >= 1.0F, is_heavy) << where;
            EXPECT_EQ(weight >= 0.7F, is_heavy || is_beat) << where;
            EXPECT_GT(weight, 0.0F) << where;
        }
}

}  // namespace
}  // namespace fusion
