#include "engine/train/report/report.hpp"

#include <cmath>
#include <functional>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/train/report/report_reading.hpp"
#include "tests/engine/train/report/made_evaluation.hpp"
#include "tests/engine/train/report/well_formed.hpp"

namespace fusion::train {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ReportTest, HasEverySection) {
    const std::string html = page({{"best.json", full()}});
    for (const char* id : {"measured", "targets", "scores", "training", "told-apart",
                           "controllability", "memorisation", "statistics"})
        EXPECT_EQ(count_of(fmt::format("<section id=\"{}\">", id), html), 1u) << id;
    for (const char* text :
         {"fusiond.bundle", "131e84cc", "see MODEL.md", "Cross-entropy of held-out pieces",
          "Weighted F1 over pitches", "the paper&#39;s range, 0.25 to 0.31", "Phase 2",
          "all genres", "Real held-out pieces", "Generated at one-hot weights", "classical · jazz",
          "Notes until the verdict follows", "Median notes, by pair", "pitch count",
          "Pitch classes", "Durations", "Told from real pieces", "0.49 played, 0.365 real"})
        EXPECT_TRUE(has(html, text)) << text;
    EXPECT_FALSE(has(html, "did not measure"));
    // Phase 2; 6 networks of phase 1; 2 bar plots, 2 matrices, 10 pairs, 2 of switches; 5 of copied
    // runs, 5 of pitch classes, 5 of durations.
    EXPECT_EQ(count_of("<svg", html), 38u);
}

TEST(ReportTest, IsWellFormedAndNeedsNothingFromOutside) {
    for (const std::vector<ReportInput>& inputs :
         {std::vector<ReportInput>{{"best.json", full()}},
          {{"plain.json", plain()}, {"<best>.json", full()}}}) {
        const std::string html = page(inputs);
        EXPECT_THAT(not_well_formed(html), IsEmpty());
        for (const char* outside : {"http", "src=", "url(", "@import", "<script", "<link", "<img"})
            EXPECT_FALSE(has(html, outside)) << outside;
        EXPECT_EQ(count_of("href=", html), count_of("href=\"#", html));
    }
}

TEST(ReportTest, TextIsEscaped) {
    const std::string html = page({{"\"q\" & <i>.json", full()}});
    EXPECT_TRUE(has(html, "&lt;b&gt;"));
    EXPECT_TRUE(has(html, "--data data &amp; more"));
    EXPECT_TRUE(has(html, "&quot;q&quot; &amp; &lt;i&gt;.json"));
    // `<b>` is also an element of the page, but only ever around a verdict.
    EXPECT_EQ(count_of("<b>", html), kTargets);
    EXPECT_FALSE(has(html, "<i>"));
}

TEST(ReportTest, AFigureThatIsNoneIsADashAndReachesNothing) {
    json evaluation = full();
    evaluation["mean"]["phase2"]["cross_entropy"] = nullptr;
    evaluation["genres"]["jazz"]["ngram5"]["f1_pitch_weighted"] = std::nan("");
    evaluation["controllability"]["sweeps"][0]["rank_correlation"] = nullptr;
    evaluation["controllability"]["switches"]["median_notes"] = nullptr;
    const std::string html = page({{"x.json", evaluation}});
    for (const char* text : {">-</td>", ">-</text>", "- for classical and jazz", "- for jazz"})
        EXPECT_TRUE(has(html, text)) << text;
    for (const char* none : {">nan", ":nan", " nan", "\"nan", ">inf", "\"inf"})
        EXPECT_FALSE(has(html, none)) << none;
    EXPECT_EQ(count_of("no figure", html), 5u);
    EXPECT_EQ(count_of("class=\"verdict reached\"", html), kTargets - 5);
    EXPECT_THAT(not_well_formed(html), IsEmpty());
}

TEST(ReportTest, WhatIsNotMeasuredSaysSoAndWhatDoes) {
    const std::string html = page({{"plain.json", plain()}});
    EXPECT_EQ(
        count_of("plain.json did not measure this; <code>fusion-train evaluate --music</code>",
                 html),
        4u);
    EXPECT_EQ(count_of("not measured", html), 10u);
    json bare = plain();
    bare.erase("bundle");
    bare["mean"].erase("ngram_memory");
    for (json& genre : bare["genres"]) genre.erase("ngram_memory");
    const std::string old = page({{"old.json", bare}});
    EXPECT_TRUE(has(old, "old.json holds no training history"));
    EXPECT_THAT(not_well_formed(old), IsEmpty());
}

TEST(ReportTest, SeveralEvaluationsStandSideBySide) {
    json paper = full();
    paper["bundle"]["record"]["preset"] = "paper";
    paper["genres"].erase("folk");
    const std::string html = page({{"paper.json", paper}, {"best.json", full()}});
    EXPECT_EQ(count_of("class=\"verdict ", html), 2 * kTargets);
    EXPECT_TRUE(has(html, "<td>paper</td><td>best</td>"));
    EXPECT_TRUE(has(html, "<th scope=\"rowgroup\" rowspan=\"2\">jazz</th>"));
    EXPECT_TRUE(has(html, "not in this evaluation"));
    // In one plot of the losses.
    for (const char* curve : {"paper.json, training", "paper.json, validation",
                              "best.json, training", "best.json, validation"})
        EXPECT_EQ(count_of(fmt::format(">{}</text>", curve), html), 1u) << curve;
    EXPECT_EQ(count_of(">all genres</text>", html), 1u);
    EXPECT_EQ(count_of("<h3 class=\"input\">", html), 8u);
}

TEST(ReportTest, PhaseTwoMayHaveOneRunForEachNetworkToo) {
    json evaluation = plain();
    evaluation["bundle"]["record"]["phase2"] = {{"all", history(3.1)}};
    EXPECT_TRUE(has(page({{"x.json", evaluation}}), "Phase 2, all"));
}

TEST(ReportTest, DurationsAreShownInBeats) {
    json evaluation = full();
    const std::string html = page({{"x.json", evaluation}});
    EXPECT_EQ(count_of(">1/2</text>", html), std::size(kGenres));
    EXPECT_FALSE(has(html, "6/12"));
    json& duration = evaluation["statistics"]["genres"]["jazz"]["duration"];
    duration["labels"] = {"99999999999999999999/12", "half <note>"};
    const std::string odd = page({{"x.json", evaluation}});
    EXPECT_TRUE(has(odd, "half &lt;note&gt;"));
    EXPECT_TRUE(not_well_formed(odd).empty());
}

TEST(ReportTest, MoreOfTheControlsIsShownWhereItIsThere) {
    json evaluation = full();
    EXPECT_FALSE(has(page({{"x.json", evaluation}}), "asked among strong genres only"));
    json& control = evaluation["controllability"];
    control["one_hot"]["of_ceiling_among_strong"] = {{"jazz", 0.876}};
    control["switches"]["already"] = 0.123;
    control["switches"]["real"] = {{"median_notes", 5.5}};
    const std::string html = page({{"x.json", evaluation}});
    for (const char* text : {"asked among strong genres only", ">87.6%</td>",
                             "In 12.3% the verdict", "needs 5.5 notes"})
        EXPECT_TRUE(has(html, text)) << text;
}

TEST(ReportTest, GenresStandInTheOrderOfTheBundle) {
    const auto measured = report::read_evaluation("x.json", full());
    ASSERT_TRUE(measured);
    ASSERT_EQ(measured->genres.size(), std::size(kGenres));
    for (std::size_t g = 0; g < std::size(kGenres); ++g) {
        EXPECT_EQ(measured->genres[g].genre, kGenres[g]);
        EXPECT_EQ(measured->statistics->genres[g].genre, kGenres[g]);
    }
}

TEST(ReportTest, RefusesWhatIsNoEvaluationNamingFileAndKey) {
    const auto refused = [](const std::function<void(json&)>& spoil) {
        json evaluation = full();
        spoil(evaluation);
        const auto html = report_html({{"good.json", full()}, {"bad.json", evaluation}});
        EXPECT_FALSE(html);
        if (html) return std::string{};
        EXPECT_EQ(html.error().code, Error::Code::malformed);
        return html.error().message;
    };
    EXPECT_THAT(refused([](json& e) { e = json::parse("{", nullptr, false); }),
                AllOf(HasSubstr("bad.json"), HasSubstr("not JSON")));
    EXPECT_THAT(refused([](json& e) { e = 3; }), AllOf(HasSubstr("bad.json"), HasSubstr("object")));
    EXPECT_THAT(refused([](json& e) { e.erase("genres"); }),
                HasSubstr("bad.json: genres is missing"));
    EXPECT_THAT(refused([](json& e) { e["genres"] = json::object(); }),
                HasSubstr("bad.json: genres should"));
    EXPECT_THAT(refused([](json& e) { e["genres"]["jazz"]["phase2"].erase("cross_entropy"); }),
                HasSubstr("bad.json: genres.jazz.phase2.cross_entropy is missing"));
    EXPECT_THAT(refused([](json& e) { e["mean"]["ngram5"] = "good"; }),
                HasSubstr("bad.json: mean.ngram5 should be an object"));
    EXPECT_THAT(
        refused([](json& e) { e["bundle"]["record"]["phase2"]["history"][1]["epoch"] = "two"; }),
        HasSubstr("bad.json: bundle.record.phase2.history[1].epoch should be a number"));
    EXPECT_THAT(refused([](json& e) {
                    auto& blend = e["told_apart"]["blends"]["folk 5 pop 5"];
                    blend["between"]["range"]["holds"] = "yes";
                }),
                AllOf(HasSubstr("between.range.holds"), HasSubstr("true or false")));
    EXPECT_THAT(refused([](json& e) { e["bundle"]["strong"] = "jazz"; }),
                HasSubstr("bad.json: bundle.strong should be an array"));
    EXPECT_THAT(refused([](json& e) { e["bundle"]["strong"][1] = 3; }),
                HasSubstr("bad.json: bundle.strong[1] should be a string"));
    EXPECT_THAT(refused([](json& e) { e["bundle"]["record"]["licence"] = 7; }),
                HasSubstr("bad.json: bundle.record.licence should be a string"));
    EXPECT_THAT(
        refused([](json& e) { e["controllability"]["real"]["confusion"][2].push_back(0.1); }),
        HasSubstr("bad.json: controllability.real.confusion[2] should have 5 numbers"));
    EXPECT_THAT(refused([](json& e) { e["controllability"]["sweeps"][0]["verdict_a"] = {0.5}; }),
                HasSubstr("bad.json: controllability.sweeps[0].verdict_a should have 3 numbers"));
    EXPECT_THAT(
        refused([](json& e) { e["memorisation"]["genres"]["pop"]["generated"]["longest"] = 3; }),
        HasSubstr("memorisation.genres.pop.generated.longest should be an array"));
    EXPECT_THAT(
        refused([](json& e) { e["statistics"]["genres"]["pop"]["pitch_class"]["real"] = {1.0}; }),
        HasSubstr("statistics.genres.pop.pitch_class.real should have 12 numbers"));
    const auto nothing = report_html({});
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().code, Error::Code::out_of_range);
}

}  // namespace
}  // namespace fusion::train
