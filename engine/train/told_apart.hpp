// How well what a bundle plays can be told from real pieces (telling_apart.hpp): each strong genre
// alone, the paper's two cases, every pair of strong genres, the blend that the daemon starts in;
// by stretches of 96 notes, and by the first eight bars; all in four beats, as lines are composed.
// And whether what a blend does lies between what its genres do. Deterministic by the seed. Thread:
// one (starts its own). Errors: the generator's.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/base/result.hpp"
#include "engine/model/bundle.hpp"
#include "engine/train/music.hpp"
#include "engine/train/progress.hpp"

namespace fusion::train {

struct ToldApartSettings {
    std::size_t lines = 40;          // composed for each blend
    std::size_t stretch_notes = 96;  // what is heard at once
    std::size_t stretches = 3;       // at most, of a line or a piece
    int opening_bars = 8;
    SamplingSettings sampling = performance_settings(1);  // what a performer starts with
    Device device = Device::cpu;
    std::size_t threads = 2;
};

// What is asked about: weights by genre, 0 where none is named.
struct NamedBlend {
    std::string name;  // "jazz", "folk + pop", "classical 10 jazz 5 pop 1"
    GenreWeights weights;
    std::vector<std::size_t> genres;  // those that sound
};

// Each strong genre alone, the paper's two cases where the bundle has their genres, the pairs of
// strong genres, and the default blend.
[[nodiscard]] std::vector<NamedBlend> blends_to_hear(const Bundle& bundle,
                                                     const std::vector<std::size_t>& strong);

// An object: "stretch_notes", "blends": by name {"auc", "floor", "opening", "opening_floor",
// "same_bars_in_a_row" (the most), "stretches", "by": [...]} and, for more than one genre,
// "between": by feature {"played", "least", "most", "holds"}.
[[nodiscard]] Result<nlohmann::ordered_json> evaluate_told_apart(
    const Bundle& bundle, const RealLines& real, const std::vector<NamedBlend>& blends,
    const ToldApartSettings& settings, Progress& progress);

}  // namespace fusion::train
