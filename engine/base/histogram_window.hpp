// A histogram's last minute: percentiles since the start hide a decay that comes late. Copies of
// the bins are kept, one each ten seconds; what has come since the oldest is what is told. Thread:
// one, not the histogram's writer. Errors: none.
#pragma once

#include <array>
#include <deque>

#include "engine/base/histogram.hpp"

namespace fusion {

class HistogramWindow {
public:
    static constexpr Nanos kSlice = std::chrono::seconds{10};
    static constexpr std::size_t kSlices = 6;

    // `of` outlives it.
    explicit HistogramWindow(const Histogram& of) : of_{of} {}

    // To be called each second or so.
    void turn(TimePoint now);
    [[nodiscard]] Histogram::Summary recent() const;

private:
    using Bins = std::array<std::uint32_t, Histogram::kBins>;
    [[nodiscard]] Bins bins() const;

    const Histogram& of_;
    std::deque<Bins> past_;  // from the oldest
    TimePoint next_{};
};

}  // namespace fusion
