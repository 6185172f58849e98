#include "engine/base/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace fusion {

// All orders are relaxed: counters of one writer, read for display.

std::size_t Histogram::bin_of(std::int64_t us) noexcept {
    if (us < static_cast<std::int64_t>(kLinear))
        return static_cast<std::size_t>(std::max<std::int64_t>(us, 0));
    const auto value = static_cast<std::uint64_t>(us);
    const auto octave = static_cast<std::size_t>(std::bit_width(value)) - 11;  // 1024..2047 is 0
    if (octave >= kOctaves) return kBins - 1;
    const auto within = (value >> (octave + 4)) - kPerOctave;
    return kLinear + octave * kPerOctave + static_cast<std::size_t>(within);
}

std::int64_t Histogram::upper_edge(std::size_t bin) noexcept {
    if (bin < kLinear) return static_cast<std::int64_t>(bin);
    const auto octave = (bin - kLinear) / kPerOctave;
    const auto within = (bin - kLinear) % kPerOctave + kPerOctave;
    return (static_cast<std::int64_t>(within + 1) << (octave + 4)) - 1;
}

void Histogram::record(Micros value) noexcept {
    const auto us = std::max<std::int64_t>(value.count(), 0);
    bins_[bin_of(us)].fetch_add(1, std::memory_order_relaxed);
    count_.fetch_add(1, std::memory_order_relaxed);
    if (us > max_.load(std::memory_order_relaxed)) max_.store(us, std::memory_order_relaxed);
}

Micros Histogram::percentile(double share) const noexcept {
    const auto total = count();
    if (total == 0) return Micros{0};
    const auto wanted = static_cast<std::uint64_t>(
        std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(total)));
    std::uint64_t seen = 0;
    for (std::size_t bin = 0; bin < kBins; ++bin) {
        seen += bins_[bin].load(std::memory_order_relaxed);
        if (seen >= wanted && seen > 0) return Micros{std::min(upper_edge(bin), max().count())};
    }
    return max();
}

Histogram::Summary Histogram::summary() const noexcept {
    return {count(), percentile(0.5), percentile(0.99), percentile(0.999), max()};
}

std::uint64_t Histogram::count() const noexcept { return count_.load(std::memory_order_relaxed); }
Micros Histogram::max() const noexcept { return Micros{max_.load(std::memory_order_relaxed)}; }

void Histogram::clear() noexcept {
    for (auto& bin : bins_) bin.store(0, std::memory_order_relaxed);
    count_.store(0, std::memory_order_relaxed);
    max_.store(0, std::memory_order_relaxed);
}

}  // namespace fusion
