#include "engine/plan/harmony_plan.hpp"

#include <string>

#include <gtest/gtest.h>

#include "engine/model/told_chords.hpp"
#include "engine/music/chord_symbol.hpp"
#include "tests/support/chord_book.hpp"

namespace fusion::test {
namespace {

constexpr std::int64_t kBar = 48;

PlanAsk alone(std::uint64_t seed = 1) {
    PlanAsk ask;
    ask.blend.share[0] = 1.0F;
    ask.seed = seed;
    return ask;
}

// The chord at the begin of each bar.
std::string bars(HarmonyPlan& plan, const PlanAsk& ask, std::int64_t count, std::int64_t from = 0) {
    std::string text;
    for (std::int64_t bar = from; bar < from + count; ++bar)
        text += (text.empty() ? "" : " ") +
                to_text(plan.at(ask, bar * ask.meter.heard_bar().count()).now);
    return text;
}

// Every phrase but a form's first brings back the one before it.
FormModel always_the_last() {
    FormModel form;
    for (auto& after : form.returns) after.fill(1.0F);
    form.goes_on.fill(1.0F);
    form.distance[0] = 1.0F;
    form.likeness = 1.0F;
    return form;
}

// Chords by a fair coin, so that it shows whether two phrases are one.
ChordModel dicing() {
    auto model = bar_by_bar("C", {});
    for (auto& mode : model.modes) {
        mode.follows.clear();
        for (const auto* symbol : {"C", "Dm", "Em", "F", "G", "Am"})
            mode.follows.push_back(
                {kNoChordCode, kNoChordCode, code_of(*parse_chord_symbol(symbol)), 100});
        std::ranges::sort(mode.follows);
    }
    return model;
}

TEST(HarmonyPlan, FollowsWhatTheGenrePlays) {
    const std::vector<ChordModel> chords{
        bar_by_bar("Dm7", {{"Dm7", "G7"}, {"G7", "C"}, {"C", "Dm7"}})};
    HarmonyPlan plan{{chords, {}}};
    EXPECT_EQ(bars(plan, alone(), 8), "Dm7 G7 C Dm7 Dm7 G7 C Dm7") << "each phrase begins anew";
    const auto second = plan.at(alone(), kBar + 10);
    EXPECT_EQ(to_text(second.now), "G7");
    ASSERT_TRUE(second.next);
    EXPECT_EQ(to_text(second.next->chord), "C");
    EXPECT_EQ(second.next->in, Cells{38});
    const auto last = plan.at(alone(), 3 * kBar);
    EXPECT_EQ(last.next, (NextChord{*parse_chord_symbol("G7"), Cells{96}}))
        << "the next phrase begins as this one ends";
}

TEST(HarmonyPlan, WithoutABookOrInSilenceThereIsNone) {
    HarmonyPlan none;
    EXPECT_TRUE(none.at(alone(), 0).now.is_none());
    EXPECT_TRUE(planned_ask(none, alone(), 0, 1.0F, {}).is_free());
    const std::vector<ChordModel> chords{bar_by_bar("C", {{"C", "G7"}, {"G7", "C"}})};
    HarmonyPlan plan{{chords, {}}};
    EXPECT_TRUE(plan.at(PlanAsk{}, 0).now.is_none());
    EXPECT_TRUE(planned_ask(plan, PlanAsk{}, 0, 1.0F, {}).is_free());
    const std::vector<ChordModel> still{bar_by_bar("C", {})};
    HarmonyPlan never_moves{{still, {}}};
    EXPECT_EQ(never_moves.at(alone(), 0).next, std::nullopt);
    const std::vector<ChordModel> empty(1);
    HarmonyPlan knows_nothing{{empty, {}}};
    EXPECT_TRUE(knows_nothing.at(alone(), 0).now.is_none());
    EXPECT_TRUE(planned_ask(knows_nothing, alone(), 0, 1.0F, {}).is_free());
}

TEST(HarmonyPlan, IsTheSameHoweverItIsAsked) {
    const std::vector<ChordModel> chords{dicing()};
    HarmonyPlan forward{{chords, {}}};
    HarmonyPlan backward{{chords, {}}};
    const auto straight = bars(forward, alone(7), 64);
    std::string reversed;
    for (std::int64_t bar = 63; bar >= 0; --bar)
        reversed.insert(0, bars(backward, alone(7), 1, bar) + (reversed.empty() ? "" : " "));
    EXPECT_EQ(straight, reversed);
    EXPECT_NE(bars(forward, alone(8), 64), straight) << "another seed, other chords";
    EXPECT_EQ(bars(forward, alone(7), 64), straight);
}

TEST(HarmonyPlan, WhereTheTuneReturnsSoDoItsChords) {
    const std::vector<ChordModel> chords{dicing()};
    const PieceForm aaba{{}, {1, kAllBars}, {}, {2, 0b0011}};
    const std::vector<FormBook> forms{{{aaba}, 1.0F}};
    HarmonyPlan plan{{chords, forms}};
    const auto first = bars(plan, alone(3), 4);
    EXPECT_EQ(bars(plan, alone(3), 4, 4), first);
    EXPECT_NE(bars(plan, alone(3), 4, 8), first);
    EXPECT_EQ(bars(plan, alone(3), 4, 12), first) << "whatever of its tune is kept";
    EXPECT_NE(bars(plan, alone(3), 4, 16), first) << "another form begins";
    auto without = alone(3);
    without.form = 0.0F;
    EXPECT_NE(bars(plan, without, 4, 4), bars(plan, without, 4)) << "nothing returns by plan";
}

TEST(HarmonyPlan, FormsWithoutChordsAreABookOfTheirOwn) {
    const std::vector<FormBook> forms{{{PieceForm{{}, {1, kAllBars}}}, 1.0F}};
    EXPECT_FALSE(HarmonyPlan{}.is_of({{}, forms}, Form{})) << "or nothing would ever return";
    EXPECT_TRUE((HarmonyPlan{HarmonyBook{{}, forms}}.is_of({{}, forms}, Form{})));
}

TEST(HarmonyPlan, SectionsByHandBringTheirChordsBack) {
    const std::vector<ChordModel> chords{dicing()};
    HarmonyPlan plan{{chords, {}}, *Form::parse("A6 B A'6")};
    const auto a = bars(plan, alone(3), 6);
    EXPECT_NE(bars(plan, alone(3), 6, 6), a);
    EXPECT_EQ(bars(plan, alone(3), 6, 14), a) << "also where no phrase begins there";
    EXPECT_EQ(bars(plan, alone(3), 20, 20), bars(plan, alone(3), 20)) << "the next round";
    EXPECT_TRUE(plan.is_of({chords, {}}, *Form::parse("A6BA6'")));
    EXPECT_FALSE(plan.is_of({chords, {}}, Form{}));
}

TEST(HarmonyPlan, ChordsReturnUnderANewTuneToo) {
    auto model = dicing();
    model.form = always_the_last();
    const std::vector<ChordModel> chords{model};
    HarmonyPlan plan{{chords, {}}};
    EXPECT_EQ(bars(plan, alone(3), 4, 4), bars(plan, alone(3), 4));
}

TEST(HarmonyPlan, APhraseIsItsLeadersAndInertiaMixes) {
    const std::vector<ChordModel> chords{bar_by_bar("C", {{"C", "G"}, {"G", "C"}}, 0.2F),
                                         bar_by_bar("F#", {{"F#", "B"}, {"B", "F#"}}, 0.6F)};
    HarmonyPlan plan{{chords, {}}};
    PlanAsk ask = alone();
    ask.blend.share = {0.5F, 0.5F};
    std::size_t of_first = 0, of_second = 0;
    for (std::int64_t phrase = 0; phrase < 64; ++phrase) {
        const auto text = bars(plan, ask, 4, phrase * 4);
        of_first += text == "C G C G" ? 1 : 0;
        of_second += text == "F# B F# B" ? 1 : 0;
        EXPECT_FLOAT_EQ(plan.pull(ask, phrase * 4 * kBar), text[0] == 'C' ? 0.2F : 0.6F);
    }
    EXPECT_EQ(of_first + of_second, 64U);
    EXPECT_GT(of_first, 15U);
    EXPECT_GT(of_second, 15U);
    ask.inertia = 0.0F;
    EXPECT_FLOAT_EQ(plan.pull(ask, 0), 0.4F);
}

TEST(HarmonyPlan, AFormIsInOneModeAndModesComeByTheirShare) {
    ChordModel model = bar_by_bar("C", {{"C", "G"}, {"G", "C"}});
    model.modes[1] = bar_by_bar("Am", {{"Am", "E7"}, {"E7", "Am"}}).modes[1];
    model.minor = 0.5F;
    const std::vector<ChordModel> chords{model};
    HarmonyPlan plan{{chords, {}}};
    std::size_t minor = 0;
    for (std::int64_t form = 0; form < 40; ++form) {
        const auto begin = form * kFormPhrases * 4;
        const auto mode = bars(plan, alone(), 4, begin);
        minor += mode == "Am E7 Am E7" ? 1 : 0;
        EXPECT_EQ(bars(plan, alone(), 4, begin + std::int64_t{4} * (kFormPhrases - 1)), mode);
    }
    EXPECT_GT(minor, 8U);
    EXPECT_LT(minor, 32U);
}

TEST(HarmonyPlan, HalvesOfABarAreThoseOfTheMetre) {
    auto model = bar_by_bar("C", {{"C", "G"}, {"G", "C"}});
    for (auto& mode : model.modes)
        for (auto& place : mode.changes) place.fill(1.0F);
    const std::vector<ChordModel> chords{model};
    HarmonyPlan plan{{chords, {}}};
    struct Case {
        Meter meter;
        std::int64_t changes_at;
    };
    for (const auto& [meter, changes_at] : {Case{{4, 4}, 24}, Case{{3, 4}, 36}, Case{{6, 8}, 18},
                                            Case{{5, 4}, 36}, Case{{7, 8}, 24}, Case{{2, 4}, 24}}) {
        auto ask = alone();
        ask.meter = meter;
        const auto begin = plan.at(ask, 0);
        ASSERT_TRUE(begin.next) << int{meter.numerator};
        EXPECT_EQ(begin.next->in.count(), changes_at) << int{meter.numerator};
        EXPECT_EQ(to_text(plan.at(ask, changes_at - 1).now), "C");
        EXPECT_EQ(to_text(plan.at(ask, changes_at).now), "G");
        EXPECT_EQ(plan.at(ask, changes_at - 1).next->in, Cells{1});
    }
}

TEST(HarmonyPlan, WhereTheLineEndsItClosesByDominantAndTonic) {
    const std::vector<ChordModel> chords{bar_by_bar("F", {{"F", "Dm"}, {"Dm", "F"}}, 0.2F)};
    HarmonyPlan plan{{chords, {}}};
    auto ask = alone();
    ask.last_phrase = 1;
    EXPECT_EQ(bars(plan, ask, 12), "F Dm F Dm F Dm F C F Dm F Dm");
    EXPECT_EQ(to_text(plan.at(ask, 6 * kBar + 24).now), "G7");
    EXPECT_FLOAT_EQ(planned_ask(plan, ask, 7 * kBar, 1.0F, {}).pull, 1.0F);
    EXPECT_FLOAT_EQ(planned_ask(plan, ask, 8 * kBar, 1.0F, {}).pull, 0.2F);
    auto minor = chords;
    minor[0].minor = 1.0F;
    HarmonyPlan in_minor{{minor, {}}};
    EXPECT_EQ(to_text(in_minor.at(ask, 6 * kBar + 24).now), "E7");
    EXPECT_EQ(to_text(in_minor.at(ask, 7 * kBar).now), "Am");
}

TEST(PlannedAsk, TellsTheStepItsChordAndHowStrictly) {
    const std::vector<ChordModel> chords{bar_by_bar("C", {{"C", "G7"}, {"G7", "C"}}, 0.5F)};
    HarmonyPlan plan{{chords, {}}};
    const auto first = planned_ask(plan, alone(), 12, 1.0F, {});
    EXPECT_FLOAT_EQ(first.pull, 0.5F);
    EXPECT_EQ(first.now.tones, parse_chord_symbol("C")->tones());
    EXPECT_EQ(first.next.tones, parse_chord_symbol("G7")->tones());
    EXPECT_EQ(first.next_in, Cells{36});
    EXPECT_EQ(first.at, Cells{12});
    EXPECT_EQ(first.onset, HarmonyAsk::Onset::first);
    EXPECT_EQ(planned_ask(plan, alone(), 24, 1.0F, first).onset, HarmonyAsk::Onset::later);
    EXPECT_EQ(planned_ask(plan, alone(), kBar, 1.0F, first).onset, HarmonyAsk::Onset::first);
    EXPECT_EQ(first.giver, HarmonyAsk::Giver::plan);
    EXPECT_FLOAT_EQ(planned_ask(plan, alone(), 0, 0.5F, {}).pull, 0.25F);
    EXPECT_FLOAT_EQ(planned_ask(plan, alone(), 0, 1.5F, {}).pull, 0.75F);
    EXPECT_EQ(planned_ask(plan, alone(), 0, 1.5F, {}).giver, HarmonyAsk::Giver::hand);
    EXPECT_FLOAT_EQ(planned_ask(plan, alone(), 0, 9.0F, {}).pull, 1.0F);
    EXPECT_TRUE(planned_ask(plan, alone(), 0, 0.0F, {}).is_free());
}

TEST(PlannedAsk, TellsTheNetworksTheChordThoughNothingIsPulled) {
    const std::vector<ChordModel> chords{bar_by_bar("C", {{"C", "G7"}, {"G7", "C"}}, 0.0F)};
    HarmonyPlan plan{{chords, {}}};
    const auto asked = planned_ask(plan, alone(), 9 * kBar, 1.0F, {});
    EXPECT_TRUE(asked.is_free());
    EXPECT_EQ(told_of(asked), (ToldChords{code_of(*parse_chord_symbol("G7")),
                                          code_of(*parse_chord_symbol("C")), Cells{48}, true, 1}));
    const auto free = planned_ask(plan, alone(), 9 * kBar, 0.0F, {});
    EXPECT_EQ(told_of(free), (ToldChords{.bar = 1})) << "harmony_pull 0: no chord, but its place";
}

}  // namespace
}  // namespace fusion::test
