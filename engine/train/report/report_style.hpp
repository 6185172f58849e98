// The style sheet of a report: light, dark and print. Colours are those of Okabe and Ito, which
// colour-blind readers can tell apart, made lighter for dark. Thread: any. Errors: none.
#pragma once

#include <string_view>

namespace fusion::train::report {

// No "&" or "<" in it, so that the page is well-formed XML too.
[[nodiscard]] std::string_view style_sheet();

}  // namespace fusion::train::report
