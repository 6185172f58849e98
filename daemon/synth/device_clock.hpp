// When the blocks of a sound card begin, in the daemon's time.
//
// DeviceClock: all that is known of a card is when its thread was woken for a block, and how long
// the blocks are. It is never woken early, so of the
// last blocks the one that was woken most promptly says where the card's frames lie in time, and
// all others are counted from there. (Each block from its own wake would carry the jitter of every
// wake into the onsets: 5 ms and more on a busy machine.)
//
// A block that the card has lost is not told by anybody: from then on every wake comes later by one
// block, which is believed when no wake has been more prompt for two windows. So for half a second
// after a lost block onsets come early in the card's frames, late by the listener's clock, by that
// block.
//
// CycleClock: where the card is a JACK server of which our MIDI port is a client too, the blocks
// are the cycles that FrameTime is told of, and their beginnings are exact. What is not known is
// whether the port has had its turn in this cycle: the newest cycle is this one or the one before.
//
// Thread: the card's. Realtime: yes. Errors: none.
#pragma once

#include "daemon/midi/frame_time.hpp"

namespace fusion {

class DeviceClock {
public:
    // Long enough that one wake in it is prompt on a loaded machine too.
    static constexpr Nanos kWindow{std::chrono::milliseconds{250}};

    explicit DeviceClock(SampleRate rate) : grid_{TimePoint{}, rate} {}

    // A block of that length, for which the thread was woken at `woken`: when it begins.
    FUSION_RT TimePoint begin_block(TimePoint woken, Frames length) noexcept;
    [[nodiscard]] FUSION_RT Nanos length_of(Frames frames) const noexcept {
        return grid_.length_of(frames);
    }
    [[nodiscard]] SampleRate rate() const noexcept { return grid_.rate(); }

private:
    FrameGrid grid_;  // frame 0 is the first that this was told of
    Frames counted_{0};
    // How far wakes were behind the count of frames, when the thread was most prompt.
    Nanos this_window_ = Nanos::max();
    Nanos window_before_ = Nanos::max();
    TimePoint window_ends_ = TimePoint::min();
};

class CycleClock {
public:
    // Of the cycles that FrameTime knows; `newest` has a length.
    FUSION_RT TimePoint begin_block(const FrameTime::Newest& newest, TimePoint now) noexcept;

private:
    TimePoint next_{};
};

}  // namespace fusion
