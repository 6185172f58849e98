// How well the follower of a MIDI clock does against a master with jitter and losses: clocks until
// it locks, errors of tempo and phase at a steady tempo, phase along a ramp and after a step.
// Simulated time and seeded jitter: the figures are the same on every machine, and need no port.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace fusion::bench {

// Prints a row for each case.
nlohmann::json run_follower_bench();

}  // namespace fusion::bench
