// The second thoughts of pulse_tracker.hpp: numbers that later clocks show to be wrong.
#include "engine/realtime/follow/pulse_tracker.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace fusion {
namespace {

constexpr std::size_t kOddRun = 12;
constexpr double kMostlyOdd = 6;  // of kOddRun
constexpr double kOftenOdd = 3;   // of all that are remembered
constexpr double kOddsOfMove = 12.0;
constexpr std::size_t kMendNewest = 8;
constexpr std::size_t kMendUntil = 16;
constexpr double kMendOdds = 4.5;  // log-likelihood: a loss among the first clocks, and some doubt

// A line through few points.
struct SmallFit {
    double slope = 0;
    double height = 0;
    double squares = 0;  // what it leaves
};

template <std::size_t N>
SmallFit small_fit(const std::array<double, N>& x, const std::array<double, N>& y, std::size_t n) {
    double sx = 0;
    double sy = 0;
    for (std::size_t i = 0; i < n; ++i) {
        sx += x[i];
        sy += y[i];
    }
    const auto count = static_cast<double>(n);
    double xx = 0;
    double xy = 0;
    for (std::size_t i = 0; i < n; ++i) {
        xx += (x[i] - sx / count) * (x[i] - sx / count);
        xy += (x[i] - sx / count) * (y[i] - sy / count);
    }
    SmallFit fit;
    fit.slope = xx > 0 ? xy / xx : 0.0;
    fit.height = (sy - fit.slope * sx) / count;
    for (std::size_t i = 0; i < n; ++i) {
        const auto off = y[i] - fit.height - fit.slope * x[i];
        fit.squares += off * off;
    }
    return fit;
}

}  // namespace

// Where jitter is near half a period, a loss may show only in the next few clocks together.
void PulseTracker::mend_newest() noexcept {
    const auto period = line().period.count();
    const auto variance =
        std::pow(std::hypot(jitter().count(), fit_.place_error(newest_).count()), 2);
    double off = 0;
    auto most = kLossIsRare;
    std::size_t from = 0;
    std::int64_t shift = 0;
    for (std::size_t j = 1; j <= std::min(kMendNewest, since_begin_ - 1); ++j) {
        const auto& one = arrival(j - 1);
        off += line().offset(one.number, one.heard).count();
        const auto step = one.number - arrival(j).number;
        for (const int by : {1, -1}) {
            if (step + by < 0) continue;
            const auto gain =
                (2 * by * period * off - static_cast<double>(j) * period * period) / (2 * variance);
            const auto oddity = (step + by == 1 ? -kLossIsRare : 0) + (step == 1 ? kLossIsRare : 0);
            if (gain - oddity + kLossIsRare <= most) continue;
            most = gain - oddity + kLossIsRare;
            from = j;
            shift = by;
        }
    }
    if (shift == 0) return;
    fit_.renumber_from(arrival(from - 1).number, shift);
    auto lost = arrival(from).lost;
    for (auto i = from; i-- > 0;) {
        arrival(i).number = arrival(i).number + shift;
        const auto step = arrival(i).number - arrival(i + 1).number;
        if (step > 1) lost += static_cast<std::uint64_t>(step - 1);
        arrival(i).lost = lost;
    }
    counts_.lost = lost;
    newest_ = arrival(0).number;
}

// How many of the newest clocks, if any, are better explained by none of them lost or doubled: at
// fast tempi with jitter any time is near some clock's place, and a wrong tempo can hold itself by
// a double or a loss again and again.
std::size_t PulseTracker::odd_run(const Points& counted, const Points& times) noexcept {
    const auto variance = jitter().count() * jitter().count();
    for (const std::size_t run : {kOddRun, kRemember}) {
        if (since_begin_ < run) break;
        double odd = 0;
        Points numbers{};
        for (std::size_t i = 0; i < run; ++i) {
            numbers[i] = static_cast<double>(arrival(i).number - newest_);
            if (i > 0 && numbers[i] != numbers[i - 1] - 1) ++odd;
        }
        if (odd < (run == kOddRun ? kMostlyOdd : kOftenOdd)) continue;
        const auto as_numbered = small_fit(numbers, times, run).squares;
        const auto as_counted = small_fit(counted, times, run).squares;
        const auto count = static_cast<double>(run);
        const auto gain =
            count / 2 *
            std::log((as_numbered + count * variance / 2) / (as_counted + count * variance / 2));
        if (gain + odd * kLossIsRare > kOddsOfMove) return run;
    }
    return 0;
}

// The master may have moved before the run that showed it. How many clocks ago it was is what
// leaves least: of the clocks since to a line of their own, numbered as they were or counted one by
// one, and of those before to the line as it was. What was lost and doubled has its price in
// either.
PulseTracker::Move PulseTracker::begin_of_move(const Points& counted, const Points& times,
                                               std::size_t run) noexcept {
    const auto rare = 2 * kLossIsRare * jitter().count() * jitter().count();
    Points numbers{};
    Points before{};  // [k]: what the arrivals from k on leave
    double odd = 0;
    for (std::size_t i = 0; i < since_begin_; ++i)
        numbers[i] = static_cast<double>(arrival(i).number - newest_);
    for (auto i = since_begin_; i-- > 0;) {
        before[i] = std::pow(arrival(i).off.count(), 2);
        if (i + 1 < since_begin_)
            before[i] += before[i + 1] + (numbers[i] - numbers[i + 1] != 1 ? rare : 0);
    }
    Move best{run, Numbering::counted};
    auto least = std::numeric_limits<double>::max();
    for (std::size_t k = 1; k < since_begin_; ++k) {
        if (numbers[k - 1] - numbers[k] != 1) odd += rare;
        if (k < run) continue;
        const auto as_counted = small_fit(counted, times, k).squares + before[k];
        const auto as_numbered = small_fit(numbers, times, k).squares + before[k] + odd;
        if (std::min(as_counted, as_numbered) >= least) continue;
        least = std::min(as_counted, as_numbered);
        best = {k, as_counted <= as_numbered ? Numbering::counted : Numbering::as_it_was};
    }
    return best;
}

// Where the newest clocks lie off the line even after the fit, but on one of their own, that is
// followed.
void PulseTracker::follow_move() noexcept {
    if (since_begin_ < kRun) return;
    double off_squares = 0;
    for (std::size_t i = 0; i < kRun; ++i)
        off_squares += std::pow(line().offset(arrival(i).number, arrival(i).heard).count(), 2);
    off_squares /= static_cast<double>(kRun);
    const auto variance = jitter().count() * jitter().count();
    const auto vague = fit_.place_error(newest_).count();
    const auto displaced = off_squares > 6.25 * (variance + vague * vague);
    Points x{};
    Points y{};
    for (std::size_t i = 0; i < since_begin_; ++i) {
        x[i] = -static_cast<double>(i);
        y[i] = static_cast<double>((arrival(i).heard - heard_).count());
    }
    auto run = kRun;
    if (!displaced) run = odd_run(x, y);
    if (run == 0) return;
    const auto own = small_fit(x, y, run);
    const auto left = own.squares / static_cast<double>(run - 2);
    if (left > 4 * variance || (displaced && left > off_squares / 4)) return;
    if (!can_be_followed(FineNanos{own.slope})) {
        ++counts_.absurd;
        locked_ = false;
        begin_at(newest_);
        return;
    }
    const auto move = begin_of_move(x, y, run);
    if (move.numbering == Numbering::counted) count_from(move.clocks, own.slope);
    ++counts_.moves;
    rebuild(move.clocks);
}

// The newest clocks get successive numbers after those before them.
void PulseTracker::count_from(std::size_t clocks, double period) noexcept {
    auto first = arrival(clocks - 1).number;
    auto lost = arrival(clocks - 1).lost;
    if (clocks < since_begin_) {
        const auto& before = arrival(clocks);
        const auto gap = static_cast<double>((arrival(clocks - 1).heard - before.heard).count());
        // One that was found lost at this very place stays so where the gap fits its count.
        const auto steps_then = arrival(clocks - 1).number - before.number;
        const auto fits = std::abs(gap / period - static_cast<double>(steps_then)) < 0.25;
        const auto steps = fits                 ? std::max(steps_then, std::int64_t{1})
                           : gap > 2.5 * period ? std::llround(gap / period)
                                                : std::int64_t{1};
        first = before.number + steps;
        lost = before.lost + static_cast<std::uint64_t>(steps - 1);
    }
    for (std::size_t i = 0; i < clocks; ++i) {
        arrival(i).number = first + static_cast<std::int64_t>(clocks - 1 - i);
        arrival(i).lost = lost;
    }
    counts_.lost = lost;
}

// The first clocks were counted one by one. Where one of them lost or doubled, or two lost, explain
// their times far better, it was so.
void PulseTracker::mend_early() noexcept {
    const auto n = since_begin_;
    if (n < kFewest || n > kMendUntil) return;
    Points x{};
    Points y{};
    for (std::size_t i = 0; i < n; ++i) {
        const auto& one = arrival(n - 1 - i);
        x[i] = static_cast<double>(one.number - arrival(n - 1).number);
        y[i] = static_cast<double>((one.heard - arrival(n - 1).heard).count());
    }
    const auto shifted = [&](auto numbers, std::size_t from, int by) {
        for (auto i = from; i < n; ++i) numbers[i] += by;
        return numbers;
    };
    const auto likelihood = [&](const Points& numbers) {
        // Jitter as it was is worth four clocks: eight clocks have some order of losses that fits
        // them by chance.
        constexpr double kWorth = 4;
        const auto before = jitter_before_.deviation().count();
        const auto squares = small_fit(numbers, y, n).squares + kWorth * before * before;
        return -(static_cast<double>(n) + kWorth) / 2 * std::log(squares);
    };
    const auto plain = likelihood(x);
    const auto perfect = likelihood(y);  // on a line, whatever it takes
    const auto doubtful = perfect - plain > kMendOdds;
    auto best = plain;
    auto mended = x;
    const auto consider = [&](const Points& numbers, double odds) {
        const auto found = likelihood(numbers) - odds;
        if (found <= best) return;
        best = found;
        mended = numbers;
    };
    for (std::size_t j = 1; doubtful && j < n; ++j) {
        if (x[j] - x[j - 1] >= 1) consider(shifted(x, j, -1), kMendOdds);
        const auto one = shifted(x, j, 1);
        consider(one, kMendOdds);
        for (auto k = j; k < n; ++k) consider(shifted(one, k, 1), 2 * kMendOdds);
    }
    if (best > plain) {
        const auto first = arrival(n - 1).number;
        auto lost = arrival(n - 1).lost;
        for (std::size_t i = 1; i < n; ++i) {
            auto& one = arrival(n - 1 - i);
            const auto step = std::llround(mended[i] - mended[i - 1]);
            if (step > 1) lost += static_cast<std::uint64_t>(step - 1);
            if (step == 0 && x[i] != x[i - 1]) ++counts_.doubled;
            one.number = first + std::llround(mended[i]);
            one.lost = lost;
        }
        counts_.lost = lost;
    }
    if (best > plain || n == kFewest) {
        jitter_ = jitter_before_;
        for (auto i = n; i-- > 0;) learn_jitter(i);
    }
    if (best > plain) rebuild(n);
}

// A new line from the newest arrivals.
void PulseTracker::rebuild(std::size_t arrivals) noexcept {
    since_begin_ = arrivals;
    newest_ = arrival(0).number;
    off_run_ = 0;
    fit_.clear(std::nullopt);
    for (auto i = arrivals; i-- > 0;) {
        // Of two for one number the first.
        if (i + 1 < arrivals && arrival(i).number == arrival(i + 1).number) continue;
        fit_.append(arrival(i).number, arrival(i).heard, BeatFit::Trust::full);
    }
    fit_.fit(jitter());
    for (std::size_t i = 0; i < arrivals; ++i)
        arrival(i).off = line().offset(arrival(i).number, arrival(i).heard);
}

}  // namespace fusion
