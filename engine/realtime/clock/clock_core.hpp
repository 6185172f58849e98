// What the clock thread does in one turn, without the thread: takes in new steps and controls,
// commits and plays what is due, and says when it wants to be called again.
//
// The transport is `waiting` (at tick 0 for the first step of a line), `running` or `stopped`
// (its position kept). While it runs, four kinds of things fall due in the order of their ticks:
// the end of a sounding note, a beat, the next step with the parts that play beside it, and, where
// that has not come (an underrun), the line of the last bar once more, then silence until it goes
// on.
//
// A step follows the step before it wherever that came to lie; only a placed step has a place of
// its own. A step that is over 100 ms late (the machine slept) is not played but stays part of the
// line, so that the grid goes on without a burst of notes.
//
// Another may own the tempo (`sync`): the line's time line is then that of the song that is
// followed (song_follow.hpp). Notes swing on the way to the port, then lean as a hand does; beats,
// MIDI clock and the place of the next step do neither. A hand never puts a step before the one
// before it, nor before a start; one that would be earlier than what is past already (its step has
// just come) comes at the next tick, and no later than on the grid.
//
// Thread: clock (or the one thread of a test or an offline render). Realtime: yes, the whole class.
// Errors: everything that goes wrong is counted in the meters and told to the RT log.
#pragma once

#include <algorithm>
#include <limits>

#include "engine/base/semaphore.hpp"
#include "engine/base/spsc_queue.hpp"
#include "engine/base/triple_buffer.hpp"
#include "engine/music/swing.hpp"
#include "engine/music/timeline.hpp"
#include "engine/params/snapshot.hpp"
#include "engine/realtime/clock/clock_notes.hpp"
#include "engine/realtime/clock/clock_pulses.hpp"
#include "engine/realtime/clock/commit_horizon.hpp"
#include "engine/realtime/clock/last_bar.hpp"
#include "engine/realtime/clock/song_follow.hpp"
#include "engine/realtime/crossing/played_event.hpp"

namespace fusion {

class ClockCore {
public:
    struct Links {
        Consumer<StepMessage> steps;
        Producer<CommitNote> commits;
        Producer<PlayedEvent> played;
        SnapshotReader<ParamSnapshot> params;
        PlayHead& head;
        Semaphore& wake_planner;
        MidiSink& sink;
        const TimeSource& time;
        EngineMeters& meters;
        RtLog& log;
        SongFollow::Sources sync{};
    };

    static constexpr Nanos kTooLate{std::chrono::milliseconds{100}};
    static constexpr TimePoint kNever = TimePoint::max();

    explicit ClockCore(Links links);

    // Does all that is due at `now`. Returns when the next thing is due, kNever when nothing is.
    FUSION_RT TimePoint turn(TimePoint now) noexcept;
    // Ends every note and silences every used channel: the last thing before the thread ends.
    FUSION_RT void silence(TimePoint now) noexcept;

    // For an offline render: no step that begins at or after `end` is played.
    void play_until(Ticks end) noexcept { end_ = end; }
    // Ends what sounds, at the tick given. Realtime: yes.
    FUSION_RT void end_notes(Ticks at) noexcept;
    [[nodiscard]] FUSION_RT TimePoint time_at(Ticks tick) const noexcept {
        return timeline_.time_at(tick);
    }
    [[nodiscard]] FUSION_RT bool running() const noexcept {
        return transport_ == Transport::running;
    }
    [[nodiscard]] FUSION_RT const NoteOutput& output() const noexcept { return output_; }

private:
    enum class Transport : std::uint8_t { waiting, running, stopped };
    enum class Due : std::uint8_t {
        note_end,
        pulse,
        beat,
        step,
        hole,
        repeat,
        repeat_end,
        nothing
    };
    struct Action {
        Due due = Due::nothing;
        Ticks tick{0};
    };
    static constexpr Ticks kNoTick{std::numeric_limits<std::int64_t>::max()};

    FUSION_RT void follow_controls(TimePoint now) noexcept;
    FUSION_RT void follow_song(TimePoint now) noexcept;
    FUSION_RT void follow_nudge(TimePoint now) noexcept;
    [[nodiscard]] FUSION_RT Timeline at_our_tempo(TimePoint when) const noexcept;
    FUSION_RT void stop(TimePoint now) noexcept;
    FUSION_RT void start(TimePoint now) noexcept;
    FUSION_RT void restart(std::uint32_t epoch, TimePoint now) noexcept;
    FUSION_RT void take_steps(TimePoint now) noexcept;
    FUSION_RT void skip_beats(TimePoint now) noexcept;

    [[nodiscard]] FUSION_RT Action next_action() const noexcept;
    [[nodiscard]] FUSION_RT Ticks start_of(const StepMessage& message) const noexcept;
    FUSION_RT void perform(const Action& action, TimePoint now) noexcept;
    FUSION_RT void commit(TimePoint now) noexcept;
    FUSION_RT void open_hole(Ticks tick) noexcept;
    FUSION_RT void repeat_step() noexcept;
    FUSION_RT void meet_lean() noexcept;
    [[nodiscard]] FUSION_RT bool sound(const Step& step,
                                       const std::array<PartNote, kMaxGenres>& parts,
                                       PlayedEvent& played, TimePoint now) noexcept;
    FUSION_RT void tell_planner(const StepMessage& message, CommitNote::Kind kind,
                                Ticks start) noexcept;
    FUSION_RT void tell(PlayedEvent::Kind kind, Ticks tick, TimePoint due) noexcept;
    FUSION_RT void push(const PlayedEvent& event) noexcept;
    FUSION_RT void publish(TimePoint now) noexcept;
    [[nodiscard]] FUSION_RT Ticks bar() const noexcept;
    [[nodiscard]] FUSION_RT Bpm own_tempo() const noexcept {
        return Bpm{params_.real(ParamId::tempo)};
    }
    // What the port gets later than its moment is late only beyond that.
    [[nodiscard]] FUSION_RT bool too_late(TimePoint due, TimePoint now) const noexcept {
        return now + std::min(output_.lead(), Nanos{0}) - due > kTooLate;
    }
    // A step that the machine slept through: sounding it now would be one of a burst. `end`: at the
    // port.
    [[nodiscard]] FUSION_RT bool over(const Step& step, Ticks end, TimePoint now) const noexcept {
        return timeline_.time_at(end) - output_.lead() < now && step.duration > Ticks{0};
    }
    // The tick at which a step of the line is heard that stands at `start`.
    [[nodiscard]] FUSION_RT Ticks heard_at(Ticks start, std::int32_t lean) const noexcept {
        const auto straight = swing_.place(start);
        const auto leaned = straight + Ticks{lean};
        return std::max({leaned, std::min(straight, earliest_), last_heard_});
    }

    Links links_;
    ParamSnapshot params_;
    NoteOutput output_;
    ClockNotes notes_;
    ClockPulses pulses_;
    SongFollow song_;
    CommitHorizon horizon_;
    LastBar last_bar_;

    Transport transport_ = Transport::waiting;
    std::uint32_t epoch_;
    std::uint32_t panics_;
    std::uint32_t receivers_;
    bool asked_to_play_ = false;
    Timeline timeline_;       // while not running, the pulses' alone
    bool following_ = false;  // timeline_ is the song's
    Ticks position_{0};       // while not running
    Swing swing_;
    Nanos nudged_{0};  // of params_.nudged_ms, what has been done
    Nanos nudge_{0};   // of that, what is done upon the song

    Ticks next_start_{0};  // where the line's next step follows
    Ticks next_beat_{0};
    Ticks end_{kNoTick};
    bool in_hole_ = false;
    Ticks hole_{0};  // where the underrun began
    bool repeating_ = false;

    Ticks reached_{0};     // by this turn: what is to be handed over by now
    Ticks decided_{0};     // reached_ of the turn before
    Ticks earliest_{0};    // what a lean may no longer come before
    Ticks last_heard_{0};  // where the line's last step was heard

    TimePoint last_turn_{};
    TimePoint running_since_{};
    std::int64_t obeyed_change_ns_ = 0;
};

}  // namespace fusion
