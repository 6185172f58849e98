// What FluidSynth has to say. It would write to standard error; here its complaints go to the log's
// debug level, since each thing that matters is told in a line of our own, with the last complaint
// as its reason. What it says on a sound card's thread is dropped: nothing is written there.
// Thread: any. Errors: none.
#pragma once

#include <string>

namespace fusion {

// From now on, for the whole program; before anything else of FluidSynth's.
void route_fluid_log();
// The last error or warning that this thread got from FluidSynth, and forgets it; empty: none.
[[nodiscard]] std::string take_fluid_complaint();

}  // namespace fusion
