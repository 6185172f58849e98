#include "engine/realtime/follow/pulse_tracker.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace fusion {
namespace {

constexpr double kGate = 3.5;  // standard deviations
constexpr double kLeastGate = 1.5e6;
// Locked: the period is known to 0.25%, or as well as 40 clocks tell it. At 400 BPM with ±3 ms of
// jitter that is 0.4%, and more patience would break the promise of two beats.
constexpr double kLockError = 0.0025;
constexpr std::size_t kLockLeast = 12;
constexpr std::size_t kLockMost = 40;
// Clocks at random times have a jitter of 0.58 periods in second differences; ±3 ms at 400 BPM
// 0.28.
constexpr double kTooRough = 0.42;
constexpr double kStillRough = 0.46;
constexpr std::int64_t kMotion = 3;          // clocks off the line on one side: no outliers
constexpr std::size_t kMisorderedMost = 24;  // then it is the first of them that was wrong
constexpr Nanos kEarlySilence{std::chrono::milliseconds{300}};
constexpr Nanos kLeastSilence{std::chrono::milliseconds{150}};

}  // namespace

Nanos PulseTracker::silence() const noexcept {
    if (!settled()) return kEarlySilence;
    const Nanos four{std::llround(4 * line().period.count())};
    return std::max(four, kLeastSilence);
}

FineNanos PulseTracker::gate(ClockNumber number) const noexcept {
    const auto spread = std::hypot(jitter().count(), fit_.place_error(number).count());
    return FineNanos{std::max(kGate * spread, kLeastGate)};
}

void PulseTracker::note(ClockNumber number, TimePoint heard, FineNanos off) noexcept {
    if (number - newest_ > 1 && begun())
        counts_.lost += static_cast<std::uint64_t>(number - newest_ - 1);
    arrival_head_ = (arrival_head_ + 1) % kRemember;
    arrivals_[arrival_head_] = {number, heard, off, counts_.lost};
    since_begin_ = std::min(since_begin_ + 1, kRemember);
    newest_ = number;
    ++counts_.clocks;
    // Among the first clocks one that is missing is not known yet.
    if (since_begin_ > kFewest) learn_jitter(0);
}

void PulseTracker::learn_jitter(std::size_t back) noexcept {
    if (back + 2 >= since_begin_) return;
    const auto& a = arrival(back + 2);
    const auto& b = arrival(back + 1);
    const auto& c = arrival(back);
    if (c.number - b.number == 1 && b.number - a.number == 1)
        jitter_.hear(a.heard, b.heard, c.heard);
}

bool PulseTracker::in_order(TimePoint heard) noexcept {
    const auto possible = bounded(heard) == heard;
    if (possible && (!begun() || heard > heard_)) {
        misordered_run_ = 0;
        return true;
    }
    ++counts_.misordered;
    // One stamp from far ahead must not silence all that come after it.
    if (possible && ++misordered_run_ > kMisorderedMost) {
        misordered_run_ = 0;
        heard_ = heard;
        begin_line(newest_ + 1);
    }
    return false;
}

PulseTracker::Verdict PulseTracker::hear(TimePoint heard) noexcept {
    if (!in_order(heard)) return Verdict::ignored;
    const auto gap = heard - heard_;
    heard_ = heard;
    auto verdict = Verdict::on_the_line;
    if (!begun()) {
        begin_line(ClockNumber{0});
        verdict = Verdict::first_of_line;
    } else if (gap > silence()) {
        verdict = hear_after_silence(gap);
    } else if (settled()) {
        verdict = hear_settled();
    } else {
        hear_early();
    }
    judge();
    return verdict;
}

void PulseTracker::begin_at(ClockNumber number) noexcept {
    if (!begun()) return;
    // Takes its noting back.
    arrival_head_ = (arrival_head_ + kRemember - 1) % kRemember;
    --counts_.clocks;
    counts_.lost = begun() ? arrival(0).lost : 0;
    newest_ = begun() ? arrival(0).number : number;
    begin_line(number);
}

void PulseTracker::begin_line(ClockNumber number) noexcept {
    since_begin_ = 0;
    off_run_ = 0;
    jitter_before_ = jitter_;
    note(number, heard_, FineNanos{0});
    fit_.clear(measured_);
    fit_.append(number, heard_, BeatFit::Trust::full);
    fit_.fit(jitter());
}

// Too few clocks for a phase: they are counted.
void PulseTracker::hear_early() noexcept {
    const auto number = newest_ + 1;
    note(number, heard_, line().offset(number, heard_));
    fit_.append(number, heard_, BeatFit::Trust::full);
    fit_.fit(jitter());
    if (settled()) mend_early();
}

PulseTracker::Verdict PulseTracker::hear_after_silence(Nanos gap) noexcept {
    const ClockNumber nearest{std::llround(line().position(heard_))};
    auto number = std::max(newest_ + 1, nearest);
    if (!settled() && !measured_) {
        // One clock, and then one that is no clock of any tempo. What is between them is unknown.
        ++counts_.absurd;
        number = newest_ + 1;
    }
    if (settled() && gap < kForgetPhase &&
        std::abs(line().offset(number, heard_).count()) <= gate(number).count())
        return hear_settled();
    locked_ = false;
    begin_line(number);
    return Verdict::first_of_line;
}

ClockNumber PulseTracker::number_of(TimePoint heard) const noexcept {
    const auto next = newest_ + 1;
    const auto nearest = std::max(newest_, ClockNumber{std::llround(line().position(heard))});
    const auto off_next = line().offset(next, heard).count();
    const auto off_nearest = line().offset(nearest, heard).count();
    const auto variance = std::pow(std::hypot(jitter().count(), fit_.place_error(next).count()), 2);
    const auto gain = off_next * off_next - off_nearest * off_nearest;
    return gain > 2 * variance * kLossIsRare ? nearest : next;
}

PulseTracker::Verdict PulseTracker::hear_settled() noexcept {
    const auto number = number_of(heard_);
    const auto off = line().offset(number, heard_);
    if (number <= newest_) return hear_double(number, off);
    const auto away = std::abs(off.count()) > gate(number).count();
    note(number, heard_, off);
    fit_.append(number, heard_, away ? BeatFit::Trust::none : BeatFit::Trust::full);
    if (away) {
        ++counts_.outliers;
        const auto early = off.count() < 0;
        const auto same_side = off_run_ != 0 && (off_run_ < 0) == early;
        off_run_ = (same_side ? off_run_ : 0) + (early ? -1 : 1);
        if (std::abs(off_run_) >= kMotion) {  // so these were none
            fit_.trust_newest(static_cast<std::size_t>(kMotion));
            counts_.outliers -= static_cast<std::uint64_t>(
                std::abs(off_run_) == kMotion ? kMotion : std::int64_t{1});
        }
    } else {
        off_run_ = 0;
    }
    mend_newest();
    fit_.fit(jitter());
    follow_move();
    mend_early();
    return away ? Verdict::off_the_line : Verdict::on_the_line;
}

PulseTracker::Verdict PulseTracker::hear_double(ClockNumber number, FineNanos off) noexcept {
    ++counts_.doubled;
    // The better of the two is the clock: where the first was late beyond its period, this is the
    // next one, and the first was taken for it.
    const auto better = std::abs(off.count()) < std::abs(arrival(0).off.count());
    note(number, heard_, off);
    if (better) fit_.replace_newest(heard_);
    if (better) fit_.fit(jitter());
    follow_move();
    return Verdict::doubled;
}

void PulseTracker::judge() noexcept {
    if (!settled()) return;
    if (!can_be_followed(fit_.raw_period())) {
        ++counts_.absurd;
        locked_ = false;
        begin_at(newest_);
        return;
    }
    const auto period = line().period.count();
    const auto rough = jitter().count() / period;
    if (locked_) {
        locked_ = rough <= kStillRough;
    } else {
        const auto known = fit_.period_error().count() <= kLockError * period;
        locked_ =
            rough <= kTooRough && fit_.size() >= kLockLeast && (known || fit_.size() >= kLockMost);
    }
    if (locked_) measured_ = line().period;
}

}  // namespace fusion
