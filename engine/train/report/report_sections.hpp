// The sections of a report, each whole: a heading, what it shows, tables and plots. Several
// evaluations stand side by side in tables and loss curves, and one under the other elsewhere. A
// part that an evaluation did not measure says so in one line. Thread: any. Errors: none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/train/report/report_reading.hpp"

namespace fusion::train::report {

using Inputs = std::vector<Measured>;

// What was measured, on what, made how.
[[nodiscard]] std::string facts_section(const Inputs& inputs);
[[nodiscard]] std::string targets_section(const Inputs& inputs);
[[nodiscard]] std::string scores_section(const Inputs& inputs);
[[nodiscard]] std::string training_section(const Inputs& inputs);
// Of `evaluate --music`.
[[nodiscard]] std::string controllability_section(const Inputs& inputs);
[[nodiscard]] std::string memorisation_section(const Inputs& inputs);
[[nodiscard]] std::string statistics_section(const Inputs& inputs);
[[nodiscard]] std::string told_apart_section(const Inputs& inputs);

// What the sections are made of. `lede` and `body` are markup; everything else is text.
[[nodiscard]] std::string section(std::string_view id, std::string_view title,
                                  std::string_view lede, std::string_view body);
// `draw` for each, under a heading with its name where there are several.
[[nodiscard]] std::string for_each(const Inputs& inputs, std::string (*draw)(const Measured&));
[[nodiscard]] std::string not_measured(const Measured& measured);
// Plots in rows, as many as fit; then how to read them.
[[nodiscard]] std::string figure(const std::vector<std::string>& plots, std::string_view caption);
[[nodiscard]] std::string number_cell(std::string_view text, std::string_view classes = "");
[[nodiscard]] std::string head_cell(std::string_view text, std::string_view classes = "");
[[nodiscard]] std::string row_head(std::string_view text);
[[nodiscard]] std::string table(std::string_view head, std::string_view body,
                                std::string_view classes = "");

}  // namespace fusion::train::report
