// Follows a MIDI clock: F8 (clock), FA (start), FB (continue), FC (stop) and F2 (song position),
// each stamped with its arrival by the thread of the MIDI input. What a clock's number is and where
// the line of the clocks runs, pulse_tracker.hpp knows; here is the transport.
//
// The song is counted in clocks, of 40 ticks each. `zero_` is the number of the clock at song tick
// 0.
// - After a start the next clock is song tick 0, after a continue the stored position. Where clocks
//   were running, the line says at once when that will be; else the start is told (`playing`,
//   `locates`) when its first clock comes, since before it there is no place to play from.
// - While playing, or where there never was a transport, `song` counts on with the clocks, through
//   lost ones and through silence.
// - While stopped, song.tick_at(now) stays within [position, position + 40): the position stands,
// and
//   only the phase within a clock moves on, so that a pulse that is lit by it stays true.
//
// Thread: clock; hear() is for tests, which need no queue. Realtime: yes, the whole class.
// Errors: what is odd is counted.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/spsc_queue.hpp"
#include "engine/music/midi_message.hpp"
#include "engine/realtime/follow/pulse_tracker.hpp"
#include "engine/realtime/follow/sync_source.hpp"

namespace fusion {

class MidiFollower final : public SyncSource {
public:
    // 400 BPM are 160 clocks a second: what has gathered in a second of a stalled thread is through
    // within a few turns, and no turn is longer than some 64 fits.
    static constexpr int kMostPerRead = 64;

    explicit MidiFollower(Consumer<TimedMessage> heard) : queue_{std::move(heard)} {}

    [[nodiscard]] FUSION_RT SyncReading read(TimePoint now) noexcept override;
    FUSION_RT void hear(const TimedMessage& timed) noexcept;

    // Figures.
    [[nodiscard]] Bpm tempo() const noexcept { return pulse_.line().tempo(); }
    [[nodiscard]] const PulseCounts& counts() const noexcept { return pulse_.counts(); }
    // Standard deviation of one clock.
    [[nodiscard]] FineNanos jitter() const noexcept { return pulse_.jitter(); }
    // Clocks that the line now runs through.
    [[nodiscard]] std::size_t window() const noexcept { return pulse_.window(); }
    // Where a continue would go on, while stopped.
    [[nodiscard]] Ticks position() const noexcept { return kTicksPerClock * position_; }

private:
    enum class Transport : std::uint8_t {
        never,  // nothing was ever said
        stopped,
        awaiting,  // start or continue: the next clock is its place, and is not known yet
        expected,  // its place is predicted; the first clock has not come
        playing
    };

    FUSION_RT void hear_clock(TimePoint heard) noexcept;
    FUSION_RT void go_on_from(std::int64_t clocks, TimePoint heard) noexcept;
    FUSION_RT void place(ClockNumber at) noexcept;
    FUSION_RT void stop(TimePoint heard) noexcept;
    FUSION_RT void hear_position(const MidiMessage& message) noexcept;
    [[nodiscard]] FUSION_RT bool silent(TimePoint now) const noexcept;
    [[nodiscard]] FUSION_RT bool runs() const noexcept;
    [[nodiscard]] FUSION_RT SyncState state(TimePoint now) const noexcept;
    [[nodiscard]] FUSION_RT Timeline song(TimePoint now) const noexcept;

    Consumer<TimedMessage> queue_;
    PulseTracker pulse_;
    Transport transport_ = Transport::never;
    ClockNumber zero_{0};
    ClockNumber placed_{0};      // the clock that the last start or continue waits or waited for
    std::int64_t from_ = 0;      // its song position, in clocks
    std::int64_t position_ = 0;  // in clocks, while stopped
    std::optional<std::int64_t> next_position_;  // in clocks, told while playing
    std::uint32_t locates_ = 0;
    bool knows_bars_ = false;
};

}  // namespace fusion
