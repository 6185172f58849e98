// A report for people, as one HTML file that needs nothing else (no script, no font, no network)
// and is well-formed XML too: made from what `fusion-train evaluate --json` printed, one or several
// evaluations side by side. Thread: any. Errors: out_of_range (nothing to report on), malformed (an
// evaluation that is not one; the message names the file and the key).
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/base/result.hpp"

namespace fusion::train {

struct ReportInput {
    std::string name;  // the file's
    nlohmann::json evaluation;
};

[[nodiscard]] Result<std::string> report_html(const std::vector<ReportInput>& inputs);

}  // namespace fusion::train
