// How many are connected to a port of this program's in ALSA's sequencer, which RtMidi does not
// tell.
// Thread: control; it opens a client of the sequencer for a moment. Errors: none; 0 where there is
// no sequencer.
#pragma once

#include <string_view>

namespace fusion {

// To the outputs of that name, of all clients that this process has.
[[nodiscard]] int alsa_subscribers(std::string_view port);

}  // namespace fusion
