#include "engine/base/histogram_window.hpp"

#include <algorithm>
#include <cmath>

namespace fusion {

HistogramWindow::Bins HistogramWindow::bins() const {
    Bins now{};
    for (std::size_t bin = 0; bin < now.size(); ++bin)
        now[bin] = of_.bins_[bin].load(std::memory_order_relaxed);
    return now;
}

void HistogramWindow::turn(TimePoint now) {
    if (now < next_) return;
    next_ = now + kSlice;
    past_.push_back(bins());
    if (past_.size() > kSlices) past_.pop_front();
}

Histogram::Summary HistogramWindow::recent() const {
    auto since = bins();
    std::uint64_t count = 0;
    for (std::size_t bin = 0; bin < since.size(); ++bin) {
        // Each goes round for itself: the difference is right across it.
        if (!past_.empty()) since[bin] -= past_.front()[bin];
        count += since[bin];
    }
    const auto percentile = [&](double share) {
        const auto wanted = std::max<std::uint64_t>(
            1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count))));
        std::uint64_t seen = 0;
        for (std::size_t bin = 0; bin < since.size(); ++bin) {
            seen += since[bin];
            if (seen >= wanted)
                return Micros{std::min(Histogram::upper_edge(bin), of_.max().count())};
        }
        return Micros{0};
    };
    return {count, percentile(0.5), percentile(0.99), percentile(0.999), percentile(1.0)};
}

}  // namespace fusion
