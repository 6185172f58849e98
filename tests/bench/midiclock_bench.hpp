// MIDI clock out and in.
//
// Out: the engine sends its clock through the native JACK port, and an independent client in
// another process writes down at which frame of the server each F8 came. At 120 BPM and 48 kHz a
// clock is exactly 1,000 frames, so every interval must be; at 133.7 BPM it is 897.53, so no
// interval may be a frame away from that, and no clock more than a frame from its place in the row.
// Each tempo on an idle machine and with every core kept busy. Debian's jack_mclk_dump stands
// beside it as another's witness.
//
// In: the follower against jittered clocks (follower_bench.hpp, simulated time), and against
// Debian's jack_midi_clock through the native port in real time.
#pragma once

#include <filesystem>

#include "tests/bench/jack_stage.hpp"

namespace fusion::bench {

struct MidiClockBenchOptions {
    double seconds = 30.0;  // of each of the four phases
    JackStage::Options stage;
    std::filesystem::path json;  // empty: no file
};

// Returns the exit status: 0 when the targets are met, 1 when one is missed, 2 when it could not be
// measured.
int run_midiclock_bench(const MidiClockBenchOptions& options);

}  // namespace fusion::bench
