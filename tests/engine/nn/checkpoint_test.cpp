#include "engine/nn/internal/checkpoint.hpp"

#include <gmock/gmock.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "tests/support/scratch_folder.hpp"

namespace fusion::nn {
namespace {

using testing::HasSubstr;

struct InTraining {
    explicit InTraining(std::int64_t inputs = 3)
        : network{inputs, 2}, optimiser{network->parameters()} {
        for (const auto& parameter : network->parameters()) best.push_back(parameter.clone());
    }
    Checkpoint checkpoint() { return {*network, optimiser, best, progress}; }

    torch::nn::Linear network;
    torch::optim::Adam optimiser;
    std::vector<torch::Tensor> best;
    std::string progress = "{}";
};

TEST(CheckpointTest, ComesBackWholeAndLeavesNothingBesideIt) {
    const ScratchFolder folder;
    const auto file = folder.path() / "line.pt";
    InTraining saved;
    saved.progress = R"({"epoch": 7})";
    ASSERT_TRUE(save_checkpoint(saved.checkpoint(), file));
    ASSERT_TRUE(save_checkpoint(saved.checkpoint(), file)) << "over the one of before";
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder.path()}, {}), 1);
    InTraining read;
    const auto loaded = load_checkpoint(read.checkpoint(), file);
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(read.progress, saved.progress);
    EXPECT_TRUE(torch::equal(read.network->weight, saved.network->weight));
    EXPECT_TRUE(torch::equal(read.best[0], saved.best[0]));
}

TEST(CheckpointTest, OneThatCannotBeWrittenIsToldWithItsPlace) {
    const ScratchFolder folder;
    const auto saved = save_checkpoint(InTraining{}.checkpoint(), folder.path() / "no" / "line.pt");
    ASSERT_FALSE(saved);
    EXPECT_THAT(saved.error().message, HasSubstr("no/line.pt: No such file or directory"));
}

}  // namespace
}  // namespace fusion::nn
