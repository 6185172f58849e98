// Windows and lines as tensors. Letters: T time steps (the longest of the batch; shorter ones are
// padded), B windows, R streams, V events, G genres.
// Only .cpp files of engine/train include this. Thread: any. Errors: none.
#pragma once

#include <span>
#include <vector>

#include "engine/nn/internal/modules.hpp"
#include "engine/train/windows.hpp"

namespace fusion::train {

inline constexpr std::int64_t kPadding = -100;  // cross_entropy's default for "do not count"

struct Batch {
    nn::Context context;
    torch::Tensor target;  // (T, B), kPadding where there is no event
    std::int64_t events = 0;
};

[[nodiscard]] Batch make_batch(std::span<const Window> windows, const Vocabulary& vocabulary,
                               const EventClasses& classes, torch::Device device);

// The genres that are heard anywhere in each window, as streams; a genre whose share is zero
// throughout contributes nothing and is left out. The proposals come from the frozen phase-1
// networks, one per genre; their states start anew with the window. `dropout` is theirs: on the
// pieces that they were trained on they know more than on any others, and without it phase 2 would
// learn to trust them more than they deserve.
[[nodiscard]] nn::Streams make_streams(std::span<const Window> windows, const Batch& batch,
                                       std::vector<nn::Phase1>& phase1, nn::Dropout& dropout);

}  // namespace fusion::train
