// A line through the newest clocks of a beat: number of the clock against time. It owns the last
// 384 clocks (16 beats) and the window of them that one movement explains.
//
// The window grows by a clock at a time, so that a steady tempo becomes very smooth: the error of
// the period falls with the window's length to the power 3/2, and ±3 ms of jitter leave 0.3% of
// tempo at one beat and 0.004% at sixteen (120 BPM). Where the clocks of the window bend by more
// than jitter explains, a parabola is fitted, and its tangent at the newest clock is the line: so a
// ramp is followed without lagging behind. Where the newest clocks lie off either, the window loses
// its oldest quarter, again and again until they agree: so a step is followed quickly. A Kalman
// filter would do the same through a gain, but needs to be told how fast tempi may move; here the
// clocks say it.
//
// Thread: clock. Realtime: yes; a fit is one pass over at most 384 clocks. Errors: none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "engine/base/realtime_contract.hpp"
#include "engine/base/units.hpp"

namespace fusion {

// The count of a MIDI clock, 24 to the beat, whatever the transport does.
struct ClockNumber : Strong<std::int64_t, struct ClockNumberTag> {
    using Strong::Strong;
    friend constexpr ClockNumber operator+(ClockNumber a, std::int64_t k) {
        return ClockNumber{a.count() + k};
    }
    friend constexpr std::int64_t operator-(ClockNumber a, ClockNumber b) {
        return a.count() - b.count();
    }
};
inline constexpr std::int64_t kClocksPerBeat = 24;
inline constexpr Ticks kTicksPerClock{kTicksPerBeat.count() / kClocksPerBeat};

// A time span with its fraction of a nanosecond: periods add up over hours.
struct FineNanos : Strong<double, struct FineNanosTag> {
    using Strong::Strong;
};
// 625 and 10 BPM: outside of these nobody plays, and the line is not followed.
inline constexpr FineNanos kShortestPeriod{4e6};
inline constexpr FineNanos kLongestPeriod{250e6};
[[nodiscard]] constexpr bool can_be_followed(FineNanos period) noexcept {
    return period >= kShortestPeriod && period <= kLongestPeriod;
}

struct BeatLine {
    ClockNumber at{0};
    TimePoint when{};
    FineNanos period{60e9 / 120.0 / 24.0};

    [[nodiscard]] FUSION_RT TimePoint time_of(ClockNumber number) const noexcept;
    // How much later than its place on the line `number` came.
    [[nodiscard]] FUSION_RT FineNanos offset(ClockNumber number, TimePoint heard) const noexcept;
    // The clock's number with its fraction: 7.5 is half way from clock 7 to clock 8.
    [[nodiscard]] FUSION_RT double position(TimePoint time) const noexcept;
    [[nodiscard]] Bpm tempo() const noexcept {
        return Bpm{60e9 / (period.count() * static_cast<double>(kClocksPerBeat))};
    }
};

class BeatFit {
public:
    static constexpr std::size_t kMostClocks = 384;
    enum class Trust : std::uint8_t { full, none };  // none: kept, but not fitted

    // Forgets all clocks. `expected` is believed to 0.2% until clocks contradict it.
    FUSION_RT void clear(std::optional<FineNanos> expected) noexcept;
    FUSION_RT void append(ClockNumber number, TimePoint heard, Trust trust) noexcept;
    // Another stamp for the newest clock.
    FUSION_RT void replace_newest(TimePoint heard) noexcept;
    FUSION_RT void trust_newest(std::size_t clocks) noexcept;
    // Clocks from `number` on are counted otherwise.
    FUSION_RT void renumber_from(ClockNumber number, std::int64_t by) noexcept;
    // Draws the line anew. `jitter` is the standard deviation of one clock.
    FUSION_RT void fit(FineNanos jitter) noexcept;

    [[nodiscard]] const BeatLine& line() const noexcept { return line_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t window() const noexcept { return window_; }
    // The line keeps within the shortest and the longest period; this is what the clocks said.
    [[nodiscard]] FineNanos raw_period() const noexcept { return FineNanos{raw_period_}; }
    // Standard deviations, from the jitter of the last fit.
    [[nodiscard]] FUSION_RT FineNanos period_error() const noexcept;
    [[nodiscard]] FUSION_RT FineNanos place_error(ClockNumber number) const noexcept;

private:
    struct Entry {
        ClockNumber number;
        TimePoint heard;
        Trust trust = Trust::full;
    };
    // Over trusted clocks: x counts from the newest clock, y from the line before the fit.
    struct Sums {
        double n = 0, x = 0, xx = 0, xxx = 0, xxxx = 0, y = 0, xy = 0, xxy = 0;
    };
    // y = height + slope x + bend (x² - its mean - what of it a slope explains).
    struct Curve {
        double n = 0, mean_x = 0, mean_y = 0, mean_xx = 0;
        double width = 0;  // sum of squares of x about its mean
        double slope = 0;
        double lean = 0;   // of x² upon x
        double depth = 0;  // sum of squares of what of x² no line explains
        double bend = 0;
        bool bent = false;
    };

    [[nodiscard]] const Entry& newest(std::size_t back) const noexcept {
        return ring_[(head_ + kMostClocks - back) % kMostClocks];
    }
    FUSION_RT void gather() noexcept;
    [[nodiscard]] FUSION_RT static Curve curve_of(const Sums& sums) noexcept;
    [[nodiscard]] FUSION_RT bool agrees(const Curve& curve, std::size_t part,
                                        double jitter) const noexcept;
    [[nodiscard]] FUSION_RT bool holds(const Curve& curve, std::size_t window,
                                       double jitter) const noexcept;
    FUSION_RT void draw(const Curve& curve, double jitter) noexcept;

    std::array<Entry, kMostClocks> ring_{};
    std::array<Sums, kMostClocks> sums_{};  // [i]: over the newest i + 1 clocks
    std::size_t head_ = kMostClocks - 1;
    std::size_t size_ = 0;
    std::size_t window_ = 0;
    std::optional<FineNanos> expected_;
    BeatLine line_;
    double raw_period_ = line_.period.count();
    bool bent_ = false;
    double mean_x_ = 0;
    double place_variance_ = 0;  // at mean_x_
    double period_variance_ = 0;
};

// The jitter of single clocks, from second differences of their times: these do not feel the tempo,
// and a ramp hardly, so that a fit that lags behind is not taken for jitter.
class JitterEstimate {
public:
    // Three clocks with successive numbers, oldest first.
    FUSION_RT void hear(TimePoint a, TimePoint b, TimePoint c) noexcept;
    // Never below 0.1 ms, the best that time stamps of a MIDI input do.
    [[nodiscard]] FUSION_RT FineNanos deviation() const noexcept;

private:
    double variance_ = 1.5e6 * 1.5e6;  // a usual cheap interface, until more is known
    double seen_ = 1;
};

}  // namespace fusion
