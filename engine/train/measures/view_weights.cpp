#include "engine/train/measures/view_weights.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fusion::train {
namespace {

// The shared weight's start, and where it stays without evidence: the mean of what the real corpus
// gives (1.6 to 4.5).
constexpr double kSharedStart = 3.0;
constexpr double kRidge = 1e-4;
constexpr std::size_t kSteps = 300;
constexpr double kRate = 0.1;

// What one excerpt weighs, by its genre, so that all genres weigh 1 together.
std::vector<double> shares(std::span<const Evidence> evidence, std::size_t genres) {
    std::vector<double> share(genres, 0.0);
    for (const Evidence& e : evidence) share[e.genre] += 1.0;
    const auto there =
        genres - static_cast<std::size_t>(std::count(share.begin(), share.end(), 0.0));
    for (double& s : share)
        if (s > 0.0) s = 1.0 / (s * static_cast<double>(there));
    return share;
}

// Adam: the directions differ in scale by a factor of a hundred, and plain descent would crawl.
class Descent {
public:
    explicit Descent(std::size_t size) : mean_(size, 0.0), square_(size, 0.0) {}

    void step(std::vector<double>& at, const std::vector<double>& slope) {
        ++steps_;
        const auto n = static_cast<double>(steps_);
        const double rate = kRate * (1.0 - n / (static_cast<double>(kSteps) + 1.0));
        for (std::size_t i = 0; i < at.size(); ++i) {
            mean_[i] = 0.9 * mean_[i] + 0.1 * slope[i];
            square_[i] = 0.99 * square_[i] + 0.01 * slope[i] * slope[i];
            at[i] -= rate * mean_[i] / (1.0 - std::pow(0.9, n)) /
                     (std::sqrt(square_[i] / (1.0 - std::pow(0.99, n))) + 1e-9);
        }
    }

private:
    std::vector<double> mean_, square_;
    std::size_t steps_ = 0;
};

}  // namespace

void softmax(std::span<double> scores) {
    if (scores.empty()) return;
    const double top = *std::max_element(scores.begin(), scores.end());
    for (double& s : scores) s = std::exp(s - top);
    const double sum = std::accumulate(scores.begin(), scores.end(), 0.0);
    for (double& s : scores) s /= sum;
}

ViewWeights::ViewWeights(std::size_t genres)
    : weights(kViews * genres, kSharedStart), offsets(genres, 0.0) {}

std::vector<double> ViewWeights::scores(std::span<const double> x) const {
    const std::size_t genres = offsets.size();
    std::vector<double> out = offsets;
    for (std::size_t i = 0; i < weights.size(); ++i) out[i % genres] += weights[i] * x[i];
    return out;
}

ViewWeights fit_view_weights(std::span<const Evidence> evidence, std::size_t genres) {
    ViewWeights fitted{genres};
    if (evidence.empty()) return fitted;
    const auto share = shares(evidence, genres);
    // Shared weights by view, then each genre's own, then the offsets.
    const std::size_t own = kViews, offset = own + kViews * genres;
    std::vector<double> at(offset + genres, 0.0), slope(at.size());
    std::fill_n(at.begin(), kViews, kSharedStart);
    Descent descent{at.size()};
    const auto unpack = [&] {
        for (std::size_t i = 0; i < fitted.weights.size(); ++i)
            fitted.weights[i] = at[i / genres] + at[own + i];
        std::copy(at.begin() + static_cast<std::ptrdiff_t>(offset), at.end(),
                  fitted.offsets.begin());
    };
    for (std::size_t round = 0; round < kSteps; ++round) {
        for (std::size_t i = 0; i < at.size(); ++i)
            slope[i] = kRidge * (i < own ? at[i] - kSharedStart : at[i]);
        for (const Evidence& e : evidence) {
            auto error = fitted.scores(e.x);
            softmax(error);
            error[e.genre] -= 1.0;
            for (double& d : error) d *= share[e.genre];
            for (std::size_t i = 0; i < e.x.size(); ++i) {
                const double part = error[i % genres] * e.x[i];
                slope[i / genres] += part;
                slope[own + i] += part;
            }
            for (std::size_t g = 0; g < genres; ++g) slope[offset + g] += error[g];
        }
        descent.step(at, slope);
        unpack();
    }
    return fitted;
}

double fit_sureness(std::span<const Evidence> evidence, const ViewWeights& weights, double least,
                    double most) {
    const auto share = shares(evidence, weights.offsets.size());
    // The slope of the cross-entropy in the factor; it only ever grows with the factor.
    const auto too_sure = [&](double factor) {
        double slope = 0.0;
        for (const Evidence& e : evidence) {
            const auto scores = weights.scores(e.x);
            auto posterior = scores;
            for (double& s : posterior) s *= factor;
            softmax(posterior);
            double expected = 0.0;
            for (std::size_t g = 0; g < scores.size(); ++g) expected += posterior[g] * scores[g];
            slope += share[e.genre] * (expected - scores[e.genre]);
        }
        return slope > 0.0;
    };
    for (int halving = 0; halving < 24; ++halving) {
        const double middle = (least + most) / 2.0;
        (too_sure(middle) ? most : least) = middle;
    }
    return (least + most) / 2.0;
}

}  // namespace fusion::train
