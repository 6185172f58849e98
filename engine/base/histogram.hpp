// Latencies in microseconds, counted without allocation: one bin a microsecond up to 1 ms, then
// 64 bins an octave up to 67 s, so that every reading is within 1.6% (HdrHistogram's layout with
// fewer digits; Debian packages no C or C++ HdrHistogram).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "engine/base/realtime_contract.hpp"
#include "engine/base/units.hpp"

namespace fusion {

class Histogram {
public:
    struct Summary {
        std::uint64_t count = 0;
        Micros p50{0}, p99{0}, p999{0}, max{0};
    };

    // Thread: one writer. Realtime: yes. Negative values count as 0.
    FUSION_RT void record(Micros value) noexcept;
    // The smallest value that `share` (0..1) of all records do not exceed. Thread: any.
    [[nodiscard]] Micros percentile(double share) const noexcept;
    [[nodiscard]] Summary summary() const noexcept;
    [[nodiscard]] std::uint64_t count() const noexcept;
    [[nodiscard]] Micros max() const noexcept;
    // Thread: the writer.
    FUSION_RT void clear() noexcept;

private:
    friend class HistogramWindow;
    static constexpr std::size_t kLinear = 1024;
    static constexpr std::size_t kPerOctave = 64;
    static constexpr std::size_t kOctaves = 16;
    static constexpr std::size_t kBins = kLinear + kOctaves * kPerOctave;

    static std::size_t bin_of(std::int64_t us) noexcept;
    static std::int64_t upper_edge(std::size_t bin) noexcept;

    std::array<std::atomic<std::uint32_t>, kBins> bins_{};
    std::atomic<std::uint64_t> count_{0};
    std::atomic<std::int64_t> max_{0};
};

}  // namespace fusion
