// How soon a parameter is in force: from an OSC packet on the wire to the inference thread
// composing with its value; and what a flood of ten thousand messages a second does to the music
// and to the last values. The real server, store and engine of the daemon, with a client on the
// loopback.
//
// The floor of the first figure is the same way without us: a datagram to a thread that waits for
// it, which wakes a second thread, which is seen by the sender. The floor of the second is the idle
// run of the same clock.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "engine/model/generator.hpp"

namespace fusion::bench {

struct ControlBenchOptions {
    double seconds = 20.0;        // of single changes, and of the idle run
    double flood_seconds = 60.0;  // of the flood
    int flood_rate = 10'000;      // messages a second
    int priority = 70;            // SCHED_FIFO of the clock; 0: none
    std::string generator_name;
    std::filesystem::path json;  // empty: no file
};

// Returns the exit status: 0 when every last value is in force and the line never ran dry, 1 when
// not, 2 when it could not be measured.
int run_control_bench(std::unique_ptr<Generator> neural, std::unique_ptr<Generator> fallback,
                      const ControlBenchOptions& options);

}  // namespace fusion::bench
