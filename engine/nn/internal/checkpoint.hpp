// One network in training, on disk: weights, best weights so far, optimiser and a line of JSON that
// says where the training stands. Written as every file here (engine/base/whole_file.hpp), so that
// a kill at any moment leaves a whole one. A Torch archive: read only what your own training wrote.
// Only .cpp files of engine/nn and engine/train include this. Thread: one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <torch/nn/module.h>
#include <torch/optim/adam.h>

#include "engine/base/result.hpp"

namespace fusion::nn {

struct Checkpoint {
    torch::nn::Module& network;
    torch::optim::Adam& optimiser;
    std::vector<torch::Tensor>& best;  // one per parameter of `network`, in its order
    std::string& progress;             // JSON
};

[[nodiscard]] Status save_checkpoint(const Checkpoint& checkpoint,
                                     const std::filesystem::path& file);
// Errors: not_found; malformed (not a checkpoint of this network).
[[nodiscard]] Status load_checkpoint(Checkpoint checkpoint, const std::filesystem::path& file);

}  // namespace fusion::nn
