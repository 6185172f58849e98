// Which dice suit each genre (engine/model/genre_dice.hpp): those under which what its network
// plays is hardest to tell from real pieces that it was not trained on, validation pieces first and
// training pieces where those are too few; in four beats, as they are composed. The lengths'
// temperature, the whole's, then top-p, then guidance, each at the best of those before.
// Deterministic by the seed. Thread: one (starts its own). Errors: the generator's.
#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "engine/base/result.hpp"
#include "engine/model/bundle.hpp"
#include "engine/train/music.hpp"
#include "engine/train/progress.hpp"

namespace fusion::train {

inline constexpr GenreDice kUsualDice{1.0F, 0.97F, 0.0F};

struct DiceSearch {
    std::size_t lines = 24;          // composed for each setting
    std::size_t stretch_notes = 96;  // heard at once
    std::size_t stretches = 3;       // of a line
    std::uint64_t seed = 1000;       // not those of the evaluation
    std::size_t threads = 2;
};

// NOLINTNEXTLINE(bugprone-exception-escape): of the JSON, whose move is not declared noexcept
struct FoundDice {
    std::vector<GenreDice> dice;    // by genre of the bundle
    nlohmann::ordered_json record;  // by genre: what was tried, and its AUC
};

[[nodiscard]] Result<FoundDice> find_dice(const Bundle& bundle, const RealLines& real,
                                          const DiceSearch& settings, Progress& progress);

}  // namespace fusion::train
