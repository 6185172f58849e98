// Which clock a MIDI clock is. The wire only says "a clock"; some are lost, some come twice, some
// come late. A clock gets the number whose place on the line of the clocks before it (beat_fit.hpp)
// is nearest, not the number after the last one, so that a loss does not shift the song; the number
// after the last one is only preferred by as much as a loss is rare. At 400 BPM, where ±3 ms of
// jitter is half a period, that keeps jitter from being taken for losses.
//
// Where the newest six clocks lie off the line but on one of their own, the master has moved: the
// count goes on clock by clock, and the line is begun anew from them. A single clock that lies off
// is an outlier: it is numbered, but not fitted.
//
// Thread: clock. Realtime: yes. Errors: what is odd is counted.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "engine/realtime/follow/beat_fit.hpp"

namespace fusion {

struct PulseCounts {
    std::uint64_t clocks = 0;      // heard and numbered
    std::uint64_t lost = 0;        // numbers that no clock came for
    std::uint64_t doubled = 0;     // a second clock for one number
    std::uint64_t outliers = 0;    // numbered, not fitted
    std::uint64_t misordered = 0;  // stamped at or before the clock before: ignored
    std::uint64_t absurd = 0;      // times that a period under 4 ms or over 250 ms was refused
    std::uint64_t moves = 0;       // times that the line was begun anew from six clocks
};

class PulseTracker {
public:
    // After a silence as long as this the phase is not believed, only the tempo.
    static constexpr Nanos kForgetPhase{std::chrono::seconds{2}};

    enum class Verdict : std::uint8_t {
        ignored,
        on_the_line,
        off_the_line,
        doubled,
        first_of_line  // begun anew with this clock
    };

    // Within 73 years of the clock's beginning, so that no difference overflows.
    [[nodiscard]] static TimePoint bounded(TimePoint time) noexcept {
        constexpr TimePoint kEnd{Nanos{std::int64_t{1} << 61}};
        constexpr TimePoint kStart{-kEnd.time_since_epoch()};
        return time < kStart ? kStart : (kEnd < time ? kEnd : time);
    }

    FUSION_RT Verdict hear(TimePoint heard) noexcept;
    // The clock that was just heard has this number and begins a new grid; the tempo is kept until
    // the clocks contradict it.
    FUSION_RT void begin_at(ClockNumber number) noexcept;

    [[nodiscard]] bool begun() const noexcept { return counts_.clocks > 0; }
    // A tempo was measured, now or before.
    [[nodiscard]] bool knows_tempo() const noexcept { return settled() || measured_.has_value(); }
    // Clocks are numbered by their phase.
    [[nodiscard]] bool settled() const noexcept { return fit_.size() >= kFewest; }
    [[nodiscard]] bool locked() const noexcept { return locked_; }
    [[nodiscard]] const BeatLine& line() const noexcept { return fit_.line(); }
    [[nodiscard]] ClockNumber newest() const noexcept { return newest_; }
    [[nodiscard]] TimePoint newest_heard() const noexcept { return heard_; }
    // Without a clock for this long, the master has fallen silent.
    [[nodiscard]] FUSION_RT Nanos silence() const noexcept;
    [[nodiscard]] FineNanos jitter() const noexcept { return jitter_.deviation(); }
    // How far off the line a clock may lie.
    [[nodiscard]] FUSION_RT FineNanos gate(ClockNumber number) const noexcept;
    [[nodiscard]] std::size_t window() const noexcept { return fit_.window(); }
    [[nodiscard]] const PulseCounts& counts() const noexcept { return counts_; }

private:
    // A loss is believed when it explains the clock better than its absence by this much in
    // log-likelihood: about 1 clock in 50.
    static constexpr double kLossIsRare = 4.0;
    static constexpr std::size_t kFewest = 8;     // clocks, until a tempo is believed
    static constexpr std::size_t kRun = 6;        // clocks that may begin a line
    static constexpr std::size_t kRemember = 32;  // arrivals, for a look back

    struct Arrival {
        ClockNumber number;
        TimePoint heard;
        FineNanos off{0};
        std::uint64_t lost = 0;  // counts_.lost as it was then
    };

    enum class Numbering : std::uint8_t { as_it_was, counted };
    struct Move {
        std::size_t clocks;  // since it began
        Numbering numbering;
    };
    using Points = std::array<double, kRemember>;

    [[nodiscard]] Arrival& arrival(std::size_t back) noexcept {
        return arrivals_[(arrival_head_ + kRemember - back) % kRemember];
    }
    FUSION_RT void note(ClockNumber number, TimePoint heard, FineNanos off) noexcept;
    [[nodiscard]] FUSION_RT bool in_order(TimePoint heard) noexcept;
    FUSION_RT void begin_line(ClockNumber number) noexcept;
    [[nodiscard]] FUSION_RT Verdict hear_after_silence(Nanos gap) noexcept;
    FUSION_RT void hear_early() noexcept;
    [[nodiscard]] FUSION_RT Verdict hear_settled() noexcept;
    [[nodiscard]] FUSION_RT Verdict hear_double(ClockNumber number, FineNanos off) noexcept;
    [[nodiscard]] FUSION_RT ClockNumber number_of(TimePoint heard) const noexcept;
    // pulse_numbers.cpp
    FUSION_RT void mend_newest() noexcept;
    FUSION_RT void mend_early() noexcept;
    [[nodiscard]] FUSION_RT std::size_t odd_run(const Points& counted,
                                                const Points& times) noexcept;
    [[nodiscard]] FUSION_RT Move begin_of_move(const Points& counted, const Points& times,
                                               std::size_t run) noexcept;
    FUSION_RT void count_from(std::size_t clocks, double period) noexcept;
    FUSION_RT void follow_move() noexcept;
    FUSION_RT void rebuild(std::size_t arrivals) noexcept;
    // pulse_tracker.cpp
    FUSION_RT void learn_jitter(std::size_t back) noexcept;
    FUSION_RT void judge() noexcept;

    BeatFit fit_;
    JitterEstimate jitter_;
    JitterEstimate jitter_before_;  // as it was when the line began
    PulseCounts counts_;
    std::array<Arrival, kRemember> arrivals_{};
    std::size_t arrival_head_ = kRemember - 1;
    std::size_t since_begin_ = 0;  // arrivals on this line, at most kRemember
    ClockNumber newest_{0};
    TimePoint heard_{};
    std::optional<FineNanos> measured_;  // the last period that was locked to
    std::int64_t off_run_ = 0;           // clocks in a row off the line; negative: too early
    std::size_t misordered_run_ = 0;
    bool locked_ = false;
};

}  // namespace fusion
