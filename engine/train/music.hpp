// What a bundle plays, judged: does it sound like its genres, do the weights lead it, does it copy,
// does it move like real music. It composes with the generator that performs (compose.hpp) under
// the settings a performer starts with, and asks the measures (measures/), which know the training
// pieces and nothing of the networks; real held-out pieces are asked the same, and say what can be
// reached.
//
// Deterministic: same bundle, pieces and seed, same figures, whatever the number of threads.
// Thread: one (starts its own). Errors: out_of_range (nothing to compare with), and the
// generator's.
#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "engine/base/result.hpp"
#include "engine/model/bundle.hpp"
#include "engine/train/compose.hpp"
#include "engine/train/options.hpp"
#include "engine/train/progress.hpp"
#include "engine/train/real_lines.hpp"

namespace fusion::train {

// How much is composed. The figures of the report are made with these.
struct MusicSettings {
    std::size_t lines = 16;           // per genre, at full weight
    std::size_t line_notes = 256;     // of each
    std::size_t sweep_lines = 8;      // for each of the 11 points of a pair
    std::size_t sweep_notes = 128;    // of each
    std::size_t switch_lines = 16;    // for each ordered pair
    std::size_t switch_notes = 48;    // before, and after
    std::size_t blend_lines = 40;     // for each blend that is told from real pieces
    std::size_t most_compared = 300;  // excerpts of a genre in the statistics, of each kind
    SamplingSettings sampling = performance_settings(1);  // what a performer starts with
    Device device = Device::cpu;
    std::size_t threads = 2;
};

// An object with "controllability", "told_apart", "memorisation" and "statistics"; report.hpp reads
// it.
[[nodiscard]] Result<nlohmann::ordered_json> evaluate_music(const Bundle& bundle,
                                                            const RealLines& real,
                                                            const MusicSettings& settings,
                                                            Progress& progress);
// "told_apart" alone.
[[nodiscard]] Result<nlohmann::ordered_json> evaluate_told_apart_only(const Bundle& bundle,
                                                                      const RealLines& real,
                                                                      const MusicSettings& settings,
                                                                      Progress& progress);

}  // namespace fusion::train
