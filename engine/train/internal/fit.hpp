// The loop that both phases share: batches in parallel shards, Adam, clipped gradients, early
// stopping on a validation loss, checkpoints, resuming, a limit of time.
//
// Each batch is cut into one shard per thread, each with its own forward and backward pass over the
// same weights, and the gradients are added: on a CPU that scales, while threads inside the small
// matrix products of a recurrent step do not.
// Only .cpp files of engine/train include this. Thread: one; it starts its own for the shards.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

#include <torch/nn/module.h>
#include <nlohmann/json.hpp>

#include "engine/base/result.hpp"
#include "engine/train/options.hpp"
#include "engine/train/progress.hpp"

namespace fusion::train {

struct Loss {
    torch::Tensor sum;  // of cross-entropies, differentiable
    std::int64_t events = 0;
};

// What is learned. All randomness comes from (epoch, batch), so that a resumed run is the same run.
class FitTask {
public:
    virtual ~FitTask() = default;
    virtual torch::nn::Module& network() = 0;
    // Returns the number of batches of this epoch.
    virtual std::size_t begin_epoch(int epoch) = 0;
    // Thread: called for several shards at once.
    virtual Loss loss(int epoch, std::size_t batch, std::size_t shard, std::size_t shards) = 0;
    // Mean cross-entropy on the validation slice.
    virtual double validate() = 0;
    // After an epoch with the best validation loss so far; the network holds those weights.
    virtual Status improved(const nlohmann::json& history) = 0;
};

struct FitPlan {
    std::string name;  // "phase 1, jazz"
    int epochs = 1;
    int patience = 3;  // epochs without a better validation loss before it stops
    double learning_rate = 0.001;
    bool decay = false;  // the learning rate falls along a cosine from 0.4 of the way on
    double clip = 1.0;   // largest norm of the gradient
    std::size_t shards = 1;
    std::filesystem::path checkpoint;  // empty: none
    std::string fingerprint;           // of data and settings: another one is not resumed from
    std::chrono::steady_clock::time_point start;
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

enum class FitEnd : std::uint8_t { done, stopped };  // stopped: by the flag; resume later

struct FitOutcome {
    FitEnd end = FitEnd::done;
    double best = 0.0;       // validation loss
    nlohmann::json history;  // one object per epoch
};

// Afterwards the network holds the weights with the best validation loss. Errors: io, malformed
// (checkpoint), those of improved(); a loss that is not finite says malformed.
[[nodiscard]] Result<FitOutcome> fit(FitTask& task, const FitPlan& plan, const StopFlag& stop,
                                     Progress& progress);

}  // namespace fusion::train
