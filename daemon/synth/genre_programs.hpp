// Which General MIDI program a genre sounds with, where the synth follows the blend. Readable in
// genre_programs.cpp; a genre that is not in the table plays the piano.
// Thread: any. Errors: none.
#pragma once

#include <string_view>

#include "engine/base/units.hpp"

namespace fusion {

// As people count them, 1 to 128.
struct GmProgram : Strong<std::uint8_t, struct GmProgramTag> {
    using Strong::Strong;
};

// In any case, as genres are named everywhere else.
[[nodiscard]] GmProgram program_of_genre(std::string_view genre);

}  // namespace fusion
