// Plays the clock's messages on an instrument, block by block of a sound card or of a file: each at
// the frame of the block that its deadline names, in the order in which they were sent. What comes
// after its frame begins at once and is counted; note-ons that are over kTooLate late are left out,
// so that there is no burst of old notes after the card stood still.
//
// It can be hushed: notes end, what rings is faded out, and messages are followed unheard until it
// sounds again. Where nothing has sounded for a while nothing is rendered either.
//
// Thread: the one that fills blocks (a sound card's); counters any. Realtime: yes, the whole class.
// Errors: none; what goes wrong is counted.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "daemon/midi/frame_time.hpp"
#include "daemon/synth/casting.hpp"
#include "engine/base/spsc_queue.hpp"

namespace fusion {

// Both sides are of one length and hold zeros.
struct SoundBlock {
    TimePoint begins;
    SampleRate rate;
    std::span<float> left, right;
};

struct BlockCounters {
    std::atomic<std::uint64_t> played{0};    // note-ons that were heard
    std::atomic<std::uint64_t> late{0};      // messages that came after their frame
    std::atomic<std::int64_t> most_late{0};  // frames
    std::atomic<std::uint64_t> left_out{0};  // note-ons that were too late
};

class BlockPlayer {
public:
    static constexpr Nanos kTooLate{std::chrono::milliseconds{100}};
    enum class Hush : bool { no, yes };

    // What `queue` holds comes in the order of deadlines. All outlive it; the end of the queue is
    // its own as long as it lives.
    BlockPlayer(Consumer<TimedMessage>& queue, Instrument& instrument, BlockCounters& counters)
        : queue_{queue}, instrument_{instrument}, casting_{instrument}, counters_{counters} {}

    FUSION_RT void obey(const SynthSettings& settings) noexcept;
    FUSION_RT void hush(Hush hush) noexcept;
    FUSION_RT void render(const SoundBlock& block) noexcept;

    // Whether anything can still be heard.
    [[nodiscard]] FUSION_RT bool rings() const noexcept { return rests_for_ < kTail; }

private:
    // In which the reverb dies away, after the last note has.
    static constexpr std::int64_t kTail = std::int64_t{3} * 48000;

    FUSION_RT bool take() noexcept;
    FUSION_RT void play(const TimedMessage& message, Frames late, SampleRate rate) noexcept;
    FUSION_RT void sound(const SoundBlock& block, Frames from, Frames to) noexcept;
    [[nodiscard]] FUSION_RT float next_gain(SampleRate rate) noexcept;

    Consumer<TimedMessage>& queue_;
    TimedMessage next_{};  // taken from the queue, its frame not reached
    bool has_next_ = false;
    Instrument& instrument_;
    Casting casting_;
    Hush hush_ = Hush::no;
    float volume_ = 1.0F;
    float gain_ = 0.0F;  // on its way to the volume, or to nothing
    float reverb_ = -1.0F;
    std::int64_t rests_for_ = kTail;  // frames since a note was last heard
    BlockCounters& counters_;
};

}  // namespace fusion
