#include "engine/train/report/report.hpp"

#include <fmt/format.h>

#include "engine/train/report/markup.hpp"
#include "engine/train/report/report_sections.hpp"
#include "engine/train/report/report_style.hpp"
#include "engine/train/report/report_targets.hpp"

namespace fusion::train {

namespace {

std::string title_of(const report::Inputs& inputs) {
    std::vector<std::string> names;
    for (const report::Measured& measured : inputs) names.push_back(escaped(measured.name));
    return fmt::format("fusiond: {}", joined(names, " and "));
}

std::string subtitle_of(const report::Inputs& inputs) {
    std::string lines;
    for (const report::Measured& measured : inputs) {
        const bool known = measured.bundle && !measured.bundle->name.empty();
        lines += fmt::format(
            "<p class=\"lede\">{} on {} pieces of {} genre{}: {} of {} targets "
            "reached</p>\n",
            escaped(known ? measured.bundle->name : measured.name), counted(measured.mean.pieces),
            measured.genres.size(), measured.genres.size() == 1 ? "" : "s",
            report::count_reached(measured), report::targets().size());
    }
    return lines;
}

constexpr std::string_view kContents = R"(<nav>
<a href="#measured">What was measured</a><a href="#targets">Targets</a>
<a href="#scores">Prediction</a><a href="#training">Training</a>
<a href="#told-apart">Told apart</a><a href="#controllability">Weights</a><a href="#memorisation">Copies</a>
<a href="#statistics">Statistics</a>
</nav>
)";

}  // namespace

Result<std::string> report_html(const std::vector<ReportInput>& inputs) {
    if (inputs.empty())
        return fail(Error::Code::out_of_range,
                    "no evaluation to report on: give one or more files that `fusion-train "
                    "evaluate --json` printed");
    report::Inputs measured;
    for (const ReportInput& input : inputs) {
        auto read = report::read_evaluation(input.name, input.evaluation);
        if (!read) return tl::unexpected{read.error()};
        measured.push_back(std::move(*read));
    }
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
        "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<header>\n"
        "<h1>Model report</h1>\n{11}{2}</header>\n{3}{4}{5}{6}{7}{8}{9}{10}</body>\n</html>\n",
        title_of(measured), report::style_sheet(), kContents, report::facts_section(measured),
        report::targets_section(measured), report::scores_section(measured),
        report::training_section(measured), report::told_apart_section(measured),
        report::controllability_section(measured), report::memorisation_section(measured),
        report::statistics_section(measured), subtitle_of(measured));
}

}  // namespace fusion::train
