#include "engine/realtime/follow/beat_fit.hpp"

#include <algorithm>
#include <cmath>

namespace fusion {
namespace {

// How far the newest clocks may lie off the line, in standard deviations of their mean. At 5 a
// steady beat lost a quarter of its window once in 1.4 million clocks (16 hours at 60 BPM) of
// uniform jitter; at 4.5 six times, and once three quarters of it.
constexpr double kDisagreement = 5.0;
// A bend is believed at 5.5 standard deviations of it, and until it is below 3.
constexpr double kBends = 5.5;
constexpr double kStillBends = 3.0;
constexpr double kLeastBent = 20;  // clocks
constexpr std::size_t kLeastWindow = 8;
constexpr std::size_t kNewest = 8;
constexpr double kExpectation = 0.002;
constexpr double kExpectedUntil = 96;  // clocks: then they know better
constexpr double kLeastJitter = 0.1e6;
constexpr double kJitterMemory = 384;  // clocks

double nanos(TimePoint later, TimePoint earlier) {
    return static_cast<double>((later - earlier).count());
}

}  // namespace

TimePoint BeatLine::time_of(ClockNumber number) const noexcept {
    return when + Nanos{std::llround(static_cast<double>(number - at) * period.count())};
}

FineNanos BeatLine::offset(ClockNumber number, TimePoint heard) const noexcept {
    return FineNanos{nanos(heard, when) - static_cast<double>(number - at) * period.count()};
}

double BeatLine::position(TimePoint time) const noexcept {
    return static_cast<double>(at.count()) + nanos(time, when) / period.count();
}

void BeatFit::clear(std::optional<FineNanos> expected) noexcept {
    size_ = 0;
    window_ = 0;
    expected_ = expected;
    if (expected)
        line_.period = *expected;
    else if (raw_period_ != line_.period.count())
        line_.period = BeatLine{}.period;  // the clocks said something absurd
    raw_period_ = line_.period.count();
    period_variance_ = 0;
    place_variance_ = 0;
}

void BeatFit::append(ClockNumber number, TimePoint heard, Trust trust) noexcept {
    head_ = (head_ + 1) % kMostClocks;
    ring_[head_] = {number, heard, trust};
    size_ = std::min(size_ + 1, kMostClocks);
    window_ = std::min(window_ + 1, size_);
}

void BeatFit::replace_newest(TimePoint heard) noexcept {
    ring_[head_].heard = heard;
    ring_[head_].trust = Trust::full;
}

void BeatFit::trust_newest(std::size_t clocks) noexcept {
    for (std::size_t i = 0; i < std::min(clocks, size_); ++i)
        ring_[(head_ + kMostClocks - i) % kMostClocks].trust = Trust::full;
}

void BeatFit::renumber_from(ClockNumber number, std::int64_t by) noexcept {
    for (std::size_t i = 0; i < size_; ++i) {
        auto& entry = ring_[(head_ + kMostClocks - i) % kMostClocks];
        if (entry.number < number) break;
        entry.number = entry.number + by;
        entry.trust = Trust::full;
    }
}

void BeatFit::gather() noexcept {
    Sums sums;
    const auto origin = newest(0).number;
    for (std::size_t i = 0; i < window_; ++i) {
        const auto& entry = newest(i);
        if (entry.trust == Trust::full) {
            const auto x = static_cast<double>(entry.number - origin);
            const auto y = line_.offset(entry.number, entry.heard).count();
            sums.n += 1;
            sums.x += x;
            sums.xx += x * x;
            sums.xxx += x * x * x;
            sums.xxxx += x * x * x * x;
            sums.y += y;
            sums.xy += x * y;
            sums.xxy += x * x * y;
        }
        sums_[i] = sums;
    }
}

BeatFit::Curve BeatFit::curve_of(const Sums& sums) noexcept {
    Curve curve;
    curve.n = sums.n;
    if (sums.n < 1) return curve;
    curve.mean_x = sums.x / sums.n;
    curve.mean_y = sums.y / sums.n;
    curve.mean_xx = sums.xx / sums.n;
    if (sums.n < 2) return curve;
    curve.width = sums.xx - sums.x * curve.mean_x;
    curve.slope = (sums.xy - sums.x * curve.mean_y) / curve.width;
    if (sums.n < kLeastBent) return curve;
    const auto across = sums.xxx - sums.xx * curve.mean_x;
    curve.lean = across / curve.width;
    curve.depth = sums.xxxx - sums.xx * curve.mean_xx - across * curve.lean;
    const auto with_y = sums.xxy - sums.xx * curve.mean_y;
    curve.bend = (with_y - curve.lean * (sums.xy - sums.x * curve.mean_y)) / curve.depth;
    return curve;
}

// Whether the newest `part` clocks lie on the curve, by their mean.
bool BeatFit::agrees(const Curve& curve, std::size_t part, double jitter) const noexcept {
    const auto some = curve_of(sums_[part - 1]);
    if (some.n < 2 || curve.n < some.n + 4) return true;
    const auto across = some.mean_x - curve.mean_x;
    auto off = some.mean_y - curve.mean_y - curve.slope * across;
    auto variance = 1 / some.n - 1 / curve.n - across * across / curve.width;
    if (curve.bent) {
        const auto deep = some.mean_xx - curve.mean_xx - curve.lean * across;
        off -= curve.bend * deep;
        variance -= deep * deep / curve.depth;
    }
    return off * off <= kDisagreement * kDisagreement * jitter * jitter * std::max(variance, 1e-3);
}

bool BeatFit::holds(const Curve& curve, std::size_t window, double jitter) const noexcept {
    return agrees(curve, kNewest, jitter) && agrees(curve, std::min(3 * kNewest, window), jitter) &&
           agrees(curve, window / 4, jitter);
}

void BeatFit::fit(FineNanos jitter) noexcept {
    if (size_ == 0) return;
    if (size_ == 1) {  // nothing to measure a distance from
        line_.at = newest(0).number;
        line_.when = newest(0).heard;
    }
    gather();
    const auto noise = jitter.count();
    Curve curve;
    for (auto window = window_;;) {
        curve = curve_of(sums_[window - 1]);
        const auto bend = std::abs(curve.bend) * std::sqrt(curve.depth) / noise;
        curve.bent = bend > (bent_ ? kStillBends : kBends);
        window_ = window;
        if (window <= kLeastWindow || holds(curve, window, noise)) break;
        window = std::max(kLeastWindow, window - std::max<std::size_t>(1, window / 4));
    }
    bent_ = curve.bent;
    draw(curve, noise);
}

void BeatFit::draw(const Curve& curve, double jitter) noexcept {
    if (curve.n < 1) return;  // none that can be trusted: the line stands
    const auto noise = jitter * jitter;
    // At the newest clock, x = 0.
    auto change = curve.slope;
    auto variance = curve.n < 2 ? 0.0 : noise / curve.width;
    auto late = curve.mean_y - curve.slope * curve.mean_x;
    if (curve.bent) {
        change -= curve.bend * curve.lean;
        variance += noise * curve.lean * curve.lean / curve.depth;
        late -= curve.bend * (curve.mean_xx - curve.lean * curve.mean_x);
    }
    if (expected_) {
        const auto belief = expected_->count() * kExpectation;
        const auto wanted = expected_->count() - line_.period.count();
        const auto apart = change - wanted;
        const auto credible = apart * apart < 16 * (variance + belief * belief);
        if (curve.n < 2) {
            change = wanted;
            variance = belief * belief;
        } else if (curve.n < kExpectedUntil && credible && !curve.bent) {
            const auto weight = variance / (variance + belief * belief);
            change -= weight * apart;
            variance = weight * belief * belief;
            late = curve.mean_y - change * curve.mean_x;
        } else {
            expected_.reset();
        }
    }
    raw_period_ = line_.period.count() + change;
    const auto period = std::clamp(raw_period_, kShortestPeriod.count(), kLongestPeriod.count());
    if (period != raw_period_) late = curve.mean_y - (period - line_.period.count()) * curve.mean_x;

    const auto at = newest(0).number;
    line_.when = line_.time_of(at) + Nanos{std::llround(late)};
    line_.at = at;
    line_.period = FineNanos{period};
    mean_x_ = curve.bent ? 0.0 : curve.mean_x;
    place_variance_ = noise / curve.n * (curve.bent ? 9 : 1);  // a parabola is looser at its end
    period_variance_ = variance;
}

FineNanos BeatFit::period_error() const noexcept { return FineNanos{std::sqrt(period_variance_)}; }

FineNanos BeatFit::place_error(ClockNumber number) const noexcept {
    const auto across = static_cast<double>(number - line_.at) - mean_x_;
    return FineNanos{std::sqrt(place_variance_ + across * across * period_variance_)};
}

void JitterEstimate::hear(TimePoint a, TimePoint b, TimePoint c) noexcept {
    const auto bend = nanos(c, b) - nanos(b, a);
    // A step of tempo or a clock that came very late counts for no more than a large jitter would;
    // real jitter that grows is still found within a beat.
    const auto limit = 36 * std::max(variance_, kLeastJitter * kLeastJitter);
    const auto sample = std::min(bend * bend / 6, limit);
    variance_ += (sample - variance_) / (seen_ + 1);
    seen_ = std::min(seen_ + 1, kJitterMemory);
}

FineNanos JitterEstimate::deviation() const noexcept {
    // From few clocks it is not well known, and too little would do more harm than too much.
    return FineNanos{std::max(std::sqrt(variance_) * (1 + 3 / (seen_ + 8)), kLeastJitter)};
}

}  // namespace fusion
