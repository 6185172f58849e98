// How strictly each genre of a bundle is pulled to its chords (ChordModel::pull): by what its
// networks, which are told the chord, leave to be wished. Lines are composed without any pull, and
// their notes on the first and the middle beat counted: of those that are no tone of their chord so
// many must move as makes the share that pieces have. Networks that hear chords need little, those
// that do not need all of it. Thread: one (starts its own). Errors: the generator's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/corpus/data_set.hpp"
#include "engine/model/bundle.hpp"
#include "engine/train/progress.hpp"

namespace fusion::train {

struct PullSearch {
    std::size_t lines = 12;
    std::size_t notes = 192;
    std::uint64_t seed = 7000;  // not those of the evaluation
    std::size_t threads = 2;
};

// The share of notes on the first and the middle beat that are tones of the chord planned there, in
// lines that were composed under `weights` from the seeds `seed`, `seed` + 1, ...
[[nodiscard]] double share_on_heavy_beats(const Bundle& bundle,
                                          std::span<const EventSequence> lines,
                                          const GenreWeights& weights, std::uint64_t seed);

// Into `bundle`; `wanted`: the share in pieces, by genre of the bundle. Returns the shares that
// were played without a pull. Leaves a bundle without chords as it is.
[[nodiscard]] Result<std::vector<double>> fit_pulls(Bundle& bundle,
                                                    const std::vector<double>& wanted,
                                                    const PullSearch& settings, Progress& progress);

}  // namespace fusion::train
