#include "engine/train/telling_apart.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <torch/optim/adamw.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "engine/train/measures/window_features.hpp"
#include "engine/train/random.hpp"

namespace fusion::train {
namespace {

using torch::Tensor;

constexpr std::size_t kFolds = 5;
constexpr std::size_t kRepeats = 2;
constexpr std::size_t kNetworks = 5;
constexpr std::int64_t kHidden = 24;
constexpr int kSteps = 120;

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

struct Stretches {
    std::vector<const std::vector<double>*> features;
    std::vector<float> played;  // 1, or 0
    std::vector<std::size_t> fold;
};

// The share of the taught values that lie below, as a normal deviate's rough place: -1.7 to 1.7.
class Ranks {
public:
    Ranks(const Stretches& all, std::size_t left_out) {
        for (std::size_t i = 0; i < all.features.size(); ++i) {
            if (all.fold[i] == left_out) continue;
            values_.resize(all.features[i]->size());
            for (std::size_t f = 0; f < values_.size(); ++f)
                values_[f].push_back((*all.features[i])[f]);
        }
        for (auto& of_feature : values_) std::sort(of_feature.begin(), of_feature.end());
    }
    [[nodiscard]] float place(std::size_t feature, double value) const {
        const auto& known = values_[feature];
        const auto [low, high] = std::equal_range(known.begin(), known.end(), value);
        const double below =
            static_cast<double>((low - known.begin()) + (high - known.begin())) / 2.0;
        return static_cast<float>(3.4 * (below / static_cast<double>(known.size()) - 0.5));
    }

private:
    std::vector<std::vector<double>> values_;
};

Tensor random_tensor(std::int64_t rows, std::int64_t columns, double scale, Random& random) {
    Tensor tensor = torch::empty({rows, columns});
    auto at = tensor.accessor<float, 2>();
    for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t c = 0; c < columns; ++c)
            at[r][c] = static_cast<float>(scale * (2.0 * random.uniform() - 1.0));
    return tensor.requires_grad_(true);
}

// Scores of `asked` from a network that was taught on the rest.
Tensor score(const Tensor& taught, const Tensor& labels, const Tensor& weights, const Tensor& asked,
             Random& random) {
    const auto inputs = taught.size(1);
    Tensor first =
        random_tensor(inputs, kHidden, 1.0 / std::sqrt(static_cast<double>(inputs)), random);
    Tensor first_bias = random_tensor(1, kHidden, 0.1, random);
    Tensor second =
        random_tensor(kHidden, 1, 1.0 / std::sqrt(static_cast<double>(kHidden)), random);
    Tensor second_bias = random_tensor(1, 1, 0.0, random);
    torch::optim::AdamW optimizer{std::vector<Tensor>{first, first_bias, second, second_bias},
                                  torch::optim::AdamWOptions{0.01}.weight_decay(0.1)};
    const auto say = [&](const Tensor& heard) {
        return (heard.mm(first) + first_bias).tanh().mm(second) + second_bias;
    };
    for (int step = 0; step < kSteps; ++step) {
        optimizer.zero_grad();
        torch::binary_cross_entropy_with_logits(say(taught), labels, weights).backward();
        optimizer.step();
    }
    torch::NoGradGuard no_grad;
    return say(asked).squeeze(1);
}

void deal(Stretches& all, const std::vector<std::size_t>& line_of, std::size_t lines,
          Random& random) {
    std::vector<std::size_t> order(lines);
    std::iota(order.begin(), order.end(), 0U);
    random.shuffle(order);
    all.fold.resize(line_of.size());
    for (std::size_t i = 0; i < line_of.size(); ++i) all.fold[i] = order[line_of[i]] % kFolds;
}

Tensor places(const Stretches& all, const Ranks& ranks, const std::vector<std::size_t>& which) {
    const auto width = static_cast<std::int64_t>(all.features.front()->size());
    Tensor tensor = torch::empty({static_cast<std::int64_t>(which.size()), width});
    auto* out = tensor.data_ptr<float>();
    for (const std::size_t i : which)
        for (std::size_t f = 0; f < all.features[i]->size(); ++f)
            *out++ = ranks.place(f, (*all.features[i])[f]);
    return tensor;
}

void judge_fold(const Stretches& all, std::size_t fold, std::vector<double>& scores,
                Random& random) {
    std::vector<std::size_t> taught, asked;
    for (std::size_t i = 0; i < all.fold.size(); ++i)
        (all.fold[i] == fold ? asked : taught).push_back(i);
    if (asked.empty() || taught.empty()) return;
    const Ranks ranks{all, fold};
    const auto count = static_cast<std::int64_t>(taught.size());
    Tensor labels = torch::empty({count, 1});
    for (std::int64_t i = 0; i < count; ++i)
        labels[i][0] = all.played[taught[static_cast<std::size_t>(i)]];
    // Both sides weigh the same.
    const auto share = labels.mean().item<double>();
    const Tensor weights = labels * (0.5 / share) + (1.0 - labels) * (0.5 / (1.0 - share));
    const Tensor known = places(all, ranks, taught), heard = places(all, ranks, asked);
    for (std::size_t n = 0; n < kNetworks; ++n) {
        const Tensor said = score(known, labels, weights, heard, random);
        for (std::size_t i = 0; i < asked.size(); ++i)
            scores[asked[i]] += said[static_cast<std::int64_t>(i)].item<double>();
    }
}

std::vector<GivesAway> alone(const Stretches& all) {
    std::vector<GivesAway> by;
    const auto names = feature_names();
    for (std::size_t f = 0; f < names.size(); ++f) {
        std::vector<double> played, real;
        for (std::size_t i = 0; i < all.features.size(); ++i)
            (all.played[i] > 0.5F ? played : real).push_back((*all.features[i])[f]);
        by.push_back(
            {std::string{names[f]}, area_under_curve(played, real), median(played), median(real)});
    }
    std::stable_sort(by.begin(), by.end(), [](const GivesAway& a, const GivesAway& b) {
        return std::abs(a.auc - 0.5) > std::abs(b.auc - 0.5);
    });
    return by;
}

}  // namespace

HeardLine hear(const NoteLine& line, std::size_t notes, std::size_t most) {
    HeardLine heard;
    std::vector<NoteLine> parts = excerpts(line, notes);
    std::erase_if(parts, [notes](const NoteLine& part) { return part.size() < notes; });
    const std::size_t count = std::min(most, parts.size());
    for (std::size_t i = 0; i < count; ++i)
        heard.stretches.push_back(features_of(parts[i * parts.size() / count]));
    return heard;
}

bool in_four(const NoteLine& line) {
    return line.size() > 0 && line.notes.front().meter == MeterClass::quadruple;
}

HeardLine hear_opening(const NoteLine& line, int bars) {
    HeardLine heard;
    if (line.size() == 0) return heard;
    const int bar = [&] {
        switch (line.notes.front().meter) {
            case MeterClass::quadruple: return 48;
            case MeterClass::triple:
            case MeterClass::compound: return 36;
            case MeterClass::other: break;
        }
        return 60;
    }();
    NoteLine opening;
    for (const LineNote& note : line.notes)
        if (note.onset < Cells{bars * bar}) opening.notes.push_back(note);
    if (opening.size() >= 2) heard.stretches.push_back(features_of(opening));
    return heard;
}

double area_under_curve(const std::vector<double>& above, std::vector<double> below) {
    if (above.empty() || below.empty()) return 0.5;
    std::sort(below.begin(), below.end());
    double won = 0.0;
    for (const double value : above) {
        const auto [low, high] = std::equal_range(below.begin(), below.end(), value);
        won += static_cast<double>((low - below.begin()) + (high - below.begin())) / 2.0;
    }
    return won / static_cast<double>(above.size()) / static_cast<double>(below.size());
}

ToldApart tell_apart(std::span<const HeardLine> played, std::span<const HeardLine> real,
                     std::uint64_t seed) {
    Stretches all;
    std::vector<std::size_t> line_of;
    std::size_t lines = 0;
    ToldApart told;
    std::size_t played_lines = 0;
    const auto take = [&](std::span<const HeardLine> from, float label, std::size_t& count) {
        for (const HeardLine& line : from) {
            if (line.stretches.empty()) continue;
            for (const auto& stretch : line.stretches) {
                all.features.push_back(&stretch);
                all.played.push_back(label);
                line_of.push_back(lines);
                ++count;
            }
            ++lines;
        }
    };
    take(played, 1.0F, told.played);
    played_lines = lines;
    take(real, 0.0F, told.real);
    if (played_lines < kFolds || lines - played_lines < kFolds) return told;

    Random random{seed, 0x746F6C64};
    std::vector<double> scores(all.features.size(), 0.0);
    double sum = 0.0;
    for (std::size_t repeat = 0; repeat < kRepeats; ++repeat) {
        deal(all, line_of, lines, random);
        std::fill(scores.begin(), scores.end(), 0.0);
        for (std::size_t fold = 0; fold < kFolds; ++fold) judge_fold(all, fold, scores, random);
        std::vector<double> of_played, of_real;
        for (std::size_t i = 0; i < scores.size(); ++i)
            (all.played[i] > 0.5F ? of_played : of_real).push_back(scores[i]);
        sum += area_under_curve(of_played, of_real);
    }
    told.auc = sum / static_cast<double>(kRepeats);
    told.by = alone(all);
    return told;
}

}  // namespace fusion::train
