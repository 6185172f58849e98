// How well held-out pieces are predicted, genre by genre.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/train/report/markup.hpp"
#include "engine/train/report/report_sections.hpp"
#include "engine/train/report/report_targets.hpp"
#include "engine/train/report/svg_canvas.hpp"
#include "engine/train/report/svg_plot.hpp"

namespace fusion::train::report {

namespace {

constexpr PlotSize kWide{1048.0, 300.0};

// Every genre of any of them, in the order of the first that has it.
std::vector<std::string> all_genres(const Inputs& inputs) {
    std::vector<std::string> genres;
    for (const Measured& measured : inputs)
        for (const Scores& scores : measured.genres)
            if (std::find(genres.begin(), genres.end(), scores.genre) == genres.end())
                genres.push_back(scores.genre);
    return genres;
}

const Scores* scores_of(const Measured& measured, const std::string& genre) {
    for (const Scores& scores : measured.genres)
        if (scores.genre == genre) return &scores;
    return nullptr;
}

std::string score_cells(const Measured& measured, const Scores& s) {
    const double below = gain(s);
    const bool short_of_it = measured.is_strong(s.genre) && below < kStrongGain;
    const double over = over_memory(s);
    const bool above_it = measured.is_strong(s.genre) && over > kStrongOverMemory;
    const bool under_ngram = s.phase2.f1_pitch_weighted <= s.ngram5.f1_pitch_weighted;
    return number_cell(counted(s.pieces)) + number_cell(counted(s.events)) +
           number_cell(fixed(s.phase1.mse, 5), "first") +
           number_cell(fixed(s.phase1.cross_entropy, 3), "first") +
           number_cell(fixed(s.ngram5.cross_entropy, 3)) +
           number_cell(fixed(s.phase2.cross_entropy, 3), "key") +
           number_cell(percent(below), short_of_it ? "low" : "") +
           number_cell(fixed(s.ngram_memory, 3)) +
           number_cell(fixed(over, 3), above_it ? "low" : "") +
           number_cell(fixed(s.ngram5.f1_pitch_weighted, 3), "first") +
           number_cell(fixed(s.phase2.f1_pitch_weighted, 3), under_ngram ? "key low" : "key") +
           number_cell(fixed(s.phase2.f1_pitch_macro, 3)) +
           number_cell(fixed(s.phase2.f1_event_weighted, 3), "first") +
           number_cell(fixed(s.phase2.f1_event_macro, 3)) +
           number_cell(fixed(s.phase2.f1_duration_weighted, 3), "first");
}

// The rows of one genre (or of the mean): one for each evaluation.
std::string score_rows(const Inputs& inputs, const std::string& name,
                       const std::vector<const Scores*>& scores, std::string_view classes) {
    std::string rows = fmt::format("<tbody class=\"{}\">\n", classes);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        rows += "<tr>";
        if (i == 0)
            rows += fmt::format(R"(<th scope="rowgroup" rowspan="{}">{}</th>)", inputs.size(),
                                escaped(name));
        if (inputs.size() > 1)
            rows += fmt::format("<td class=\"of\">{}</td>", escaped(inputs[i].name));
        rows += scores[i] ? score_cells(inputs[i], *scores[i])
                          : R"(<td colspan="15" class="of">not in this evaluation</td>)";
        rows += "</tr>\n";
    }
    return rows + "</tbody>\n";
}

std::string score_table(const Inputs& inputs) {
    const bool several = inputs.size() > 1;
    std::string head = fmt::format(
        "<tr><th scope=\"col\" rowspan=\"2\">Genre</th>{}<th scope=\"colgroup\" "
        "rowspan=\"2\">Pieces"
        "</th><th scope=\"colgroup\" rowspan=\"2\">Events</th>"
        "<th scope=\"col\" class=\"first\">MSE</th>"
        "<th scope=\"colgroup\" colspan=\"6\" class=\"first\">Cross-entropy</th>"
        "<th scope=\"colgroup\" colspan=\"3\" class=\"first\">Pitch F1</th>"
        "<th scope=\"colgroup\" colspan=\"2\" class=\"first\">Event F1</th>"
        "<th scope=\"col\" class=\"first\">Durations</th></tr>\n<tr>",
        several ? R"(<th scope="col" rowspan="2">Evaluation</th>)" : "");
    head += head_cell("phase 1", "first") + head_cell("phase 1", "first") + head_cell("5-gram") +
            head_cell("phase 2") + head_cell("below") + head_cell("memory") + head_cell("over") +
            head_cell("5-gram", "first") + head_cell("phase 2") + head_cell("macro") +
            head_cell("phase 2", "first") + head_cell("macro") + head_cell("F1", "first") + "</tr>";
    std::string body;
    for (const std::string& genre : all_genres(inputs)) {
        std::vector<const Scores*> scores;
        for (const Measured& measured : inputs) scores.push_back(scores_of(measured, genre));
        body += score_rows(inputs, genre, scores, "");
    }
    std::vector<const Scores*> means;
    for (const Measured& measured : inputs) means.push_back(&measured.mean);
    return table(head, body + score_rows(inputs, "mean", means, "mean"), "dense");
}

// The mean over genres is the last group of the bars.
Numbers with_mean(const Measured& measured, double (*of)(const Scores&)) {
    Numbers values;
    for (const Scores& scores : measured.genres) values.push_back(of(scores));
    values.push_back(of(measured.mean));
    return values;
}

std::vector<std::string> groups_of(const Measured& measured) {
    std::vector<std::string> groups;
    for (const Scores& scores : measured.genres) groups.push_back(scores.genre);
    groups.emplace_back("mean");
    return groups;
}

double phase1_nats(const Scores& s) { return s.phase1.cross_entropy; }
double phase2_nats(const Scores& s) { return s.phase2.cross_entropy; }
double ngram_nats(const Scores& s) { return s.ngram5.cross_entropy; }
double memory_nats(const Scores& s) { return s.ngram_memory; }
double phase2_f1(const Scores& s) { return s.phase2.f1_pitch_weighted; }
double ngram_f1(const Scores& s) { return s.ngram5.f1_pitch_weighted; }

// Bars of different evaluations are compared by eye, so they share a scale.
double tallest(const Inputs& inputs, const std::vector<double (*)(const Scores&)>& of) {
    double most = 0.0;
    for (const Measured& measured : inputs)
        for (const auto& each : of)
            for (const double value : with_mean(measured, each))
                if (std::isfinite(value)) most = std::max(most, value);
    const PlotRange range{0.0, most > 0.0 ? most : 1.0};
    return round_range(range, round_step(range, 5.0)).high;
}

std::string titled(const Inputs& inputs, const Measured& measured, std::string_view title) {
    return inputs.size() > 1 ? fmt::format("{} · {}", title, measured.name) : std::string{title};
}

std::string bar_figures(const Inputs& inputs) {
    std::vector<std::string> nats, f1;
    for (const Measured& measured : inputs) {
        BarPlot plot;
        plot.title = titled(inputs, measured, "Cross-entropy of held-out pieces");
        plot.size = kWide;
        plot.groups = groups_of(measured);
        plot.y = {"nats per event", 0.0,
                  tallest(inputs, {phase1_nats, phase2_nats, ngram_nats, memory_nats}), Ticks::any};
        plot.bars = {{"5-gram", with_mean(measured, ngram_nats), Ink::grey},
                     {"with memory", with_mean(measured, memory_nats), Ink::two},
                     {"phase 1", with_mean(measured, phase1_nats), Ink::pale},
                     {"phase 2", with_mean(measured, phase2_nats), Ink::one}};
        nats.push_back(svg(plot));
        plot.title = titled(inputs, measured, "Weighted F1 over pitches");
        plot.y = {"F1", 0.0, std::max(0.36, tallest(inputs, {phase2_f1, ngram_f1})), Ticks::any};
        plot.bars = {{"5-gram", with_mean(measured, ngram_f1), Ink::grey},
                     {"phase 2", with_mean(measured, phase2_f1), Ink::one}};
        plot.bands = {{kPaperF1Low, kPaperF1High, "the paper's range, 0.25 to 0.31"}};
        f1.push_back(svg(plot));
    }
    return figure(nats, "Lower is better.") + figure(f1, "Higher is better.");
}

}  // namespace

std::string scores_section(const Inputs& inputs) {
    return section(
        "scores", "Prediction of held-out pieces",
        "Each piece is followed note by note, and what the networks expect next is compared with "
        "what comes; phase 2 at one-hot weights. Cross-entropy in nats per event, and how far "
        "phase "
        "2 is below the 5-gram, which is fitted on the same training pieces. With memory: an "
        "n-gram "
        "that also learns the piece while it goes, on top of the 5-gram; phase 2 over it. F1 is "
        "weighted by how often each class occurs, or macro: every class alike. Orange falls short "
        "of a target.",
        score_table(inputs) + bar_figures(inputs));
}

}  // namespace fusion::train::report
