// How well what is played can be told from real pieces.
#include <fmt/format.h>

#include "engine/train/report/markup.hpp"
#include "engine/train/report/report_sections.hpp"
#include "engine/train/report/report_targets.hpp"

namespace fusion::train::report {

namespace {

// What tells most first, as many as one reads.
std::string given_away_by(const ToldApart::Blend& blend) {
    constexpr std::size_t kRead = 3;
    std::vector<std::string> texts;
    for (const ToldApart::GivesAway& by : blend.by) {
        if (texts.size() == kRead) break;
        texts.push_back(fmt::format("{} <small>{} played, {} real</small>", escaped(by.feature),
                                    brief(by.played), brief(by.real)));
    }
    return joined(texts, "<br/>");
}

std::string row(const ToldApart::Blend& blend) {
    const auto marked = [](double figure, double most) {
        return number_cell(fixed(figure, 2), figure > most ? "key low" : "key");
    };
    return "<tr>" + row_head(blend.name) + marked(blend.auc, most_told(blend)) +
           number_cell(fixed(blend.floor, 2)) + marked(blend.opening, kOpeningTold) +
           number_cell(fixed(blend.opening_floor, 2)) +
           number_cell(brief(blend.same_bars), blend.same_bars > kSameBarsInARow ? "low" : "") +
           "<td>" + given_away_by(blend) + "</td></tr>\n";
}

std::string between_table(const ToldApart& told) {
    std::string rows;
    for (const ToldApart::Blend& blend : told.blends)
        for (const ToldApart::Between& feature : blend.between) {
            if (feature.holds) continue;
            rows += "<tr>" + row_head(blend.name) + row_head(feature.feature) +
                    number_cell(brief(feature.played), "key low") +
                    number_cell(brief(feature.least)) + number_cell(brief(feature.most)) +
                    "</tr>\n";
        }
    if (rows.empty()) return "";
    return "<p>What a blend does that none of its genres does, with a tenth of slack.</p>\n" +
           table("<tr>" + head_cell("Blend") + head_cell("Feature") + head_cell("played") +
                     head_cell("least of its genres") + head_cell("most") + "</tr>",
                 "<tbody>\n" + rows + "</tbody>\n");
}

std::string draw(const Measured& measured) {
    if (!measured.told_apart) return not_measured(measured);
    const ToldApart& told = *measured.told_apart;
    std::string rows;
    for (const ToldApart::Blend& blend : told.blends) rows += row(blend);
    return fmt::format(
               "<p>Stretches of {} notes, and the first {} bars. Orange: above {} for a genre "
               "alone, {} for a blend, {} for a beginning. Floor: real training pieces told from "
               "real held-out ones.</p>\n",
               counted(told.stretch_notes), counted(told.opening_bars), fixed(kAloneTold, 2),
               fixed(kBlendTold, 2), fixed(kOpeningTold, 2)) +
           table("<tr>" + head_cell("Weights") + head_cell("told") + head_cell("floor") +
                     head_cell("beginning") + head_cell("floor") +
                     head_cell("same bars in a row, at most") + head_cell("given away by") +
                     "</tr>",
                 "<tbody>\n" + rows + "</tbody>\n") +
           between_table(told);
}

}  // namespace

std::string told_apart_section(const Inputs& inputs) {
    return section("told-apart", "Told from real pieces",
                   "A classifier is taught to tell what is played from real held-out pieces, and "
                   "asked about others: the area under its curve is 0.5 where it cannot tell and 1 "
                   "where it always can.",
                   for_each(inputs, draw));
}

}  // namespace fusion::train::report
