#include "engine/train/measures/densities.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace fusion::train {
namespace {

constexpr std::size_t kCells = 1024;
constexpr double kReach = 4.0;       // bandwidths
constexpr double kLeastMass = 1e-9;  // of q in a cell; else one stray value makes kl infinite

double bandwidth(std::span<const double> values) {
    if (values.size() < 2) return 0.0;
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    double square = 0.0;
    for (const double v : values) square += (v - mean) * (v - mean);
    return std::sqrt(square / (n - 1.0)) * std::pow(n, -0.2);
}

struct Grid {
    double low;
    double cell;
};

std::vector<double> binned(std::span<const double> values, const Grid& grid) {
    std::vector<double> mass(kCells, 0.0);
    for (const double v : values) {
        const double at = std::clamp((v - grid.low) / grid.cell, 0.0, kCells - 1.001);
        const auto below = static_cast<std::size_t>(at);
        const double above = at - static_cast<double>(below);
        mass[below] += (1.0 - above) / static_cast<double>(values.size());
        mass[below + 1] += above / static_cast<double>(values.size());
    }
    return mass;
}

std::vector<double> smoothed(const std::vector<double>& mass, double width) {
    const auto reach = static_cast<std::size_t>(std::ceil(kReach * width));
    std::vector<double> kernel;
    for (std::size_t i = 0; i <= reach; ++i) {
        const double z = width > 0.0 ? static_cast<double>(i) / width : 0.0;
        kernel.push_back(std::exp(-z * z / 2.0));
    }
    double sum = 0.0;
    std::vector<double> out(kCells, 0.0);
    for (std::size_t i = 0; i < kCells; ++i) {
        if (mass[i] == 0.0) continue;
        const std::size_t first = i > reach ? i - reach : 0;
        for (std::size_t j = first; j < std::min(kCells, i + reach + 1); ++j)
            out[j] += mass[i] * kernel[i > j ? i - j : j - i];
    }
    for (const double m : out) sum += m;
    for (double& m : out) m /= sum;
    return out;
}

}  // namespace

Likeness compare_densities(std::span<const double> first, std::span<const double> second) {
    assert(!first.empty() && !second.empty());
    const double h1 = bandwidth(first), h2 = bandwidth(second);
    const auto [a, b] = std::minmax_element(first.begin(), first.end());
    const auto [c, d] = std::minmax_element(second.begin(), second.end());
    const double margin = kReach * std::max(h1, h2);
    const double low = std::min(*a, *c) - margin, high = std::max(*b, *d) + margin;
    if (!(high > low)) return {0.0, 1.0};  // one and the same value everywhere
    const Grid grid{low, (high - low) / static_cast<double>(kCells - 1)};
    const auto p = smoothed(binned(first, grid), h1 / grid.cell);
    const auto q = smoothed(binned(second, grid), h2 / grid.cell);
    Likeness likeness;
    for (std::size_t i = 0; i < kCells; ++i) {
        likeness.overlap += std::min(p[i], q[i]);
        if (p[i] > 0.0) likeness.kl += p[i] * std::log(p[i] / std::max(q[i], kLeastMass));
    }
    likeness.kl = std::max(likeness.kl, 0.0);
    likeness.overlap = std::min(likeness.overlap, 1.0);
    return likeness;
}

}  // namespace fusion::train
