// How every training run went: loss curves, and where each was best.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/train/report/markup.hpp"
#include "engine/train/report/report_sections.hpp"
#include "engine/train/report/svg_plot.hpp"

namespace fusion::train::report {

namespace {

constexpr PlotSize kLarge{1048.0, 340.0};
constexpr PlotSize kSmall{250.0, 190.0};

std::size_t best_epoch(const TrainingRun& run) {
    std::size_t best = run.validation.size();
    for (std::size_t i = 0; i < run.validation.size(); ++i)
        if (std::isfinite(run.validation[i]) &&
            (best == run.validation.size() || run.validation[i] < run.validation[best]))
            best = i;
    return best;
}

Ink ink_of(std::size_t input) { return static_cast<Ink>(input % 6); }

enum class Detail : std::uint8_t { full, small };

struct NamedRun {
    std::size_t input = 0;
    const TrainingRun* run = nullptr;
};

std::string loss_plot(const Inputs& inputs, const std::string& title,
                      const std::vector<NamedRun>& runs, PlotSize size, Detail detail) {
    LinePlot plot;
    plot.title = title;
    plot.size = size;
    plot.x.ticks = Ticks::whole;
    if (detail == Detail::full) {
        plot.x.title = "epoch";
        plot.y.title = "nats per event";
    }
    for (const auto& [input, run] : runs) {
        const std::string prefix = inputs.size() > 1 ? inputs[input].name + ", " : "";
        const bool named = detail == Detail::full;
        plot.curves.push_back({named ? prefix + "training" : "", run->epoch, run->training,
                               ink_of(input), Stroke::dashed, Points::none});
        plot.curves.push_back({named ? prefix + "validation" : "", run->epoch, run->validation,
                               ink_of(input), Stroke::solid, Points::none});
        if (const std::size_t best = best_epoch(*run); best < run->validation.size())
            plot.curves.push_back({"",
                                   {run->epoch[best]},
                                   {run->validation[best]},
                                   ink_of(input),
                                   Stroke::solid,
                                   Points::dots});
    }
    return svg(plot);
}

// The runs of all evaluations for each network, in the order in which they come.
std::vector<std::pair<std::string, std::vector<NamedRun>>> by_network(
    const Inputs& inputs, std::vector<TrainingRun> BundleFacts::*phase) {
    std::vector<std::pair<std::string, std::vector<NamedRun>>> networks;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (!inputs[i].bundle) continue;
        for (const TrainingRun& run : (*inputs[i].bundle).*phase) {
            auto network = std::find_if(networks.begin(), networks.end(),
                                        [&](const auto& n) { return n.first == run.name; });
            if (network == networks.end())
                network = networks.insert(networks.end(), {run.name, {}});
            network->second.push_back({i, &run});
        }
    }
    return networks;
}

std::string median_of(Numbers values) {
    values.erase(std::remove_if(values.begin(), values.end(),
                                [](double value) { return !std::isfinite(value); }),
                 values.end());
    if (values.empty()) return "-";
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return counted(*middle);
}

std::string rates_of(const Numbers& rates) {
    if (rates.empty() || !std::isfinite(rates.front()) || !std::isfinite(rates.back())) return "-";
    if (rates.front() == rates.back()) return brief(rates.front());
    return fmt::format("{} to {}", brief(rates.front()), brief(rates.back()));
}

std::string run_row(const Inputs& inputs, const std::string& phase, const NamedRun& named) {
    const TrainingRun& run = *named.run;
    const std::size_t best = best_epoch(run);
    const bool known = best < run.validation.size();
    std::string row = fmt::format("<tr>{}", row_head(phase));
    if (inputs.size() > 1)
        row += fmt::format("<td class=\"of\">{}</td>", escaped(inputs[named.input].name));
    row += number_cell(counted(static_cast<double>(run.epoch.size()))) +
           number_cell(known ? fixed(run.epoch[best], 0) : "-") +
           number_cell(known ? fixed(run.training[best], 3) : "-") +
           number_cell(known ? fixed(run.validation[best], 3) : "-", "key");
    return row + number_cell(rates_of(run.learning_rate)) +
           number_cell(median_of(run.events_per_second)) + "</tr>\n";
}

}  // namespace

std::string training_section(const Inputs& inputs) {
    const auto phase1 = by_network(inputs, &BundleFacts::phase1);
    const auto phase2 = by_network(inputs, &BundleFacts::phase2);
    std::string body;
    for (const Measured& measured : inputs)
        if (!measured.bundle ||
            (measured.bundle->phase1.empty() && measured.bundle->phase2.empty()))
            body += fmt::format(
                "<p class=\"absent\">{} holds no training history: it is in the "
                "record of a bundle, which <code>fusion-train train</code> writes."
                "</p>\n",
                escaped(measured.name));
    std::string rows;
    std::vector<std::string> large, small;
    for (const auto& [name, runs] : phase2) {
        const std::string title = name.empty() ? "Phase 2" : "Phase 2, " + name;
        large.push_back(loss_plot(inputs, title, runs, kLarge, Detail::full));
        for (const NamedRun& run : runs) rows += run_row(inputs, title, run);
    }
    for (const auto& [name, runs] : phase1) {
        const std::string title = name.empty() ? "Phase 1" : "Phase 1, " + name;
        small.push_back(
            loss_plot(inputs, name == "all" ? "all genres" : name, runs, kSmall, Detail::small));
        for (const NamedRun& run : runs) rows += run_row(inputs, title, run);
    }
    const std::string_view how =
        "Solid: validation pieces; dashed: training, with dropout where the preset has it. The dot "
        "is the best epoch, the one that is kept.";
    if (!large.empty()) body += figure(large, how);
    if (!small.empty())
        body += "<h3>Phase 1, one network for each genre</h3>\n" +
                figure(small,
                       "Nats per event by epoch, drawn as above; each plot has its own "
                       "scale. Every genre's network starts from the one on all genres.");
    if (!rows.empty()) {
        std::string head = "<tr><th scope=\"col\">Network</th>";
        if (inputs.size() > 1) head += "<th scope=\"col\">Evaluation</th>";
        for (const std::string_view name : {"epochs", "best epoch", "training", "validation",
                                            "learning rate", "events per second"})
            head += head_cell(name);
        body += table(head + "</tr>", "<tbody>\n" + rows + "</tbody>\n");
    }
    return section("training", "Training", "", body);
}

}  // namespace fusion::train::report
