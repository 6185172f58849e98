#include "engine/realtime/clock/clock_pulses.hpp"

#include <algorithm>

namespace fusion {
namespace {

constexpr Ticks kSixteenth{kTicksPerBeat.count() / 4};
constexpr std::int64_t kMostSixteenths = 16384;  // what 14 bits count
constexpr Nanos kPassedOver{std::chrono::milliseconds{100}};
constexpr Ticks kAstray{2 * kTicksPerBeat.count()};

FUSION_RT Ticks round_up(Ticks tick, Ticks unit) noexcept {
    const auto rest = ((tick.count() % unit.count()) + unit.count()) % unit.count();
    return rest == 0 ? tick : tick + unit - Ticks{rest};
}

}  // namespace

void ClockPulses::switch_on(Ticks reached, bool running, Ticks song_offset,
                            TimePoint now) noexcept {
    on_ = true;
    playing_ = running;
    song_offset_ = song_offset;
    announce_at_ = kNever;
    next_pulse_ = round_up(reached + Ticks{1}, kPulse);
    if (!running) return;
    // At the next sixteenth that leaves time for the notice.
    const auto song = round_up(next_pulse_ + song_offset_ + kPulse, kSixteenth);
    at_once(
        song_position(static_cast<unsigned>(song.count() / kSixteenth.count() % kMostSixteenths)),
        now);
    announcement_ = kMidiContinue;
    announce_at_ = song - song_offset_ - kPulse + Ticks{1};
}

void ClockPulses::switch_off(TimePoint now) noexcept {
    if (playing_) at_once(kMidiStop, now);
    on_ = playing_ = false;
    announce_at_ = kNever;
}

void ClockPulses::started(Ticks line, Ticks song, const Timeline& timeline,
                          TimePoint now) noexcept {
    next_pulse_ = round_up(line, kPulse);
    song_offset_ = song - line;
    playing_ = true;
    if (on_) announce(line, song, timeline, now);
}

void ClockPulses::announce(Ticks line, Ticks song, const Timeline& timeline,
                           TimePoint now) noexcept {
    auto begin = line;
    announcement_ = kMidiStart;
    if (song != Ticks{0}) {
        const auto place = round_up(std::max(song, Ticks{0}), kSixteenth);
        begin = line + (place - song);
        // A song longer than 14 bits of sixteenths (1,024 bars of 4/4) begins again at 0.
        at_once(song_position(
                    static_cast<unsigned>(place.count() / kSixteenth.count() % kMostSixteenths)),
                now);
        announcement_ = kMidiContinue;
    }
    announce_at_ = std::min(timeline.tick_at(timeline.time_at(begin) - kNotice), begin - Ticks{1});
}

void ClockPulses::stopped(TimePoint now) noexcept {
    if (on_ && playing_) at_once(kMidiStop, now);
    playing_ = false;
    announce_at_ = kNever;
}

void ClockPulses::keep_up(Ticks reached, const Timeline& timeline, TimePoint now) noexcept {
    if (!on_) return;
    const bool behind = next_pulse_ + kAstray < reached ||
                        timeline.time_at(reached) - timeline.time_at(next_pulse_) > kPassedOver;
    const bool ahead = !playing_ && reached + kAstray < next_pulse_;
    if (!behind && !ahead) return;
    next_pulse_ = round_up(reached + Ticks{1}, kPulse);
    if (!playing_) return;
    at_once(kMidiStop, now);
    switch_on(reached, true, song_offset_, now);
}

Ticks ClockPulses::next() const noexcept {
    return on_ ? std::min(next_pulse_, announce_at_) : kNever;
}

void ClockPulses::perform(const Timeline& timeline) noexcept {
    if (announce_at_ <= next_pulse_) {
        output_.pass(announcement_, timeline.time_at(announce_at_), NoteOutput::Pace::scheduled);
        announce_at_ = kNever;
        return;
    }
    output_.pass(kMidiClock, timeline.time_at(next_pulse_), NoteOutput::Pace::scheduled);
    next_pulse_ += kPulse;
}

void ClockPulses::at_once(const MidiMessage& message, TimePoint now) noexcept {
    output_.pass(message, now, NoteOutput::Pace::at_once);
}

}  // namespace fusion
