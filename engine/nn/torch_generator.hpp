// The networks of a bundle as a Generator: all genres' phase-1 networks in one batch, then the
// fusion LSTM with one stream a genre (networks.hpp has the formulas and shapes).
//
// A step has two halves. The streams' half (phase 1 and the LSTM of every genre) depends on the
// line so far and not on the weights; the head's half mixes the streams by the blend and chooses.
// The streams' results are kept for every step that is not committed, so a turned weight generates
// the first uncommitted step again for the price of the head alone: a tenth of a step.
//
// What the line recalls (engine/model/recall.hpp) goes by the blend of the newest step, not of the
// one to come. So a jump of the weights, too, leaves the streams' half of the first uncommitted
// step as it is; the steps behind it, which may now recall other things, are computed anew in their
// time.
//
// Guidance adds to the scores, at its strength, how much more the blend of the genres' own networks
// expects an event than all genres together do: the logarithm of the ratio of both. It sharpens
// what tells the genres that are turned up from the others, and leaves alone what all expect, such
// as the next note of a phrase that is being repeated; adding the blend's logarithm alone made
// every repetition a loop. Probabilities are mixed, not their logarithms: under two genres that
// want different things both stay possible, where a mean of logarithms would only leave what
// neither minds.
//
// All state lives in buffers made once, a ring of kKeptSteps, so that a step on a GPU can be
// captured. Thread: one at a time; the inference thread sets itself up at its first call (one
// compute thread, denormals flushed). Realtime: no. Errors: malformed bundles and missing devices
// at making; Torch's own failures come back from generate().
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/result.hpp"
#include "engine/model/bundle.hpp"
#include "engine/model/generator.hpp"

namespace fusion {

enum class DeviceChoice : std::uint8_t {
    automatic,  // measures a step on each device there is and takes the faster
    cpu,
    cuda,  // an error where LibTorch or the machine has none
};

// Steps that may be generated and not yet forgotten.
inline constexpr std::uint32_t kKeptSteps = 128;

// Runs a few steps before it returns, so that the first note finds everything warm. What was chosen
// and measured goes to the log. `bundle` outlives the generator.
[[nodiscard]] Result<std::unique_ptr<Generator>> make_torch_generator(const Bundle& bundle,
                                                                      DeviceChoice device);

}  // namespace fusion
