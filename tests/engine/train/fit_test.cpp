#include "engine/train/internal/fit.hpp"

#include <fstream>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "tests/engine/corpus/midi_in_memory.hpp"

namespace fusion::train {
namespace {

using torch::Tensor;

// Learns a line through points that depend on (epoch, batch) alone.
class LineTask : public FitTask {
public:
    explicit LineTask(StopFlag* stop = nullptr, int stop_epoch = -1, std::size_t stop_batch = 0)
        : stop_{stop}, stop_epoch_{stop_epoch}, stop_batch_{stop_batch} {
        torch::NoGradGuard no_grad;
        line->weight.fill_(0.0);
        line->bias.fill_(0.0);
    }
    torch::nn::Module& network() override { return *line; }
    std::size_t begin_epoch(int) override { return 8; }
    Loss loss(int epoch, std::size_t batch, std::size_t shard, std::size_t shards) override {
        if (epoch == stop_epoch_ && batch == stop_batch_) stop_->store(true);
        const auto first = static_cast<double>(epoch) + 0.1 * static_cast<double>(batch);
        const Tensor all = torch::arange(first, first + 3.9, 1.0).reshape({4, 1});
        const auto rows = static_cast<std::int64_t>(4 / shards);
        const Tensor x =
            all.narrow(0, static_cast<std::int64_t>(shard) * rows, rows).to(torch::kFloat);
        return {(line->forward(x) - (2.0 * x + 1.0)).square().sum(), rows};
    }
    double validate() override {
        ++validations;
        return validation ? validation(validations)
                          : (line->weight - 2.0).abs().sum().item<double>();
    }
    Status improved(const nlohmann::json&) override {
        ++improvements;
        return {};
    }

    torch::nn::Linear line{1, 1};
    std::function<double(int)> validation;
    int validations = 0, improvements = 0;

private:
    StopFlag* stop_;
    int stop_epoch_;
    std::size_t stop_batch_;
};

FitPlan plan_of(int epochs) {
    FitPlan plan;
    plan.name = "line";
    plan.epochs = epochs;
    plan.patience = 100;
    plan.learning_rate = 0.05;
    plan.fingerprint = "points";
    return plan;
}

// How fast it went is the machine's, and no two runs agree on it.
nlohmann::json without_speed(nlohmann::json history) {
    for (auto& epoch : history) epoch.erase("events_per_second");
    return history;
}

class FitTest : public testing::Test {
protected:
    Result<FitOutcome> run(FitTask& task, const FitPlan& plan) {
        return fit(task, plan, stop, progress);
    }
    ScratchFolder folder;
    StopFlag stop{false};
    Progress progress{std::tmpfile()};
};

TEST_F(FitTest, Learns) {
    LineTask task;
    const auto outcome = run(task, plan_of(40));
    ASSERT_TRUE(outcome);
    EXPECT_LT(outcome->best, 0.05);
    EXPECT_EQ(outcome->history.size(), 40U);
    EXPECT_LT(outcome->history.back()["training"], outcome->history.front()["training"]);
}

// What a page would be told.
class Told : public Onlooker {
public:
    void shows(const std::string& work, double share, std::chrono::seconds,
               const std::string&) override {
        works.push_back(work);
        shares.push_back(share);
    }
    void says(const std::string& line) override { lines.push_back(line); }
    void epoch(const EpochNews& news) override { epochs.push_back(news); }
    void wrote(const std::filesystem::path&) override {}
    void ended(const std::string&) override {}

    std::vector<std::string> works, lines;
    std::vector<double> shares;
    std::vector<EpochNews> epochs;
};

TEST_F(FitTest, TellsWhoLooksOnOfEachEpochAndOfThoseBeforeItWasResumed) {
    Told told;
    progress.shown_to(&told);
    FitPlan plan = plan_of(4);
    plan.checkpoint = folder.path() / "told.pt";
    LineTask stopped{&stop, 2, 3};
    ASSERT_TRUE(run(stopped, plan));
    EXPECT_EQ(told.epochs.size(), 2U);
    EXPECT_FALSE(told.works.empty()) << "the first at once, then not more than five a second";
    told = {};
    stop = false;
    LineTask resumed;
    const auto outcome = run(resumed, plan);
    ASSERT_TRUE(outcome);
    ASSERT_EQ(told.epochs.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(told.epochs[i].work, "line");
        EXPECT_EQ(told.epochs[i].epoch, static_cast<int>(i) + 1);
        EXPECT_EQ(told.epochs[i].epochs, 4);
        EXPECT_EQ(told.epochs[i].training, outcome->history[i]["training"]);
        EXPECT_EQ(told.epochs[i].validation, outcome->history[i]["validation"]);
    }
    EXPECT_FALSE(told.lines.empty());
}

TEST_F(FitTest, ShardsAddUpToTheWholeBatch) {
    LineTask one, two;
    FitPlan plan = plan_of(2);
    ASSERT_TRUE(run(one, plan));
    plan.shards = 2;
    ASSERT_TRUE(run(two, plan));
    EXPECT_NEAR(one.line->weight.item<double>(), two.line->weight.item<double>(), 1e-5);
}

TEST_F(FitTest, ARunThatWasStoppedAndResumedEndsWhereAStraightOneDoes) {
    LineTask straight;
    const auto expected = run(straight, plan_of(5));
    ASSERT_TRUE(expected);

    FitPlan plan = plan_of(5);
    plan.checkpoint = folder.path() / "line.pt";
    LineTask killed{&stop, 2, 3};
    const auto stopped = run(killed, plan);
    ASSERT_TRUE(stopped);
    ASSERT_EQ(stopped->end, FitEnd::stopped);

    stop = false;
    LineTask resumed;
    const auto outcome = run(resumed, plan);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->end, FitEnd::done);
    EXPECT_EQ(resumed.validations, 3) << "the first two epochs were done before";
    EXPECT_TRUE(torch::equal(resumed.line->weight, straight.line->weight));
    EXPECT_TRUE(torch::equal(resumed.line->bias, straight.line->bias));
    EXPECT_EQ(without_speed(outcome->history), without_speed(expected->history));
}

TEST_F(FitTest, AFinishedRunIsNotTrainedAgain) {
    FitPlan plan = plan_of(3);
    plan.checkpoint = folder.path() / "line.pt";
    LineTask first, again;
    ASSERT_TRUE(run(first, plan));
    ASSERT_TRUE(run(again, plan));
    EXPECT_EQ(again.validations, 0);
    EXPECT_TRUE(torch::equal(first.line->weight, again.line->weight));
}

TEST_F(FitTest, StopsEarlyAndKeepsTheBestWeights) {
    LineTask task;
    Tensor best;
    task.validation = [&](int n) {
        if (n == 2) best = task.line->weight.detach().clone();
        return n == 2 ? 0.5 : 1.0;
    };
    FitPlan plan = plan_of(50);
    plan.patience = 3;
    const auto outcome = run(task, plan);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(task.validations, 5);
    EXPECT_EQ(task.improvements, 2);
    EXPECT_EQ(outcome->best, 0.5);
    EXPECT_TRUE(torch::equal(task.line->weight, best));
}

TEST_F(FitTest, APassedDeadlineEndsItAfterOneBatchAndStillValidates) {
    LineTask task;
    FitPlan plan = plan_of(50);
    plan.start = std::chrono::steady_clock::time_point{};
    plan.deadline = plan.start + std::chrono::seconds{1};
    const auto outcome = run(task, plan);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(task.validations, 1);
    EXPECT_EQ(task.improvements, 1);
}

TEST_F(FitTest, TheLearningRateFallsWhenAskedTo) {
    LineTask task;
    FitPlan plan = plan_of(10);
    plan.decay = true;
    const auto outcome = run(task, plan);
    ASSERT_TRUE(outcome);
    EXPECT_DOUBLE_EQ(outcome->history[0]["learning_rate"], plan.learning_rate);
    EXPECT_LT(outcome->history[9]["learning_rate"], 0.05 * plan.learning_rate);
}

TEST_F(FitTest, RefusesACheckpointOfAnotherTraining) {
    FitPlan plan = plan_of(1);
    plan.checkpoint = folder.path() / "line.pt";
    LineTask first, other;
    ASSERT_TRUE(run(first, plan));
    plan.fingerprint = "other points";
    const auto outcome = run(other, plan);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Error::Code::malformed);
    EXPECT_THAT(outcome.error().message, testing::HasSubstr("--work"));
}

TEST_F(FitTest, RefusesAFileThatIsNoCheckpoint) {
    FitPlan plan = plan_of(1);
    plan.checkpoint = folder.path() / "line.pt";
    std::ofstream{plan.checkpoint} << "not an archive";
    LineTask task;
    const auto outcome = run(task, plan);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Error::Code::malformed);
    EXPECT_THAT(outcome.error().message, testing::HasSubstr("line.pt"));
}

TEST_F(FitTest, SaysSoWhenTheLossIsNotFinite) {
    LineTask task;
    {
        torch::NoGradGuard no_grad;
        task.line->weight.fill_(std::numeric_limits<float>::infinity());
    }
    const auto outcome = run(task, plan_of(1));
    ASSERT_FALSE(outcome);
    EXPECT_THAT(outcome.error().message, testing::HasSubstr("not finite"));
}

}  // namespace
}  // namespace fusion::train
