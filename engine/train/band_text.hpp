// A bundle's band as a person reads it. Thread: any. Errors: none.
#pragma once

#include <string>
#include <vector>

#include "engine/model/bundle.hpp"

namespace fusion::train {

// Each genre's patterns as small grids, the commonest first.
[[nodiscard]] std::string band_as_text(const Bundle& bundle);
// How many patterns each genre has for each part, learned and written, and from how many pieces, as
// MODEL.md has it.
[[nodiscard]] std::string band_as_table(const Bundle& bundle);

}  // namespace fusion::train
