// The two phases as tasks for fit(). Only .cpp files of engine/train include this. Thread: one; the
// shards of loss() in several.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/nn/internal/modules.hpp"
#include "engine/train/internal/fit.hpp"
#include "engine/train/internal/teacher.hpp"
#include "engine/train/windows.hpp"

namespace fusion::train {

struct Setting {
    const Vocabulary& vocabulary;  // outlives the task
    torch::Device device{torch::kCPU};
    std::size_t threads = 1;
    std::uint64_t seed = 1;
    double dropout = 0.0;
    double expert_dropout = 0.0;  // of the phase-1 networks while phase 2 learns from them
    std::size_t batch = 32;       // windows
    std::size_t window = 64;      // events: gradients go back this far
};

// One network on windows of whole pieces.
class Phase1Task final : public FitTask {
public:
    // `stream` tells this network's dice from the others'.
    Phase1Task(nn::Phase1 network, const std::vector<const Piece*>& training,
               std::vector<const Piece*> validation, const Setting& setting, std::uint64_t stream);

    torch::nn::Module& network() override { return *network_; }
    std::size_t begin_epoch(int epoch) override;
    Loss loss(int epoch, std::size_t batch, std::size_t shard, std::size_t shards) override;
    double validate() override;
    Status improved(const nlohmann::json&) override { return {}; }

private:
    nn::Phase1 network_;
    std::vector<RecalledLine> training_;
    Lines validation_;
    Setting setting_;
    EventClasses classes_;
    std::uint64_t stream_;
    std::vector<Window> windows_;
};

// The fusion network on spliced windows, over the frozen phase-1 networks (one per genre).
class Phase2Task final : public FitTask {
public:
    using Improved = std::function<Status(const nlohmann::json& history)>;

    Phase2Task(nn::Phase2 network, std::vector<nn::Phase1> phase1, const DataSet& data,
               const Setting& setting, Improved improved);

    torch::nn::Module& network() override { return *network_; }
    std::size_t begin_epoch(int epoch) override;
    Loss loss(int epoch, std::size_t batch, std::size_t shard, std::size_t shards) override;
    // At full weight of one genre each; the mean over genres.
    double validate() override;
    Status improved(const nlohmann::json& history) override { return improved_(history); }

private:
    nn::Phase2 network_;
    std::vector<nn::Phase1> phase1_;
    Setting setting_;
    EventClasses classes_;
    Splicer splicer_;
    std::vector<Lines> validation_;  // per genre
    Improved improved_;
};

[[nodiscard]] std::vector<const Piece*> pieces_of(const DataSet& data, Split split,
                                                  std::optional<std::size_t> genre);

}  // namespace fusion::train
