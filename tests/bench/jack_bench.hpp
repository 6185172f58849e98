// Whether the native JACK port puts each event on its frame: the real engine plays a fast line with
// MIDI clock through it, and an independent client in another process writes down at which frame of
// the server what came. Both lists are laid side by side, one to one and in order, first on an
// idle machine, then with every core kept busy by stress-ng.
//
// An event that the clock thread handed over when its period had begun cannot be on its frame
// whatever the port does; such errors are counted apart ("handed over too late").
#pragma once

#include <cstdint>
#include <filesystem>

#include "tests/bench/jack_stage.hpp"

namespace fusion::bench {

struct JackBenchOptions {
    double seconds = 0.0;           // of each phase; 0: until there are `events`
    std::uint64_t events = 10'000;  // of each phase
    JackStage::Options stage;
    std::filesystem::path json;  // empty: no file
};

// Returns the exit status: 0 when no event was off its frame, lost or doubled, 1 when one was, 2
// when it could not be measured.
int run_jack_bench(const JackBenchOptions& options);

}  // namespace fusion::bench
