// Whether the weights are heard: an independent classifier's verdicts on what is played.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/train/report/markup.hpp"
#include "engine/train/report/report_sections.hpp"
#include "engine/train/report/report_targets.hpp"
#include "engine/train/report/svg_plot.hpp"

namespace fusion::train::report {

namespace {

constexpr PlotSize kStrongSweep{338.0, 230.0};
constexpr PlotSize kSweep{196.0, 170.0};
constexpr PlotSize kSwitches{514.0, 346.0};
constexpr double kMatrix = 514.0;

double look_up(const std::map<std::string, double>& values, const std::string& genre) {
    const auto found = values.find(genre);
    return found == values.end() ? std::nan("") : found->second;
}

std::string verdict_table(const Measured& measured) {
    const Controllability& control = *measured.controllability;
    const bool among_strong = !control.of_ceiling_among_strong.empty();
    std::string rows;
    for (const std::string& genre : control.labels) {
        const double of_ceiling = look_up(control.of_ceiling, genre);
        const bool short_of_it = measured.is_strong(genre) && of_ceiling < kOfCeiling;
        rows += fmt::format("<tr>{}", row_head(genre)) +
                number_cell(counted(look_up(control.excerpts_real, genre))) +
                number_cell(percent(look_up(control.accuracy, genre))) +
                number_cell(counted(look_up(control.excerpts_one_hot, genre))) +
                number_cell(percent(look_up(control.share, genre))) +
                number_cell(percent(of_ceiling), short_of_it ? "key low" : "key");
        if (among_strong)
            rows += number_cell(percent(look_up(control.of_ceiling_among_strong, genre)));
        rows += "</tr>\n";
    }
    std::string head = "<tr>";
    for (const std::string_view name :
         {"Genre", "real excerpts", "told rightly", "generated excerpts", "told as their genre",
          "of the ceiling"})
        head += head_cell(name);
    if (among_strong) head += head_cell("asked among strong genres only");
    return table(head + "</tr>", "<tbody>\n" + rows + "</tbody>\n");
}

std::string matrices(const Controllability& control) {
    HeatMap map;
    map.width = kMatrix;
    map.rows = map.columns = control.labels;
    map.column_title = "verdict, %";
    std::vector<std::string> plots;
    const auto add = [&](std::string_view title, std::string_view rows,
                         const std::vector<Numbers>& values) {
        if (values.empty()) return;
        map.title = title;
        map.row_title = rows;
        map.values = values;
        plots.push_back(svg(map));
    };
    add("Real held-out pieces", "truth", control.confusion_real);
    add("Generated at one-hot weights", "weight", control.confusion_one_hot);
    return plots.empty() ? "" : figure(plots, "Each row sums to 100%.");
}

std::string sweep_plot(const Measured& measured, const Sweep& sweep) {
    LinePlot plot;
    plot.title = fmt::format("{} · {}", sweep.a, sweep.b);
    plot.note = fixed(sweep.rank_correlation, 3);
    const bool is_strong = measured.is_strong(sweep);
    const bool missed = is_strong && !(sweep.rank_correlation >= kRankCorrelation);
    plot.size = is_strong ? kStrongSweep : kSweep;
    plot.x = {"", 0.0, 1.0, Ticks::any};
    plot.y = {"", 0.0, 1.0, Ticks::any};
    plot.curves = {{"", {0.0, 1.0}, {0.0, 1.0}, Ink::grey, Stroke::dashed, Points::none},
                   {"", sweep.weight_a, sweep.verdict_a, missed ? Ink::two : Ink::one,
                    Stroke::solid, Points::dots}};
    return svg(plot);
}

std::string sweep_figures(const Measured& measured) {
    std::vector<std::string> strong, others;
    for (const Sweep& sweep : measured.controllability->sweeps)
        (measured.is_strong(sweep) ? strong : others).push_back(sweep_plot(measured, sweep));
    std::string html = "<h3>Weight and verdict, for each pair of genres</h3>\n";
    const std::string how = fmt::format(
        "Across: the weight of the first genre, the second has the rest. Up: how far the "
        "classifier, asked between the two, takes what is played for the first. The number is the "
        "rank correlation of both{}. Dashed: verdict equals weight.",
        strong.empty() ? ""
                       : "; a pair of strong genres below the target of 0.95 is drawn in orange");
    if (!strong.empty()) html += figure(strong, how);
    if (!others.empty())
        html += figure(others, strong.empty() ? how : "Pairs with a small genre, drawn as above.");
    return html;
}

// Only the genres that were switched between; in the order of the labels.
std::string pair_matrix(const Switches& switches, const std::vector<std::string>& labels) {
    HeatMap map;
    map.title = "Median notes, by pair";
    map.width = kMatrix;
    map.row_title = "from";
    map.column_title = "to";
    map.text = CellText::number;
    for (const std::string& label : labels)
        if (std::any_of(switches.pairs.begin(), switches.pairs.end(),
                        [&](const auto& pair) { return pair.from == label || pair.to == label; }))
            map.rows.push_back(label);
    map.columns = map.rows;
    map.values.assign(map.rows.size(), Numbers(map.rows.size(), std::nan("")));
    const auto place = [&](const std::string& genre) {
        return static_cast<std::size_t>(std::find(map.rows.begin(), map.rows.end(), genre) -
                                        map.rows.begin());
    };
    for (const Switches::Pair& pair : switches.pairs) {
        const std::size_t from = place(pair.from), to = place(pair.to);
        if (from == map.rows.size() || to == map.rows.size()) continue;
        map.values[from][to] = pair.median_notes;
        if (std::isfinite(pair.median_notes)) map.full = std::max(map.full, pair.median_notes);
    }
    return svg(map);
}

std::string switch_figures(const Controllability& control) {
    const Switches& switches = *control.switches;
    BarPlot plot;
    plot.title = "Notes until the verdict follows";
    plot.size = kSwitches;
    plot.y.title = "switches";
    plot.x_title = "notes";
    for (std::size_t notes = 0; notes < switches.histogram.size(); ++notes)
        plot.groups.push_back(fmt::format("{}", notes));
    plot.bars = {{"", switches.histogram, Ink::one}};
    if (std::isfinite(switches.median_notes))
        plot.marks = {{switches.median_notes, "median " + brief(switches.median_notes)}};
    std::vector<std::string> plots{svg(plot)};
    std::string caption =
        fmt::format("{} of the switches are never followed.", percent(switches.never));
    if (std::isfinite(switches.already))
        caption += fmt::format(" In {} the verdict was there before the switch.",
                               percent(switches.already));
    if (std::isfinite(switches.median_real))
        caption += fmt::format(
            " Between real pieces laid end to end the classifier needs {} notes "
            "in the median.",
            brief(switches.median_real));
    if (!switches.pairs.empty()) {
        plots.push_back(pair_matrix(switches, control.labels));
        caption += " In the matrix lighter is sooner.";
    }
    return "<h3>After a switch of weights</h3>\n" + figure(plots, caption);
}

std::string draw(const Measured& measured) {
    if (!measured.controllability) return not_measured(measured);
    const Controllability& control = *measured.controllability;
    std::string html;
    if (std::isfinite(control.excerpt_notes))
        html += fmt::format("<p>Excerpts of {} notes.</p>\n", counted(control.excerpt_notes));
    html += verdict_table(measured) + matrices(control);
    if (!control.sweeps.empty()) html += sweep_figures(measured);
    if (control.switches) html += switch_figures(control);
    return html;
}

}  // namespace

std::string controllability_section(const Inputs& inputs) {
    return section("controllability", "Are the weights heard?",
                   "A classifier that shares nothing with the generator, fitted on training pieces "
                   "only, says what genre an excerpt is. Its accuracy on real held-out pieces is "
                   "the ceiling for what is generated.",
                   for_each(inputs, draw));
}

}  // namespace fusion::train::report
