// How late the clock thread hands its messages over: the real engine plays a fast line into a
// receiver in another process, first on an idle machine, then with every core kept busy by
// stress-ng; beside it cyclictest sleeps to 1 ms deadlines at the same priority, which is what the
// machine itself adds (the floor).
//
// Two moments are taken of each message: when the clock hands it over (what is compared with the
// floor), and when the receiver, one priority above, has it: that is one more wake-up.
#pragma once

#include <filesystem>

#include "engine/base/units.hpp"

namespace fusion::bench {

struct ClockBenchOptions {
    double seconds = 70.0;  // of each phase; 160 messages a second: more than 10^4
    int priority = 70;      // SCHED_FIFO of the clock and of cyclictest; 0: none
    Micros spin{50};        // the configuration's default
    int cpu = -1;
    std::filesystem::path json;  // empty: no file
};

// Returns the exit status: 0 when the targets are met, 1 when one is missed, 2 when it could not
// be measured.
int run_clock_bench(const ClockBenchOptions& options);

}  // namespace fusion::bench
