// Random weight changes against a running engine in real time: how many of those that come at least
// 5 ms before a note is due change that note, how long a change takes to be committed, and how late
// the clock is beside a plain thread that does nothing but sleep (the machine's floor).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/units.hpp"
#include "engine/model/generator.hpp"

namespace fusion::bench {

struct HorizonBenchOptions {
    double seconds = 20.0;
    Bpm tempo{160.0};
    std::uint64_t seed = 1;
    int priority = 70;
    Micros lead{0};              // of the port, as a native JACK client would ask for
    std::filesystem::path json;  // empty: no file
    std::string generator_name;  // for the printed table
};

using MakeGenerator = std::function<std::unique_ptr<Generator>()>;

// Returns the exit status: 0 when the target is met, 1 when it is missed.
int run_horizon_bench(const MakeGenerator& neural, const MakeGenerator& fallback,
                      const HorizonBenchOptions& options);

}  // namespace fusion::bench
