#include "engine/plan/form_plan.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace fusion {
namespace {

FormAsk ask_for(float form = 1.0F) {
    FormAsk ask;
    ask.blend.share[0] = 1.0F;
    ask.form = form;
    return ask;
}

// By bar: "." where it is new, else how many bars ago it was, "-4" where it is to be other than
// that.
std::string returns(const FormPlan& plan, std::int64_t bars, std::int64_t from = 0) {
    std::string text;
    for (auto bar = from; bar < from + bars; ++bar) {
        const auto back = plan.tune(ask_for(), bar);
        text +=
            (text.empty() ? "" : " ") + (back ? (back->kind == ReturnKind::otherwise ? "-" : "") +
                                                    std::to_string(back->bars_ago)
                                              : ".");
    }
    return text;
}

std::string sections(const FormPlan& plan, std::int64_t bars, std::int64_t step = 4) {
    std::string text;
    for (std::int64_t bar = 0; bar < bars; bar += step) {
        const auto section = plan.section(ask_for(), bar);
        text += (text.empty() ? "" : " ") + (section ? section->text() : "-");
    }
    return text;
}

const PieceForm kAaba{{}, {1, kAllBars}, {}, {2, 0b0011}};

TEST(FormPlan, FollowsAFormOfTheGenreBarByBar) {
    const std::vector<FormBook> books{{{kAaba}, 0.9F, 0.3F}};
    const Form by_itself;
    const FormPlan plan{books, by_itself};
    EXPECT_EQ(returns(plan, 16), ". . . . 4 4 4 4 . . . . 8 8 -8 -8");
    EXPECT_EQ(returns(plan, 4, 16), ". . . .") << "the next form";
    EXPECT_EQ(plan.tune(ask_for(), 4), (BarReturn{4, 0.9F}));
    EXPECT_EQ(plan.tune(ask_for(0.5F), 4), (BarReturn{4, 0.45F}));
    EXPECT_EQ(plan.tune(ask_for(), 14), (BarReturn{8, 0.3F, ReturnKind::otherwise}));
    EXPECT_FLOAT_EQ(plan.tune(ask_for(0.5F), 14)->likeness, 0.65F) << "half as strict";
    EXPECT_EQ(plan.tune(ask_for(0.0F), 4), std::nullopt);
    for (std::int64_t bar = 0; bar < 16; ++bar)
        EXPECT_EQ(plan.original(ask_for(), bar), bar / 4 == 2 ? bar : bar % 4) << bar;
    EXPECT_EQ(plan.original(ask_for(), 21), 17);
    EXPECT_EQ(plan.original(ask_for(0.0F), 5), 5);
    EXPECT_EQ(sections(plan, 20), "A A B A' A");
}

TEST(FormPlan, AStepReturnsByCellsInItsMetre) {
    const std::vector<FormBook> books{{{kAaba}, 0.9F, 0.3F}};
    const Form by_itself;
    const FormPlan plan{books, by_itself};
    EXPECT_EQ(plan.returns(ask_for(), 4 * 36 - 1, Meter{3, 4}), std::nullopt);
    EXPECT_EQ(plan.returns(ask_for(), 4 * 36, Meter{3, 4}), (ReturnAsk{Cells{4 * 36}, 0.9F}));
    EXPECT_EQ(plan.returns(ask_for(), 4 * 60 + 7, Meter{5, 4}), (ReturnAsk{Cells{4 * 60}, 0.9F}));
    // A bar of two beats is half of one that is heard.
    EXPECT_EQ(plan.returns(ask_for(), 4 * 48, Meter{2, 4}), (ReturnAsk{Cells{4 * 48}, 0.9F}));
}

TEST(FormPlan, SectionsByHandReturnAsTheyWereAndVariedOnesEndOtherwise) {
    const auto form = *Form::parse("A4 B4 A'4");
    const FormPlan plan{{}, form};
    EXPECT_EQ(returns(plan, 12), ". . . . . . . . 8 8 8 -8");
    EXPECT_EQ(returns(plan, 12, 12), "12 12 12 12 12 12 12 12 8 8 8 -8") << "it loops";
    EXPECT_EQ(plan.original(ask_for(), 11), 3) << "the chords are those of A all the same";
    EXPECT_EQ(plan.original(ask_for(), 12'000'006), 6);
    EXPECT_EQ(sections(plan, 24), "A B A' A B A'");
    EXPECT_EQ(plan.tune(ask_for(0.25F), 8), (BarReturn{8, 0.25F}));
    EXPECT_EQ(plan.tune(ask_for(0.0F), 8), std::nullopt);
}

TEST(FormPlan, WhatALongerSectionHasBeyondTheOneBeforeItIsNew) {
    const auto form = *Form::parse("A2 B3 A4");
    const FormPlan plan{{}, form};
    EXPECT_EQ(returns(plan, 9), ". . . . . 5 5 . .");
    EXPECT_EQ(plan.original(ask_for(), 6), 1);
    EXPECT_EQ(plan.original(ask_for(), 8), 8);
    EXPECT_EQ(plan.original(ask_for(), 17), 8) << "of the next round";
}

TEST(FormPlan, FreeOfFormNothingReturns) {
    const std::vector<FormBook> books{{{kAaba}, 0.9F, 0.3F}};
    const auto free = *Form::parse("free");
    const FormPlan plan{books, free};
    EXPECT_EQ(returns(plan, 8, 4), ". . . . . . . .");
    EXPECT_EQ(plan.original(ask_for(), 5), 5);
    EXPECT_EQ(sections(plan, 8), "- -");
    EXPECT_EQ(FormPlan{}.tune(ask_for(), 9), std::nullopt);
}

}  // namespace
}  // namespace fusion
