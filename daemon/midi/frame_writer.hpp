// Lays the clock's messages on the frames of a period: each at the very frame that its deadline
// names, together with what passes through from the input, in the order of their frames. This is
// the native JACK output without JACK.
//
// A message whose frame is past goes out at the first frame that is left, counted as late; where it
// is over kTooLate late (the server stood still) only note-offs and controllers still do, so that
// there is no burst of old notes. A message for which the period has no room opens the next one.
// So does what was to end a note or to quiet a channel: it is owed, and goes before everything
// else, so that it can cut nothing that began after it. Anything else from the input is lost, and
// counted.
//
// Thread: the one that writes periods (JACK's); counters any. Realtime: yes, the whole class.
// Errors: none; everything that goes wrong is counted.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "daemon/midi/frame_time.hpp"
#include "daemon/midi/last_ends.hpp"
#include "engine/base/spsc_queue.hpp"
#include "engine/music/note_ledger.hpp"

namespace fusion {

// A period's room for messages: JACK's port buffer, or a test's.
class PeriodBuffer {
public:
    // `offset` from the beginning of the period, never less than the one before. False: no room.
    FUSION_RT virtual bool write(Frames offset, std::span<const std::uint8_t> bytes) noexcept = 0;

protected:
    ~PeriodBuffer() = default;
};

struct WriterCounters {
    std::atomic<std::uint64_t> late{0};        // written after their frame
    std::atomic<std::int64_t> most_late{0};    // frames
    std::atomic<std::uint64_t> kept_over{0};   // periods without room for all that was due
    std::atomic<std::uint64_t> too_late{0};    // left out
    std::atomic<std::uint64_t> not_passed{0};  // from the input, there was no room
    std::atomic<std::uint64_t> again{0};       // note-offs written again
    std::atomic<std::uint64_t> doubts{0};      // periods that began with one
    // Program changes, in doubt: whoever listens may not know them.
    std::atomic<std::uint32_t> programs_lost{0};
};

class FrameWriter {
public:
    static constexpr Nanos kTooLate{std::chrono::milliseconds{100}};
    // Which channels are told to be quiet beside those whose notes are ended.
    enum class Quiet : std::uint8_t { used_channels, all_channels };

    // What `queue` holds comes in the order of deadlines.
    explicit FrameWriter(Consumer<TimedMessage> queue) : queue_{std::move(queue)} {}

    // A period: begin, then silence where wanted, then pass for each message of the input in its
    // order, then end.
    FUSION_RT void begin(const FrameTime::Period& period, PeriodBuffer& buffer) noexcept;
    // One of the last periods may not have been heard, or none of those to come for a while. (A gap
    // between two periods is seen here.) Before begin().
    FUSION_RT void doubt() noexcept { ends_.doubt(); }
    // A note-off for each note that sounds, then pedal, notes and sound off: a receiver has just
    // come, and nobody knows what it heard last.
    FUSION_RT void silence(Quiet channels) noexcept;
    FUSION_RT void pass(Frames offset, const MidiMessage& message) noexcept;
    // Ends the notes that passed through and have not been ended by the input.
    FUSION_RT void end_passed() noexcept;
    FUSION_RT void end() noexcept;

    // Forgets what waits, and what was in doubt; how many messages waited. No period is being
    // written.
    std::uint64_t forget() noexcept;

    // Whether end() has left nothing waiting and nothing owed; nothing in doubt either. Thread:
    // any.
    [[nodiscard]] bool empty() const noexcept {
        return empty_.load(std::memory_order_acquire);  // partner: end()
    }
    [[nodiscard]] bool settled() const noexcept {
        return settled_.load(std::memory_order_acquire);  // partner: end()
    }
    [[nodiscard]] const WriterCounters& counters() const noexcept { return counters_; }

private:
    // Of one origin.
    struct Voices {
        NoteLedger sounding;
        NoteLedger owed;  // of those that sound: their note-offs have found no room yet
    };

    FUSION_RT bool put(Frames offset, const MidiMessage& message) noexcept;
    // put(), and before it the end of what would else sound twice.
    FUSION_RT bool put_after_its_end(Frames offset, const MidiMessage& message) noexcept;
    // Writes what is due before the offset `end`, as far as there is room.
    FUSION_RT void write_own(Frames end) noexcept;
    FUSION_RT bool take() noexcept;
    [[nodiscard]] FUSION_RT Frames offset_of(const TimedMessage& message) const noexcept;
    FUSION_RT void remember(Voices& voices, const MidiMessage& message) noexcept;
    // Owes what `message`, from the input and without room, would have ended.
    FUSION_RT void owe_end(const MidiMessage& message) noexcept;
    FUSION_RT void owe(NoteLedger& owed, const MidiMessage& off) noexcept;
    // Writes what is owed, as far as there is room.
    FUSION_RT void pay() noexcept;
    FUSION_RT void pay(Voices& voices) noexcept;
    FUSION_RT void say_ends_again() noexcept;
    FUSION_RT void count_late(Frames by) noexcept;

    Consumer<TimedMessage> queue_;
    TimedMessage next_{};  // taken from the queue, its frame not reached
    bool has_next_ = false;

    FrameTime::Period period_{{TimePoint{}, SampleRate{1}}, Frames{0}, Frames{0}};
    bool is_first_ = true;
    PeriodBuffer* buffer_ = nullptr;
    Frames written_{0};  // the offset of the newest
    bool full_ = false;

    Voices own_;
    Voices passed_;
    std::uint32_t used_channels_ = 0;  // bit c: channel c
    Quieting owed_quieting_;
    LastEnds ends_;
    Ends again_;               // of those, what has found no room
    bool says_again_ = false;  // in this period
    bool owes_ = false;

    std::atomic<bool> empty_{true};
    std::atomic<bool> settled_{true};
    WriterCounters counters_;
};

}  // namespace fusion
