#include "engine/train/internal/fit.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <numbers>
#include <thread>

#include <fmt/format.h>
#include <torch/autograd.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adam.h>
#include <torch/utils.h>

#include "engine/nn/internal/checkpoint.hpp"

namespace fusion::train {

namespace {

using torch::Tensor;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr auto kCheckpointEvery = std::chrono::minutes{3};

struct Shard {
    std::vector<Tensor> gradients;
    double sum = 0.0;
    std::int64_t events = 0;
    std::exception_ptr failure;
};

// Where the training stands; travels in the checkpoint as JSON.
struct Standing {
    int epoch = 0;
    std::size_t batch = 0;  // done in this epoch
    double sum = 0.0;       // of this epoch's training loss
    std::int64_t events = 0;
    double best = std::numeric_limits<double>::infinity();
    int since_best = 0;
    bool finished = false;
    nlohmann::json history = nlohmann::json::array();

    [[nodiscard]] std::string to_json(const std::string& fingerprint) const {
        return nlohmann::json{{"fingerprint", fingerprint},
                              {"epoch", epoch},
                              {"batch", batch},
                              {"sum", sum},
                              {"events", events},
                              {"best", std::isfinite(best) ? best : -1.0},
                              {"since_best", since_best},
                              {"finished", finished},
                              {"history", history}}
            .dump();
    }
    static Result<Standing> from_json(const std::string& text, const FitPlan& plan) {
        const auto json = nlohmann::json::parse(text, nullptr, false);
        if (json.is_discarded() || json.value("fingerprint", "") != plan.fingerprint)
            return fail(Error::Code::malformed,
                        fmt::format("{} belongs to a training with other data or settings: delete "
                                    "it, or choose another --work folder",
                                    plan.checkpoint.string()));
        Standing standing;
        standing.epoch = json.at("epoch");
        standing.batch = json.at("batch");
        standing.sum = json.at("sum");
        standing.events = json.at("events");
        if (const double best = json.at("best"); best >= 0.0) standing.best = best;
        standing.since_best = json.at("since_best");
        standing.finished = json.at("finished");
        standing.history = json.at("history");
        return standing;
    }
};

class Fit {
public:
    Fit(FitTask& task, const FitPlan& plan, const StopFlag& stop, Progress& progress)
        : task_{task},
          plan_{plan},
          stop_{stop},
          progress_{progress},
          parameters_{task.network().parameters()},
          optimiser_{parameters_, torch::optim::AdamOptions(plan.learning_rate)} {
        remember_best();
    }

    Result<FitOutcome> run() {
        if (Status resumed = resume(); !resumed) return tl::unexpected{resumed.error()};
        while (!standing_.finished) {
            auto end = epoch();
            if (!end) return tl::unexpected{end.error()};
            if (*end == FitEnd::stopped) return FitOutcome{FitEnd::stopped, standing_.best, {}};
        }
        restore_best();
        return FitOutcome{FitEnd::done, standing_.best, standing_.history};
    }

private:
    Result<FitEnd> epoch() {
        task_.network().train();
        batches_ = task_.begin_epoch(standing_.epoch);
        const auto begin = Clock::now();
        std::int64_t seen = 0;
        auto last_saved = begin;
        while (standing_.batch < batches_ && !out_of_time()) {
            if (stop_.load(std::memory_order_relaxed)) {
                if (Status saved = save(); !saved) return tl::unexpected{saved.error()};
                return FitEnd::stopped;
            }
            auto counted = step();
            if (!counted) return tl::unexpected{counted.error()};
            seen += *counted;
            const Seconds took = Clock::now() - begin;
            show(static_cast<double>(seen) / took.count());
            if (Clock::now() - last_saved > kCheckpointEvery) {
                if (Status saved = save(); !saved) return tl::unexpected{saved.error()};
                last_saved = Clock::now();
            }
        }
        const Seconds took = Clock::now() - begin;
        if (Status closed = close_epoch(static_cast<double>(seen) / took.count()); !closed)
            return tl::unexpected{closed.error()};
        return FitEnd::done;
    }

    // One batch; returns its number of events.
    Result<std::int64_t> step() {
        std::vector<Shard> shards(plan_.shards);
        std::vector<std::thread> threads;
        for (std::size_t i = 1; i < shards.size(); ++i)
            threads.emplace_back([&, i] { run_shard(shards[i], i); });
        run_shard(shards[0], 0);
        for (std::thread& thread : threads) thread.join();

        double sum = 0.0;
        std::int64_t events = 0;
        for (const Shard& shard : shards) {
            if (shard.failure) std::rethrow_exception(shard.failure);
            sum += shard.sum;
            events += shard.events;
        }
        if (events == 0) {
            ++standing_.batch;
            return 0;
        }
        if (!std::isfinite(sum))
            return fail(Error::Code::malformed,
                        fmt::format("{}: the loss is not finite any more (epoch {}, batch {}); "
                                    "start again from an older checkpoint or another --seed",
                                    plan_.name, standing_.epoch, standing_.batch));
        apply(shards, events);
        standing_.sum += sum;
        standing_.events += events;
        ++standing_.batch;
        return events;
    }

    void run_shard(Shard& shard, std::size_t index) {
        try {
            const Loss loss = task_.loss(standing_.epoch, standing_.batch, index, plan_.shards);
            if (loss.events == 0) return;
            shard.gradients = torch::autograd::grad({loss.sum}, parameters_, {}, false, false,
                                                    /*allow_unused=*/true);
            shard.sum = loss.sum.item<double>();
            shard.events = loss.events;
        } catch (...) {
            shard.failure = std::current_exception();
        }
    }

    void apply(const std::vector<Shard>& shards, std::int64_t events) {
        torch::NoGradGuard no_grad;
        for (std::size_t p = 0; p < parameters_.size(); ++p) {
            // A tensor of its own: parameters that only occur as a sum share one gradient.
            Tensor total = torch::zeros_like(parameters_[p]);
            for (const Shard& shard : shards)
                if (!shard.gradients.empty() && shard.gradients[p].defined())
                    total.add_(shard.gradients[p]);
            parameters_[p].mutable_grad() = total.div_(static_cast<double>(events));
        }
        torch::nn::utils::clip_grad_norm_(parameters_, plan_.clip);
        for (auto& group : optimiser_.param_groups())
            static_cast<torch::optim::AdamOptions&>(group.options()).lr(learning_rate());
        optimiser_.step();
    }

    Status close_epoch(double events_per_second) {
        task_.network().eval();
        const double training = standing_.sum / static_cast<double>(standing_.events);
        const double validation = task_.validate();
        const bool better = validation < standing_.best;
        standing_.history.push_back({{"epoch", standing_.epoch + 1},
                                     {"training", training},
                                     {"validation", validation},
                                     {"learning_rate", learning_rate()},
                                     {"events_per_second", events_per_second}});
        tell_epoch(standing_.epoch + 1, training, validation);
        progress_.say(
            fmt::format("{}, epoch {} of {}: training {:.4f}, validation {:.4f}{}, {:.0f} events/s",
                        plan_.name, standing_.epoch + 1, plan_.epochs, training, validation,
                        better ? " (best)" : "", events_per_second));
        standing_.since_best = better ? 0 : standing_.since_best + 1;
        ++standing_.epoch;
        standing_.batch = 0;
        standing_.sum = 0.0;
        standing_.events = 0;
        standing_.finished = standing_.epoch >= plan_.epochs ||
                             standing_.since_best >= plan_.patience ||
                             Clock::now() > plan_.deadline;
        if (better) {
            standing_.best = validation;
            remember_best();
            if (Status written = task_.improved(standing_.history); !written) return written;
        }
        return save();
    }

    void tell_epoch(int epoch, double training, double validation) {
        if (auto* onlooker = progress_.onlooker())
            onlooker->epoch({plan_.name, epoch, plan_.epochs, training, validation});
    }

    [[nodiscard]] bool out_of_time() const {
        // An epoch has at least one batch, or there would be nothing to report.
        return Clock::now() > plan_.deadline && standing_.events > 0;
    }

    // 0 to 1, by epochs or by time, whichever is further.
    [[nodiscard]] double share_done() const {
        const double batch =
            static_cast<double>(standing_.batch) / static_cast<double>(std::max(batches_, 1UL));
        double share = (standing_.epoch + batch) / plan_.epochs;
        if (plan_.deadline != Clock::time_point::max()) {
            const Seconds all = plan_.deadline - plan_.start;
            const Seconds gone = Clock::now() - plan_.start;
            share = std::max(share, gone / all);
        }
        return std::min(share, 1.0);
    }

    [[nodiscard]] double learning_rate() const {
        constexpr double kFrom = 0.4, kLeast = 0.02;
        const double share = share_done();
        if (!plan_.decay || share < kFrom) return plan_.learning_rate;
        const double way = (share - kFrom) / (1.0 - kFrom);
        const double cosine = 0.5 * (1.0 + std::cos(std::numbers::pi * way));
        return plan_.learning_rate * (kLeast + (1.0 - kLeast) * cosine);
    }

    void show(double events_per_second) {
        const double share = share_done();
        const Seconds gone = Clock::now() - begun_;
        const double done_here = share - share_at_start_;
        const double left = done_here > 0.0 ? gone.count() * (1.0 - share) / done_here : 0.0;
        progress_.show(
            plan_.name, share, std::chrono::seconds{static_cast<std::int64_t>(left)},
            fmt::format("epoch {}, loss {:.3f}, {:.0f} events/s", standing_.epoch + 1,
                        standing_.sum / static_cast<double>(standing_.events), events_per_second));
    }

    Status resume() {
        begun_ = Clock::now();
        if (plan_.checkpoint.empty() || !std::filesystem::exists(plan_.checkpoint)) return {};
        std::string text;
        if (Status loaded =
                nn::load_checkpoint({task_.network(), optimiser_, best_, text}, plan_.checkpoint);
            !loaded)
            return loaded;
        auto standing = Standing::from_json(text, plan_);
        if (!standing) return tl::unexpected{standing.error()};
        standing_ = *standing;
        for (const auto& epoch : standing_.history)
            tell_epoch(epoch.value("epoch", 0), epoch.value("training", 0.0),
                       epoch.value("validation", 0.0));
        if (!standing_.finished) {
            progress_.say(fmt::format("{}: goes on at epoch {}, batch {}", plan_.name,
                                      standing_.epoch + 1, standing_.batch));
            batches_ = task_.begin_epoch(standing_.epoch);
            share_at_start_ = share_done();
        }
        return {};
    }

    Status save() {
        if (plan_.checkpoint.empty()) return {};
        std::string text = standing_.to_json(plan_.fingerprint);
        return nn::save_checkpoint({task_.network(), optimiser_, best_, text}, plan_.checkpoint);
    }

    void remember_best() {
        best_.clear();
        for (const Tensor& parameter : parameters_) best_.push_back(parameter.detach().clone());
    }

    void restore_best() {
        torch::NoGradGuard no_grad;
        for (std::size_t p = 0; p < parameters_.size(); ++p) parameters_[p].copy_(best_[p]);
        task_.network().eval();
    }

    FitTask& task_;
    const FitPlan& plan_;
    const StopFlag& stop_;
    Progress& progress_;
    std::vector<Tensor> parameters_;
    torch::optim::Adam optimiser_;
    std::vector<Tensor> best_;
    Standing standing_;
    std::size_t batches_ = 1;
    Clock::time_point begun_{};
    double share_at_start_ = 0.0;
};

}  // namespace

Result<FitOutcome> fit(FitTask& task, const FitPlan& plan, const StopFlag& stop,
                       Progress& progress) {
    try {
        return Fit{task, plan, stop, progress}.run();
    } catch (const std::exception& error) {
        return fail(Error::Code::unavailable,
                    fmt::format("{}: LibTorch failed: {}", plan.name, error.what()));
    }
}

}  // namespace fusion::train
