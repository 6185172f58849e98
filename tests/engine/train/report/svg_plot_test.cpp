#include "engine/train/report/svg_plot.hpp"

#include <cmath>
#include <limits>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/train/report/markup.hpp"
#include "engine/train/report/svg_canvas.hpp"
#include "tests/engine/train/report/well_formed.hpp"

namespace fusion::train {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const double kNan = std::numeric_limits<double>::quiet_NaN();

// The heights of the rectangles of a class, from left to right within each series.
std::vector<double> heights(const std::string& plot, const std::string& classes) {
    std::vector<double> found;
    const std::regex box{
        "<rect x=\"[-0-9.]+\" y=\"[-0-9.]+\" width=\"[-0-9.]+\" height=\"([-0-9.]+)\" "
        "class=\"" +
        classes + "\""};
    for (std::sregex_iterator at{plot.begin(), plot.end(), box}, end; at != end; ++at)
        found.push_back(std::stod((*at)[1]));
    return found;
}

LinePlot line_plot(std::vector<double> x, std::vector<double> y) {
    LinePlot plot;
    plot.title = "a line";
    plot.size = {300.0, 200.0};
    plot.curves = {{"one", std::move(x), std::move(y), Ink::one, Stroke::solid, Points::none}};
    return plot;
}

BarPlot bar_plot(std::vector<std::string> groups, std::vector<double> values) {
    BarPlot plot;
    plot.title = "bars";
    plot.size = {400.0, 200.0};
    plot.groups = std::move(groups);
    plot.bars = {{"", std::move(values), Ink::one}};
    return plot;
}

TEST(WellFormedTest, TheCheckOfTheseTestsFindsWhatIsWrong) {
    EXPECT_THAT(not_well_formed(R"(<p a="1">x &lt; y<br/></p>)"), IsEmpty());
    for (const char* bad :
         {"<p>", "<p></b>", "</p>", "<p a=1></p>", "<p>a & b</p>", R"(<p a="<"/>)",
          R"(<p a="1" a="2"/>)", "<p>a > b</p>", "<p>\x01</p>", "<p"})
        EXPECT_THAT(not_well_formed(bad), Not(IsEmpty())) << bad;
}

TEST(RoundTicksTest, StepsAreOneTwoOrFiveTimesAPowerOfTen) {
    EXPECT_DOUBLE_EQ(round_step({0.0, 1.0}, 5.0), 0.2);
    EXPECT_DOUBLE_EQ(round_step({0.0, 100.0}, 4.0), 50.0);
    EXPECT_DOUBLE_EQ(round_step({2.6, 3.8}, 6.0), 0.2);
    EXPECT_DOUBLE_EQ(round_step({0.0, 0.003}, 3.0), 0.001);
    EXPECT_DOUBLE_EQ(round_step({1.0, 3.0}, 10.0, Ticks::whole), 1.0);
}

TEST(RoundTicksTest, TicksLieWithinTheRangeAndIncludeItsEnds) {
    const RoundTicks ticks = round_ticks({0.0, 0.3}, 0.1);
    EXPECT_THAT(ticks.at, ElementsAre(DoubleNear(0.0, 1e-12), DoubleNear(0.1, 1e-12),
                                      DoubleNear(0.2, 1e-12), DoubleNear(0.3, 1e-12)));
    EXPECT_EQ(ticks.label(ticks.at[3]), "0.3");
    EXPECT_EQ(ticks.label(-1e-17), "0.0");
    EXPECT_THAT(round_ticks({1.0, 11.0}, 5.0).at, ElementsAre(5.0, 10.0));
    const PlotRange round = round_range({2.71, 3.14}, 0.1);
    EXPECT_NEAR(round.low, 2.7, 1e-12);
    EXPECT_NEAR(round.high, 3.2, 1e-12);
}

TEST(RoundTicksTest, ARangeThatIsNoneHasNoTicks) {
    EXPECT_EQ(round_step({1.0, 1.0}, 5.0), 0.0);
    EXPECT_EQ(round_step({0.0, std::numeric_limits<double>::infinity()}, 5.0), 0.0);
    EXPECT_EQ(round_step({kNan, 1.0}, 5.0), 0.0);
    EXPECT_THAT(round_ticks({0.0, 1.0}, 0.0).at, IsEmpty());
}

TEST(MarkupTest, EscapesTextAndReplacesWhatXmlForbids) {
    EXPECT_EQ(escaped("<b> & \"it's\""), "&lt;b&gt; &amp; &quot;it&#39;s&quot;");
    EXPECT_EQ(escaped("naïve ♯"), "naïve ♯");
    EXPECT_EQ(escaped("a\xff\x01z"), "a\xEF\xBF\xBD\xEF\xBF\xBDz");
    EXPECT_EQ(escaped("\xC3"), "\xEF\xBF\xBD");                       // cut short
    EXPECT_EQ(escaped("\xED\xA0\x80").substr(0, 3), "\xEF\xBF\xBD");  // a surrogate
}

TEST(MarkupTest, ANumberThatIsNoneIsADash) {
    EXPECT_EQ(fixed(kNan, 3), "-");
    EXPECT_EQ(percent(std::numeric_limits<double>::infinity()), "-");
    EXPECT_EQ(counted(kNan), "-");
    EXPECT_EQ(fixed(0.12345, 3), "0.123");
    EXPECT_EQ(percent(0.253), "25.3%");
    EXPECT_EQ(counted(1234567.0), "1,234,567");
    EXPECT_EQ(counted(999.0), "999");
    EXPECT_EQ(counted(-123456.0), "-123,456");
}

TEST(LinePlotTest, IsWellFormedAndEscaped) {
    LinePlot plot = line_plot({1.0, 2.0}, {3.0, 4.0});
    plot.title = R"(<b> & "c")";
    plot.curves[0].name = "<i>";
    plot.curves[0].points = Points::dots;
    plot.x.title = "x < y";
    plot.marks = {{1.5, "<m>"}};
    plot.bands = {{3.2, 3.4, "<band>"}};
    plot.note = "<n>";
    const std::string drawn = svg(plot);
    EXPECT_THAT(not_well_formed(drawn), IsEmpty());
    EXPECT_THAT(drawn, HasSubstr("&lt;b&gt; &amp; &quot;c&quot;"));
    for (const char* raw : {"<b>", "<i>", "<m>", "<n>", "<band>"})
        EXPECT_THAT(drawn, Not(HasSubstr(raw)));
}

TEST(LinePlotTest, AMissingValueLeavesAGap) {
    EXPECT_EQ(count_of("<path", svg(line_plot({1, 2, 3, 4, 5}, {1, 2, 3, 4, 5}))), 1u);
    const std::string gap = svg(line_plot({1, 2, 3, 4, 5}, {1, 2, kNan, 4, 5}));
    EXPECT_EQ(count_of("<path", gap), 2u);
    EXPECT_THAT(gap, Not(HasSubstr("nan")));
}

TEST(LinePlotTest, DrawsItsFrameWhateverItIsGiven) {
    const double huge = std::numeric_limits<double>::max();
    for (const LinePlot& plot :
         {line_plot({}, {}), line_plot({1.0}, {2.0}), line_plot({1.0, 2.0}, {kNan, kNan}),
          line_plot({1.0, 2.0}, {5.0, 5.0}), line_plot({1.0, 2.0}, {-huge, huge})}) {
        const std::string drawn = svg(plot);
        EXPECT_THAT(not_well_formed(drawn), IsEmpty());
        EXPECT_THAT(drawn, HasSubstr("class=\"base\""));
    }
}

TEST(BarPlotTest, BarsAreAsLongAsTheirValues) {
    const std::vector<double> bars =
        heights(svg(bar_plot({"a", "b", "c"}, {1.0, 2.0, 4.0})), "bar ink1");
    ASSERT_EQ(bars.size(), 3u);
    EXPECT_NEAR(bars[1] / bars[0], 2.0, 0.02);
    EXPECT_NEAR(bars[2] / bars[0], 4.0, 0.04);
}

TEST(BarPlotTest, EqualBarsFillTheirPlot) {
    const double field = 200.0;
    const std::vector<double> bars = heights(svg(bar_plot({"a", "b"}, {0.08, 0.08})), "bar ink1");
    ASSERT_EQ(bars.size(), 2u);
    EXPECT_GT(bars[0], field / 2.0);
}

TEST(BarPlotTest, AMissingValueIsADash) {
    const std::string drawn = svg(bar_plot({"a", "b"}, {kNan, 2.0}));
    EXPECT_EQ(heights(drawn, "bar ink1").size(), 1u);
    EXPECT_THAT(drawn, HasSubstr(">-</text>"));
    EXPECT_THAT(not_well_formed(drawn), IsEmpty());
}

TEST(BarPlotTest, ABandIsAsHighAsItsRange) {
    BarPlot plot = bar_plot({"a"}, {0.5});
    plot.y.high = 1.0;
    plot.bands = {{0.25, 0.5, "range"}};
    const std::string drawn = svg(plot);
    const std::vector<double> band = heights(drawn, "band"), bar = heights(drawn, "bar ink1");
    ASSERT_EQ(band.size(), 2u);  // the first is in the legend
    ASSERT_EQ(bar.size(), 1u);
    EXPECT_NEAR(band[1], bar[0] / 2.0, 0.2);
    EXPECT_THAT(drawn, HasSubstr(">range</text>"));
}

TEST(BarPlotTest, LongLabelsAreSlantedAndNumbersLeftOut) {
    EXPECT_THAT(svg(bar_plot({"a", "b"}, {1, 2})), Not(HasSubstr("rotate")));
    EXPECT_EQ(count_of("rotate", svg(bar_plot(std::vector<std::string>(9, "electronic"),
                                              std::vector<double>(9, 1.0)))),
              9u);
    std::vector<std::string> numbers;
    numbers.reserve(100);
    for (int i = 0; i < 100; ++i) numbers.push_back(std::to_string(i));
    const std::string many = svg(bar_plot(numbers, std::vector<double>(100, 1.0)));
    EXPECT_THAT(many, Not(HasSubstr("rotate")));
    EXPECT_THAT(many, HasSubstr(">0</text>"));
    EXPECT_THAT(many, HasSubstr(">90</text>"));
    EXPECT_THAT(many, Not(HasSubstr(">91</text>")));
}

TEST(HeatMapTest, ShowsEveryCellAndADashForNone) {
    HeatMap map;
    map.title = "verdicts";
    map.width = 300.0;
    map.rows = map.columns = {"<b>", "jazz"};
    map.values = {{0.9, 0.1}, {kNan, 1.0}};
    const std::string drawn = svg(map);
    EXPECT_THAT(not_well_formed(drawn), IsEmpty());
    EXPECT_EQ(count_of("class=\"cell\"", drawn), 4u);
    for (const char* text : {">90</text>", ">10</text>", ">-</text>", ">100</text>"})
        EXPECT_THAT(drawn, HasSubstr(text));
    EXPECT_THAT(drawn, HasSubstr("&lt;b&gt;, jazz: 10"));
    EXPECT_THAT(drawn, HasSubstr("fill-opacity=\"0.900\""));
}

TEST(HeatMapTest, ShorterRowsThanLabelsAreDashes) {
    HeatMap map;
    map.width = 300.0;
    map.rows = map.columns = {"a", "b"};
    map.values = {{3.5}};
    map.text = CellText::number;
    map.full = 7.0;
    const std::string drawn = svg(map);
    EXPECT_EQ(count_of(">-</text>", drawn), 3u);
    EXPECT_THAT(drawn, HasSubstr(">3.5</text>"));
    EXPECT_THAT(drawn, HasSubstr("fill-opacity=\"0.500\""));
}

}  // namespace
}  // namespace fusion::train
