#include "engine/train/report/report_targets.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/train/report/report_reading.hpp"
#include "tests/engine/train/report/made_evaluation.hpp"
#include "tests/engine/train/report/well_formed.hpp"

namespace fusion::train {
namespace {

using report::Verdict;
using testing::IsEmpty;

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

TEST(ReportTargetsTest, MarksWhatIsReachedAndWhatIsMissed) {
    const std::string good = page({{"x.json", full()}});
    EXPECT_EQ(count_of("class=\"verdict reached\"", good), kTargets);
    EXPECT_EQ(count_of("class=\"verdict missed\"", good), 0u);
    EXPECT_TRUE(has(good, "16 of 16 targets reached"));
    json evaluation = full();
    evaluation["genres"]["jazz"]["phase2"]["cross_entropy"] = 3.6;
    evaluation["genres"]["pop"]["phase2"]["cross_entropy"] = 3.4;
    const std::string bad = page({{"x.json", evaluation}});
    EXPECT_EQ(count_of("class=\"verdict missed\"", bad), 1u);
    EXPECT_TRUE(has(bad, "10.0% in jazz"));
    EXPECT_TRUE(has(bad, "also pop"));
}

TEST(ReportTargetsTest, EveryTargetCanBeMissed) {
    const std::function<void(json&)> spoil[kTargets] = {
        [](json& e) { e["mean"]["phase2"]["cross_entropy"] = 3.01; },
        [](json& e) { e["genres"]["folk"]["phase2"]["cross_entropy"] = 3.33; },
        [](json& e) { e["mean"]["ngram_memory"]["cross_entropy"] = 4.2; },
        [](json& e) { e["genres"]["folk"]["ngram_memory"]["cross_entropy"] = 3.7; },
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
        [](json& e) { e["statistics"]["mean"]["overlap"] = 0.77; },
        [](json& e) { e["told_apart"]["blends"]["jazz"]["auc"] = 0.66; },
        [](json& e) { e["told_apart"]["blends"]["folk 5 pop 5"]["auc"] = 0.76; },
        [](json& e) { e["told_apart"]["blends"]["folk 5 pop 5"]["opening"] = 0.71; },
        [](json& e) { e["told_apart"]["blends"]["jazz"]["same_bars_in_a_row"] = 5; },
        [](json& e) {
            json& range = e["told_apart"]["blends"]["folk 5 pop 5"]["between"]["range"];
            range["holds"] = false;
        }};
    for (std::size_t i = 0; i < kTargets; ++i) {
        const std::vector<Verdict> all = verdicts(spoil[i]);
        ASSERT_EQ(all.size(), kTargets);
        for (std::size_t j = 0; j < kTargets; ++j)
            EXPECT_EQ(all[j], j == i ? Verdict::missed : Verdict::reached) << i << ", " << j;
    }
}

TEST(ReportTargetsTest, TargetsBindStrongGenresOnly) {
    const std::vector<Verdict> all = verdicts([](json& e) {
        e["genres"]["<b>"]["phase2"]["cross_entropy"] = 3.9;
        e["controllability"]["one_hot"]["of_ceiling"]["<b>"] = 0.5;
        for (json& sweep : e["controllability"]["sweeps"])
            if (sweep["b"] == "<b>") sweep["rank_correlation"] = 0.1;
    });
    EXPECT_EQ(all, std::vector<Verdict>(kTargets, Verdict::reached));
}

TEST(ReportTargetsTest, TheEvaluationSaysWhichGenresAreStrong) {
    json evaluation = full();
    evaluation["bundle"]["strong"] = {"jazz", "<b>"};
    const std::string good = page({{"x.json", evaluation}});
    EXPECT_TRUE(has(good, "Strong genres are jazz and &lt;b&gt;."));
    EXPECT_EQ(count_of("class=\"verdict reached\"", good), kTargets);
    EXPECT_THAT(not_well_formed(good), IsEmpty());

    const std::function<void(json&, const char*)> spoil = [](json& e, const char* genre) {
        e["genres"][genre]["phase2"]["cross_entropy"] = 3.9;
        e["controllability"]["one_hot"]["of_ceiling"][genre] = 0.5;
    };
    const auto all = verdicts([&](json& e) {
        e = evaluation;
        spoil(e, "classical");
        e["controllability"]["sweeps"][0]["rank_correlation"] = 0.1;  // classical and jazz
    });
    EXPECT_EQ(all, std::vector<Verdict>(kTargets, Verdict::reached));
    spoil(evaluation, "<b>");
    for (json& sweep : evaluation["controllability"]["sweeps"])
        if (sweep["a"] == "jazz" && sweep["b"] == "<b>") sweep["rank_correlation"] = 0.1;
    const std::string bad = page({{"x.json", evaluation}});
    EXPECT_EQ(count_of("class=\"verdict missed\"", bad), 3u);
    for (const char* text :
         {"2.5% in &lt;b&gt;", "50.0% in &lt;b&gt;", "0.100 in jazz and &lt;b&gt;"})
        EXPECT_TRUE(has(bad, text)) << text;
    // What misses a target is marked in the tables too.
    EXPECT_TRUE(has(bad, "<td class=\"low\">2.5%</td>"));
    EXPECT_TRUE(has(bad, "<td class=\"key low\">50.0%</td>"));
}

TEST(ReportTargetsTest, WithoutStrongGenresTheirTargetsHaveNoFigure) {
    for (const bool empty : {false, true}) {
        json evaluation = full();
        if (empty)
            evaluation["bundle"]["strong"] = json::array();
        else
            evaluation["bundle"].erase("strong");
        const std::string html = page({{"x.json", evaluation}});
        EXPECT_TRUE(has(html, "This evaluation names no strong genres."));
        EXPECT_FALSE(has(html, "trong genres are"));
        EXPECT_EQ(count_of("<b>no figure</b>", html), 5u);
        EXPECT_EQ(count_of("class=\"verdict reached\"", html), kTargets - 5);
        EXPECT_TRUE(has(html, "11 of 16 targets reached"));
        EXPECT_FALSE(has(html, "drawn in orange"));
        EXPECT_THAT(not_well_formed(html), IsEmpty());
    }
}

TEST(ReportTargetsTest, EveryEvaluationHasItsOwnStrongGenres) {
    json one = full(), none = full();
    one["bundle"]["strong"] = {"jazz"};
    one["genres"]["pop"]["phase2"]["cross_entropy"] = 3.9;
    none.erase("bundle");
    json four = full();
    four["genres"]["pop"]["phase2"]["cross_entropy"] = 3.9;
    const std::string html = page({{"one.json", one}, {"<none>", none}, {"four.json", four}});
    EXPECT_TRUE(has(html,
                    "The strong genre of one.json is jazz. &lt;none&gt; names no strong genres. "
                    "Strong genres of four.json are classical, jazz, pop and folk."));
    EXPECT_EQ(count_of("class=\"verdict missed\"", html), 1u);
    EXPECT_EQ(count_of("<td class=\"low\">2.5%</td>", html), 1u);
    EXPECT_THAT(not_well_formed(html), IsEmpty());
    EXPECT_TRUE(has(page({{"a.json", four}, {"b.json", four}}),
                    "Strong genres are classical, jazz, pop and folk. Where"));
}

}  // namespace
}  // namespace fusion::train
