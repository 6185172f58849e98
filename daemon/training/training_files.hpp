// The page's own files, as the panel's are kept: part of the program.
// Thread: any (constant). Errors: none.
#pragma once

#include <span>

#include "daemon/panel/panel.hpp"

namespace fusion {

[[nodiscard]] std::span<const PanelFile> training_files();

}  // namespace fusion
