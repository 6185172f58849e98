// Where the bundle is looked for when nobody names one.
// Thread: any. Errors: none (the first place is returned when no place has one).
#pragma once

#include <filesystem>
#include <string>

namespace fusion {

// `named`, else $FUSIOND_BUNDLE, else the installed one, else the one in the source tree.
[[nodiscard]] std::filesystem::path bundle_place(const std::string& named);

}  // namespace fusion
