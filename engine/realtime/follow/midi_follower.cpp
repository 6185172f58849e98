#include "engine/realtime/follow/midi_follower.hpp"

#include <algorithm>
#include <cmath>

namespace fusion {
namespace {

constexpr std::uint8_t kSongPosition = 0xF2;
constexpr std::uint8_t kClock = 0xF8;
constexpr std::uint8_t kStart = 0xFA;
constexpr std::uint8_t kContinue = 0xFB;
constexpr std::uint8_t kStop = 0xFC;
constexpr std::int64_t kClocksPerPosition = 6;  // a sixteenth note

}  // namespace

SyncReading MidiFollower::read(TimePoint now) noexcept {
    expect_thread(ThreadRole::clock);
    TimedMessage timed;
    for (int i = 0; i < kMostPerRead && queue_.try_pop(timed); ++i) hear(timed);

    SyncReading reading;
    reading.state = state(now);
    reading.song = song(now);
    reading.knows_bars = knows_bars_;
    reading.has_transport = transport_ != Transport::never;
    reading.playing = transport_ == Transport::playing || transport_ == Transport::expected;
    reading.locates = locates_;
    reading.from = kTicksPerClock * from_;
    return reading;
}

void MidiFollower::hear(const TimedMessage& timed) noexcept {
    const auto heard = PulseTracker::bounded(timed.deadline);
    switch (timed.message.bytes()[0]) {
        case kClock: hear_clock(timed.deadline); break;
        case kStart:
            next_position_.reset();
            go_on_from(0, heard);
            break;
        case kContinue:
            if (!next_position_ && transport_ != Transport::stopped &&
                transport_ != Transport::never)
                break;  // it does go on
            go_on_from(next_position_.value_or(position_), heard);
            next_position_.reset();
            break;
        case kStop: stop(heard); break;
        case kSongPosition: hear_position(timed.message); break;
        default: break;
    }
}

void MidiFollower::hear_clock(TimePoint heard) noexcept {
    const auto verdict = pulse_.hear(heard);
    if (verdict == PulseTracker::Verdict::ignored) return;
    if (transport_ == Transport::awaiting) {
        place(pulse_.newest());
        transport_ = Transport::playing;
    } else if (transport_ == Transport::expected) {
        // The first clock after a start is its place, whatever was predicted; but where it fits the
        // line and others should have come before it, those were lost.
        const auto fits = verdict == PulseTracker::Verdict::on_the_line;
        if (!fits) {
            // The master begins its grid anew with the start, as many do.
            pulse_.begin_at(placed_);
        } else if (pulse_.newest() < placed_) {
            placed_ = pulse_.newest();
            zero_ = placed_ + -from_;
        }
        transport_ = Transport::playing;
    }
}

void MidiFollower::go_on_from(std::int64_t clocks, TimePoint heard) noexcept {
    from_ = clocks;
    position_ = clocks;
    transport_ = Transport::awaiting;
    if (!pulse_.settled() || silent(heard)) return;
    // The next clock, by count; where the line says that it should have come long ago, it was lost.
    const auto period = pulse_.line().period.count();
    const auto next = pulse_.newest() + 1;
    const auto patience = std::min(0.45, pulse_.gate(next).count() / period);
    const ClockNumber due{std::llround(std::ceil(pulse_.line().position(heard) - patience))};
    place(std::max(next, due));
    transport_ = Transport::expected;
}

void MidiFollower::place(ClockNumber at) noexcept {
    placed_ = at;
    zero_ = at + -from_;
    knows_bars_ = true;
    ++locates_;
}

void MidiFollower::stop(TimePoint heard) noexcept {
    if (transport_ == Transport::playing) {
        // The next clock's place is where it stopped; nearer to the one after that, one was lost,
        // or the clock had fallen silent.
        auto next = pulse_.newest() + 1;
        if (pulse_.settled())
            next = std::max(next, ClockNumber{std::llround(pulse_.line().position(heard))});
        position_ = next - zero_;
    }
    transport_ = Transport::stopped;
    if (next_position_) position_ = *next_position_;
    next_position_.reset();
}

void MidiFollower::hear_position(const MidiMessage& message) noexcept {
    const std::int64_t told = message.bytes()[1] | (message.bytes()[2] << 7U);
    // Masters may send a position while they play, and go on playing where they were until a
    // continue says from where it counts (the MIDI specification allows a position only while
    // stopped). To jump at once would tear the line at a moment that the master did not mean.
    if (transport_ == Transport::stopped || transport_ == Transport::never)
        position_ = told * kClocksPerPosition;
    else
        next_position_ = told * kClocksPerPosition;
}

bool MidiFollower::silent(TimePoint now) const noexcept {
    return !pulse_.begun() || now - pulse_.newest_heard() > pulse_.silence();
}

bool MidiFollower::runs() const noexcept {
    return transport_ != Transport::stopped && transport_ != Transport::awaiting;
}

SyncState MidiFollower::state(TimePoint now) const noexcept {
    if (!pulse_.begun()) return SyncState::waiting;
    if (silent(now)) {
        if (!pulse_.knows_tempo()) return SyncState::waiting;
        if (runs()) return SyncState::freewheeling;
        if (now - pulse_.newest_heard() > PulseTracker::kForgetPhase) return SyncState::waiting;
    }
    return pulse_.locked() ? SyncState::locked : SyncState::locking;
}

Timeline MidiFollower::song(TimePoint now) const noexcept {
    const auto& line = pulse_.line();
    if (runs()) return {kTicksPerClock * (line.at - zero_), line.when, line.tempo()};
    const ClockNumber latest{std::llround(std::floor(line.position(now)))};
    return {kTicksPerClock * position_, line.time_of(latest), line.tempo()};
}

}  // namespace fusion
