// A pitch in words: C4 for 60, sharps for the black keys.
// Thread: any. Errors: none.
#pragma once

#include <string>

#include "engine/base/units.hpp"

namespace fusion {

[[nodiscard]] std::string note_name(Pitch pitch);

}  // namespace fusion
