// What is generated against real music: what is copied, and how its statistics lie.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "engine/train/report/markup.hpp"
#include "engine/train/report/report_sections.hpp"
#include "engine/train/report/report_targets.hpp"
#include "engine/train/report/svg_plot.hpp"

namespace fusion::train::report {

namespace {

constexpr PlotSize kThird{338.0, 220.0};

// The share of excerpts whose longest run has at least so many notes.
Numbers at_least(const Numbers& histogram) {
    double rest = 0.0;
    for (const double count : histogram) rest += std::isfinite(count) ? count : 0.0;
    const double all = rest;
    Numbers shares;
    for (const double count : histogram) {
        shares.push_back(all > 0.0 ? rest / all : std::nan(""));
        rest -= std::isfinite(count) ? count : 0.0;
    }
    return shares;
}

Numbers up_to(std::size_t count) {
    Numbers numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0.0);
    return numbers;
}

std::string copied_table(const Memorisation& memorisation) {
    const auto row = [](std::string_view name, double generated, double held_out) {
        const bool more = generated > kCopiedOverHeldOut * held_out;
        return fmt::format("<tr>{}", row_head(name)) + number_cell(percent(held_out)) +
               number_cell(percent(generated), more ? "key low" : "key") +
               number_cell(held_out > 0.0 ? fixed(generated / held_out, 2) : "-") + "</tr>\n";
    };
    std::string rows;
    for (const Memorisation::Genre& genre : memorisation.genres)
        rows += row(genre.genre, genre.generated.share, genre.held_out.share);
    return fmt::format(
               "<p>The share of runs of {} notes that are in a training piece, note for note. "
               "Orange: more than 1.25 times the held-out share.</p>\n",
               counted(memorisation.run_notes)) +
           table("<tr>" + head_cell("Genre") + head_cell("held out") + head_cell("generated") +
                     head_cell("times") + "</tr>",
                 "<tbody>\n" + rows + "</tbody>\n<tbody class=\"mean\">\n" +
                     row("mean", memorisation.generated_share, memorisation.held_out_share) +
                     "</tbody>\n");
}

std::string draw_memorisation(const Measured& measured) {
    if (!measured.memorisation) return not_measured(measured);
    std::vector<std::string> plots;
    for (const Memorisation::Genre& genre : measured.memorisation->genres) {
        LinePlot plot;
        plot.title = genre.genre;
        plot.size = kThird;
        plot.x = {"notes", 0.0, {}, Ticks::whole};
        plot.y = {"", 0.0, 1.0, Ticks::any};
        const Numbers& real = genre.held_out.longest;
        const Numbers& generated = genre.generated.longest;
        plot.curves = {{"held out", up_to(real.size()), at_least(real), Ink::grey, Stroke::solid,
                        Points::none},
                       {"generated", up_to(generated.size()), at_least(generated), Ink::one,
                        Stroke::solid, Points::none}};
        plots.push_back(svg(plot));
    }
    return copied_table(*measured.memorisation) +
           figure(
               plots,
               "The share of excerpts whose longest copied run has at least so many notes. A curve "
               "to the right of the held-out one copies more than real music repeats itself.");
}

const Statistics::Feature* feature_of(const Statistics::Genre& genre, const std::string& name) {
    for (const Statistics::Feature& feature : genre.features)
        if (feature.name == name) return &feature;
    return nullptr;
}

std::string pair_cell(double generated, double real, bool short_of_it) {
    return fmt::format("<td{}>{} <small>{}</small></td>", short_of_it ? " class=\"low\"" : "",
                       fixed(generated, 2), fixed(real, 2));
}

// A table of features by genres, its last row the mean where the statistic has one.
std::string feature_table(const Statistics& statistics,
                          std::string (*cell)(const Statistics::Feature&),
                          std::string_view last_row) {
    std::vector<std::string> names;
    std::string head = "<tr>" + head_cell("Feature");
    for (const Statistics::Genre& genre : statistics.genres) {
        head += head_cell(genre.genre);
        for (const Statistics::Feature& feature : genre.features)
            if (std::find(names.begin(), names.end(), feature.name) == names.end())
                names.push_back(feature.name);
    }
    std::string body = "<tbody>\n";
    for (const std::string& name : names) {
        body += fmt::format("<tr>{}", row_head(name));
        for (const Statistics::Genre& genre : statistics.genres) {
            const Statistics::Feature* feature = feature_of(genre, name);
            body += feature ? cell(*feature) : "<td>-</td>";
        }
        body += "</tr>\n";
    }
    return table(head + "</tr>", fmt::format("{}</tbody>\n{}", body, last_row));
}

std::string overlap_cell(const Statistics::Feature& feature) {
    return pair_cell(feature.overlap, feature.overlap_real,
                     feature.overlap < kOverlapOfReal * feature.overlap_real);
}

std::string divergence_cell(const Statistics::Feature& feature) {
    return pair_cell(feature.kl, feature.kl_real, false);
}

std::string statistics_tables(const Statistics& statistics) {
    std::string mean = "<tbody class=\"mean\">\n<tr>" + row_head("mean");
    for (const Statistics::Genre& genre : statistics.genres)
        mean += pair_cell(genre.overlap, genre.overlap_real,
                          genre.overlap < kOverlapOfReal * genre.overlap_real);
    mean += "</tr>\n</tbody>\n";
    return fmt::format(
               "<h3>Overlapping area</h3>\n<p>Generated against real and, small beside it, "
               "real against real. Orange: below 0.85 of that. The mean over all is {} "
               "against {}.</p>\n",
               fixed(statistics.overlap, 3), fixed(statistics.overlap_real, 3)) +
           feature_table(statistics, overlap_cell, mean) +
           "<h3>Kullback-Leibler divergence</h3>\n<p>Generated from real and, small beside it, "
           "real "
           "from real.</p>\n" +
           feature_table(statistics, divergence_cell, "");
}

// "6/12" or "6/12 beat" is "1/2" below an axis that says beats; what is no fraction stays as it is.
std::string beats(const std::string& label) {
    std::string number = label.substr(0, label.find(" beat"));
    const char* const end = number.data() + number.size();
    int above = 0, below = 0;
    const auto slash = std::from_chars(number.data(), end, above);
    if (slash.ec != std::errc{} || slash.ptr == end || *slash.ptr != '/') return number;
    const auto rest = std::from_chars(slash.ptr + 1, end, below);
    if (rest.ec != std::errc{} || rest.ptr != end || above <= 0 || below <= 0) return number;
    const int common = std::gcd(above, below);
    return below == common ? fmt::format("{}", above / common)
                           : fmt::format("{}/{}", above / common, below / common);
}

std::string histogram(const std::string& title, const std::vector<std::string>& groups,
                      const Numbers& real, const Numbers& generated, std::string_view unit) {
    BarPlot plot;
    plot.title = title;
    plot.size = kThird;
    plot.groups = groups;
    plot.x_title = unit;
    plot.bars = {{"real", real, Ink::grey}, {"generated", generated, Ink::one}};
    return svg(plot);
}

std::string draw_statistics(const Measured& measured) {
    if (!measured.statistics) return not_measured(measured);
    static const std::vector<std::string> pitch_classes{"C",  "C♯", "D",  "D♯", "E",  "F",
                                                        "F♯", "G",  "G♯", "A",  "A♯", "B"};
    std::vector<std::string> pitches, durations;
    for (const Statistics::Genre& genre : measured.statistics->genres) {
        pitches.push_back(
            histogram(genre.genre, pitch_classes, genre.pitch_real, genre.pitch_generated, ""));
        std::vector<std::string> labels;
        labels.reserve(genre.durations.size());
        for (const std::string& label : genre.durations) labels.push_back(beats(label));
        durations.push_back(
            histogram(genre.genre, labels, genre.duration_real, genre.duration_generated, "beats"));
    }
    return statistics_tables(*measured.statistics) + "<h3>Pitch classes</h3>\n" +
           figure(pitches, "Share of notes, all pieces moved to C major or A minor.") +
           "<h3>Durations</h3>\n" + figure(durations, "Share of notes.");
}

}  // namespace

std::string memorisation_section(const Inputs& inputs) {
    return section("memorisation", "Is it copied?",
                   "Runs of notes that stand in a training piece as they are, in what is generated "
                   "and in real held-out pieces, which repeat common figures too.",
                   for_each(inputs, draw_memorisation));
}

std::string statistics_section(const Inputs& inputs) {
    return section("statistics", "Musical statistics",
                   "The features of Yang and Lerch (2018). The distances of generated excerpts to "
                   "real held-out ones are compared with the distances among the real ones.",
                   for_each(inputs, draw_statistics));
}

}  // namespace fusion::train::report
