// The manners of each genre (engine/model/manners.hpp): what its pieces do more or less often than
// lines that are composed with the bundle as it performs. Lines are composed, their traits counted
// beside those of pieces, each leaning moved by what is missing, and again, for some rounds: the
// distribution nearest to the networks' own in which the traits are as frequent as in pieces. What
// is learned from: training and validation pieces in four beats; never held-out ones.
// Thread: one (starts its own). Errors: the generator's. Deterministic by the seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/base/result.hpp"
#include "engine/corpus/data_set.hpp"
#include "engine/model/bundle.hpp"
#include "engine/train/progress.hpp"

namespace fusion::train {

struct MannersSearch {
    std::size_t rounds = 20;
    std::size_t lines = 12;     // composed in each
    std::size_t notes = 192;    // of each
    std::uint64_t seed = 5000;  // not those of the evaluation
    std::size_t threads = 2;
};

// Each trait over events [0, most) of a line.
struct TraitsOfLine {
    std::array<double, kTraits> mean{};
    std::array<double, kTraits> square{};  // the mean of its square
};
[[nodiscard]] TraitsOfLine traits_along(const EventSequence& line, const Vocabulary& vocabulary,
                                        std::size_t most);

// NOLINTNEXTLINE(bugprone-exception-escape): of the JSON, whose move is not declared noexcept
struct FoundManners {
    std::vector<Manners> manners;   // by genre of the bundle
    nlohmann::ordered_json record;  // by genre and trait: in pieces, played without, played with
};

// `places`: where each of the bundle's genres stands in the corpus.
[[nodiscard]] Result<FoundManners> find_manners(const Bundle& bundle, const DataSet& corpus,
                                                const std::vector<std::size_t>& places,
                                                const MannersSearch& settings, Progress& progress);

}  // namespace fusion::train
