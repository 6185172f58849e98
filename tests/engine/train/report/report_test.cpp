#include "engine/train/report/report.hpp"

#include <cmath>
#include <functional>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/train/report/report_reading.hpp"
#include "engine/train/report/report_targets.hpp"
#include "tests/engine/train/report/well_formed.hpp"

namespace fusion::train {
namespace {

using nlohmann::json;
using report::Verdict;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kGenres[] = {"classical", "jazz", "pop", "folk", "<b>"};
constexpr std::size_t kTargets = 9;

json scores(double nats, double ngram_nats, double f1, double ngram_f1) {
    return {{"pieces", 12},
            {"events", 3456},
            {"phase1", {{"mse", 0.0018}, {"cross_entropy", 3.25}}},
            {"phase2",
             {{"cross_entropy", nats},
              {"f1_event_weighted", 0.21},
              {"f1_event_macro", 0.11},
              {"f1_pitch_weighted", f1},
              {"f1_pitch_macro", 0.12},
              {"f1_duration_weighted", 0.61}}},
            {"ngram5", {{"cross_entropy", ngram_nats}, {"f1_pitch_weighted", ngram_f1}}}};
}

json history(double last) {
    json epochs = json::array();
    for (int epoch = 1; epoch <= 3; ++epoch)
        epochs.push_back({{"epoch", epoch},
                          {"training", last + 0.5 / epoch},
                          {"validation", last + 1.0 / epoch},
                          {"learning_rate", 0.001},
                          {"events_per_second", 9000.0}});
    return {{"validation_cross_entropy", last}, {"history", epochs}};
}

// What every evaluation has: each target of it is reached.
json plain() {
    json genres = json::object(), phase1 = {{"all", history(3.4)}}, pieces = json::object();
    for (const char* genre : kGenres) {
        genres[genre] = scores(3.0, 4.0, 0.33, 0.29);
        phase1[genre] = history(3.2);
        pieces[genre] = {{"training", 70}, {"validation", 7}, {"test", 30}};
    }
    return {{"bundle",
             {{"name", "fusiond.bundle"},
              {"genres", kGenres},
              {"vocabulary", 500},
              {"record",
               {{"preset", "best"},
                {"seed", 1},
                {"split_seed", 2},
                {"corpus_digest", "131e84cc"},
                {"made", "2026-11-24T01:31:27Z"},
                {"libtorch", "1.13.0"},
                {"command", "fusion-train train --data data & more"},
                {"licence", "see MODEL.md"},
                {"pieces", pieces},
                {"phase1", phase1},
                {"phase2", history(3.1)}}}}},
            {"genres", genres},
            {"mean", scores(3.0, 4.0, 0.33, 0.29)}};
}

json music() {
    constexpr std::size_t kCount = std::size(kGenres);
    json confusion = json::array(), by_genre, counts, sweeps = json::array();
    json copied = {{"share", 0.04}, {"longest", {0, 1, 4, 2, 1}}};
    json memorised, statistics;
    for (std::size_t g = 0; g < kCount; ++g) {
        json row(kCount, 0.05);
        row[g] = 0.8;
        confusion.push_back(row);
        by_genre[kGenres[g]] = 0.97;
        counts[kGenres[g]] = 40;
        for (std::size_t h = g + 1; h < kCount; ++h)
            sweeps.push_back({{"a", kGenres[g]},
                              {"b", kGenres[h]},
                              {"weight_a", {0.0, 0.5, 1.0}},
                              {"verdict_a", {0.1, 0.4, 0.9}},
                              {"rank_correlation", 0.98}});
        memorised[kGenres[g]] = {{"generated", copied}, {"held_out", copied}};
        statistics[kGenres[g]] = {
            {"features",
             {{{"name", "pitch count"},
               {"kl", 0.2},
               {"overlap", 0.83},
               {"kl_real", 0.1},
               {"overlap_real", 0.91}}}},
            {"overlap", 0.83},
            {"overlap_real", 0.91},
            {"pitch_class", {{"real", json(12, 1.0 / 12.0)}, {"generated", json(12, 1.0 / 12.0)}}},
            {"duration",
             {{"labels", {"6/12", "12/12 beats"}},
              {"real", {0.5, 0.5}},
              {"generated", {0.4, 0.6}}}}};
    }
    return {{"controllability",
             {{"excerpt_notes", 64},
              {"labels", kGenres},
              {"real", {{"confusion", confusion}, {"accuracy", by_genre}, {"excerpts", counts}}},
              {"one_hot",
               {{"confusion", confusion},
                {"share", by_genre},
                {"of_ceiling", by_genre},
                {"excerpts", counts}}},
              {"sweeps", sweeps},
              {"switches",
               {{"median_notes", 6},
                {"never", 0.02},
                {"histogram", {1, 2, 3, 2, 1}},
                {"pairs", {{{"from", "jazz"}, {"to", "pop"}, {"median_notes", 5}}}}}}}},
            {"memorisation",
             {{"run_notes", 8},
              {"genres", memorised},
              {"mean", {{"generated_share", 0.05}, {"held_out_share", 0.04}}}}},
            {"statistics",
             {{"genres", statistics}, {"mean", {{"overlap", 0.83}, {"overlap_real", 0.91}}}}}};
}

json full() {
    json evaluation = plain();
    evaluation.update(music());
    return evaluation;
}

// Not HasSubstr, which would print a whole page where it fails.
bool has(const std::string& html, std::string_view text) {
    return html.find(text) != std::string::npos;
}

std::string page(const std::vector<ReportInput>& inputs) {
    const auto html = report_html(inputs);
    EXPECT_TRUE(html) << html.error().message;
    return html.value_or("");
}

// The verdicts on an evaluation after a change to it.
std::vector<Verdict> verdicts(const std::function<void(json&)>& change) {
    json evaluation = full();
    change(evaluation);
    const auto measured = report::read_evaluation("x.json", evaluation);
    EXPECT_TRUE(measured) << measured.error().message;
    std::vector<Verdict> all;
    if (measured)
        for (const report::Target& target : report::targets())
            all.push_back(target.judge(*measured).verdict);
    return all;
}

TEST(ReportTest, HasEverySection) {
    const std::string html = page({{"best.json", full()}});
    for (const char* id : {"measured", "targets", "scores", "training", "controllability",
                           "memorisation", "statistics"})
        EXPECT_EQ(count_of("<section id=\"" + std::string{id} + "\">", html), 1u) << id;
    for (const char* text :
         {"fusiond.bundle", "131e84cc", "see MODEL.md", "Cross-entropy of held-out pieces",
          "Weighted F1 over pitches", "the paper&#39;s range, 0.25 to 0.31", "Phase 2",
          "all genres", "Real held-out pieces", "Generated at one-hot weights", "classical · jazz",
          "Notes until the verdict follows", "Median notes, by pair", "pitch count",
          "Pitch classes", "Durations"})
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

TEST(ReportTest, MarksWhatIsReachedAndWhatIsMissed) {
    const std::string good = page({{"x.json", full()}});
    EXPECT_EQ(count_of("class=\"verdict reached\"", good), kTargets);
    EXPECT_EQ(count_of("class=\"verdict missed\"", good), 0u);
    EXPECT_TRUE(has(good, "9 of 9 targets reached"));
    json evaluation = full();
    evaluation["genres"]["jazz"]["phase2"]["cross_entropy"] = 3.6;
    evaluation["genres"]["pop"]["phase2"]["cross_entropy"] = 3.4;
    const std::string bad = page({{"x.json", evaluation}});
    EXPECT_EQ(count_of("class=\"verdict missed\"", bad), 1u);
    EXPECT_TRUE(has(bad, "10.0% in jazz"));
    EXPECT_TRUE(has(bad, "also pop"));
}

TEST(ReportTest, EveryTargetCanBeMissed) {
    const std::function<void(json&)> spoil[kTargets] = {
        [](json& e) { e["mean"]["phase2"]["cross_entropy"] = 3.01; },
        [](json& e) { e["genres"]["folk"]["phase2"]["cross_entropy"] = 3.33; },
        [](json& e) {
            for (json& genre : e["genres"]) {
                genre["phase2"]["f1_pitch_weighted"] = 0.31;
                genre["ngram5"]["f1_pitch_weighted"] = 0.2;
            }
        },
        [](json& e) { e["genres"]["<b>"]["phase2"]["f1_pitch_weighted"] = 0.29; },
        [](json& e) { e["controllability"]["one_hot"]["of_ceiling"]["pop"] = 0.949; },
        [](json& e) { e["controllability"]["sweeps"][0]["rank_correlation"] = 0.94; },
        [](json& e) { e["controllability"]["switches"]["median_notes"] = 8.5; },
        [](json& e) { e["memorisation"]["mean"]["generated_share"] = 0.051; },
        [](json& e) { e["statistics"]["mean"]["overlap"] = 0.77; }};
    for (std::size_t i = 0; i < kTargets; ++i) {
        const std::vector<Verdict> all = verdicts(spoil[i]);
        ASSERT_EQ(all.size(), kTargets);
        for (std::size_t j = 0; j < kTargets; ++j)
            EXPECT_EQ(all[j], j == i ? Verdict::missed : Verdict::reached) << i << ", " << j;
    }
}

TEST(ReportTest, TargetsBindStrongGenresOnly) {
    const std::vector<Verdict> all = verdicts([](json& e) {
        e["genres"]["<b>"]["phase2"]["cross_entropy"] = 3.9;
        e["controllability"]["one_hot"]["of_ceiling"]["<b>"] = 0.5;
        for (json& sweep : e["controllability"]["sweeps"])
            if (sweep["b"] == "<b>") sweep["rank_correlation"] = 0.1;
    });
    EXPECT_EQ(all, std::vector<Verdict>(kTargets, Verdict::reached));
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
    EXPECT_EQ(count_of("no figure", html), 4u);
    EXPECT_EQ(count_of("class=\"verdict reached\"", html), kTargets - 4);
    EXPECT_THAT(not_well_formed(html), IsEmpty());
}

TEST(ReportTest, WhatIsNotMeasuredSaysSoAndWhatDoes) {
    const std::string html = page({{"plain.json", plain()}});
    EXPECT_EQ(
        count_of("plain.json did not measure this; <code>fusion-train evaluate --music</code>",
                 html),
        3u);
    EXPECT_EQ(count_of("not measured", html), 5u);
    json bare = plain();
    bare.erase("bundle");
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
        EXPECT_EQ(count_of(">" + std::string{curve} + "</text>", html), 1u) << curve;
    EXPECT_EQ(count_of(">all genres</text>", html), 1u);
    EXPECT_EQ(count_of("<h3 class=\"input\">", html), 6u);
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
