// Lines composed with a bundle as fusiond plays them, for the evaluation to judge: the generator
// that performs, under the settings that a performer starts with (engine/params), in 4/4, one event
// after the other, without a clock. Thread: one per generator. Errors: those of the generator.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/corpus/data_set.hpp"
#include "engine/model/bundle.hpp"
#include "engine/model/generator.hpp"
#include "engine/plan/harmony_plan.hpp"
#include "engine/train/options.hpp"
#include "engine/train/progress.hpp"

namespace fusion::train {

// The table's initial settings.
[[nodiscard]] SamplingSettings performance_settings(std::uint64_t seed);

// A stretch under one set of weights.
struct Stretch {
    GenreWeights weights;  // not all zero
    std::size_t notes = 0;
};

// `generator` is reset first. Rests come in addition to the notes; a generator that plays nothing
// but rests is given up after 16 for each note that was asked for. `book`: by which chords are
// planned.
[[nodiscard]] Result<EventSequence> compose(Generator& generator, const HarmonyBook& book,
                                            const std::vector<Stretch>& stretches,
                                            const SamplingSettings& settings);

// Lines to compose under the same weights, each from the next seed.
struct Order {
    std::vector<Stretch> stretches;
    std::size_t lines = 1;
};

struct Composing {
    SamplingSettings sampling = performance_settings(1);  // its seed is the first line's
    Device device = Device::cpu;
    std::size_t threads = 1;
};

// The lines of every order, several orders at once. `what` names the work in the progress. Errors:
// those of make_torch_generator(), and of the generators.
[[nodiscard]] Result<std::vector<std::vector<EventSequence>>> compose_orders(
    const Bundle& bundle, const std::vector<Order>& orders, const Composing& how,
    const std::string& what, Progress& progress);

}  // namespace fusion::train
