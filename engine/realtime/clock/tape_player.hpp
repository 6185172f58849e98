// The tape (crossing/tape_link.hpp) on its way to the port: each message at its place after the
// moment that the run began, through the same ledger as the line's, so that whatever ends it, every
// note-on gets its note-off. While it plays the line stands.
//
// What comes too late for anybody to want to hear it does not begin, and what is to end ends. Where
// nothing more comes though the tape is not at its end, what sounds ends, and the tape goes on in
// its time when something does.
// Thread: clock. Realtime: yes. Errors: what the sink refuses is counted by the output.
#pragma once

#include <limits>
#include <optional>
#include <utility>

#include "engine/base/time_source.hpp"
#include "engine/realtime/clock/note_output.hpp"
#include "engine/realtime/crossing/tape_link.hpp"

namespace fusion {

class TapePlayer {
public:
    static constexpr TimePoint kNever = TimePoint::max();

    // None: there is no tape, and nothing here does anything. Both others outlive it.
    TapePlayer(std::optional<TapeLink> link, NoteOutput& output, const TimeSource& time)
        : link_{std::move(link)}, output_{output}, time_{time} {}

    // What control wants, before the transport is looked at.
    FUSION_RT void obey(TimePoint now) noexcept;
    // The line is not to run.
    [[nodiscard]] FUSION_RT bool plays() const noexcept { return plays_; }
    // While it is muted no note begins.
    FUSION_RT void mute(bool muted) noexcept { muted_ = muted; }
    // A panic, which silences the port: it plays no more.
    FUSION_RT void hush(TimePoint now) noexcept;

    // Does all that is due at `now`. Returns when the next thing is due, kNever when nothing is.
    FUSION_RT TimePoint turn(TimePoint now) noexcept;

private:
    FUSION_RT void stop(TimePoint now) noexcept;
    // All that sounds ends, pedals go up, and what was bent is straight.
    FUSION_RT void quieten(TimePoint when, NoteOutput::Pace pace) noexcept;
    // Whether `next_` is of this run.
    [[nodiscard]] FUSION_RT bool take() noexcept;
    FUSION_RT void perform(const TapeEvent& event, TimePoint due, TimePoint now) noexcept;
    FUSION_RT void play(const MidiMessage& message, TimePoint due, TimePoint now) noexcept;
    FUSION_RT void tell(TapeHead::State state, TimePoint now) noexcept;

    std::optional<TapeLink> link_;
    NoteOutput& output_;
    const TimeSource& time_;
    TapeOrder order_;
    TapeEvent next_;  // taken from the queue, its time not reached
    bool has_next_ = false;
    bool plays_ = false;
    bool begun_ = false;
    bool muted_ = false;
    TimePoint origin_{};          // when the tape's beginning was, or would have been
    Nanos sent_to_{0};            // all before it has come
    std::uint32_t channels_ = 0;  // bit c: this run used channel c
};

}  // namespace fusion
