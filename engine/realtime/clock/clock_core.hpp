// What the clock thread does in one turn, without the thread: takes in the parameters and new
// steps, plays what is due, and says when it wants to be called again.
//
// While the transport runs (transport.hpp), five kinds of things fall due in the order of their
// ticks: the end of a sounding note, a pulse of the MIDI clock that goes out, a beat, what the line
// has next (line_player.hpp) and what the band has (band_player.hpp). While it stands, the pulses
// alone, and a tape if one is played (tape_player.hpp).
//
// Where ticks lie in real time is LineTime's to say: another may own the tempo. Notes swing on the
// way to the port, then lean as a hand does (groove.hpp); beats, MIDI clock and the place of the
// next step do neither.
//
// Thread: clock (or the one thread of a test or an offline render). Realtime: yes, the whole class.
// Errors: everything that goes wrong is counted in the meters and told to the RT log.
#pragma once

#include <limits>

#include "engine/base/semaphore.hpp"
#include "engine/base/spsc_queue.hpp"
#include "engine/base/triple_buffer.hpp"
#include "engine/params/snapshot.hpp"
#include "engine/realtime/clock/band_player.hpp"
#include "engine/realtime/clock/clock_pulses.hpp"
#include "engine/realtime/clock/line_player.hpp"
#include "engine/realtime/clock/tape_player.hpp"

namespace fusion {

class ClockCore {
public:
    struct Links {
        Consumer<StepMessage> steps;
        Producer<CommitNote> commits;
        Producer<PlayedEvent> played;
        SnapshotReader<ParamSnapshot> params;
        SnapshotWriter<PlayHead> head;
        Semaphore& wake_planner;
        MidiSink& sink;
        const TimeSource& time;
        EngineMeters& meters;
        RtLog& log;
        SongFollow::Sources sync{};
        // Woken at the end of a turn that put something into `played`; may be null.
        Waker* on_played = nullptr;
        std::optional<StandInLink> stand_in{};        // none: the last bar is repeated at once
        std::optional<Consumer<BandMessage>> band{};  // none: the line plays alone
        std::optional<TapeLink> tape{};               // none: nothing but the line is played
    };

    static constexpr TimePoint kNever = TimePoint::max();
    // A line that nobody has begun after so long is begun by the stand-in. Networks that have to be
    // read from a slow card first need a second.
    static constexpr Nanos kPatience{std::chrono::seconds{2}};

    explicit ClockCore(Links links);
    ClockCore(const ClockCore&) = delete;
    ClockCore& operator=(const ClockCore&) = delete;

    // Does all that is due at `now`. Returns when the next thing is due, kNever when nothing is.
    FUSION_RT TimePoint turn(TimePoint now) noexcept;
    // Ends every note and silences every used channel: the last thing before the thread ends.
    FUSION_RT void silence(TimePoint now) noexcept;

    // For an offline render: no step that begins at or after `end` is played.
    void play_until(Ticks end) noexcept { end_ = end; }
    // Ends what sounds, at the tick given. Realtime: yes.
    FUSION_RT void end_notes(Ticks at) noexcept;
    [[nodiscard]] FUSION_RT TimePoint time_at(Ticks tick) const noexcept {
        return line_time_.time_at(tick);
    }
    // Something may come that nobody wakes the clock for: another's beat, room for what is owed.
    [[nodiscard]] FUSION_RT bool is_on_watch() const noexcept {
        const auto choice = static_cast<SyncChoice>(params_.integer(ParamId::sync));
        return choice != SyncChoice::internal || output_.owed() != 0;
    }
    // As the planner was last told.
    [[nodiscard]] FUSION_RT const PlayHead& head() const noexcept { return reports_.head(); }
    [[nodiscard]] FUSION_RT bool running() const noexcept { return transport_.running(); }
    [[nodiscard]] FUSION_RT const NoteOutput& output() const noexcept { return output_; }

private:
    enum class Due : std::uint8_t { nothing, note_end, finish, pulse, beat, line, band };
    struct Action {
        Due due = Due::nothing;
        Ticks tick{0};
        LinePlayer::What of_line = LinePlayer::What::nothing;
    };

    // What it obeys (clock_obedience.cpp).
    FUSION_RT void obey_params(TimePoint now) noexcept;
    FUSION_RT void tell_obedience(TimePoint now) noexcept;
    FUSION_RT void obey_values(TimePoint now) noexcept;
    FUSION_RT void obey_requests(const ParamSnapshot& before, TimePoint now) noexcept;
    FUSION_RT void follow_song(TimePoint now) noexcept;
    FUSION_RT void obey_transport(TimePoint now) noexcept;
    FUSION_RT void start(TimePoint now) noexcept;
    FUSION_RT void stop(TimePoint now) noexcept;
    FUSION_RT void finish(TimePoint now) noexcept;
    FUSION_RT void restart(std::uint32_t epoch, TimePoint now) noexcept;

    [[nodiscard]] FUSION_RT bool has_first_step(TimePoint now) noexcept;
    FUSION_RT void take_steps(TimePoint now) noexcept;
    FUSION_RT void look_for_a_stall(TimePoint now) noexcept;
    [[nodiscard]] FUSION_RT TimePoint play_what_is_due(TimePoint now) noexcept;
    [[nodiscard]] FUSION_RT Action next_action() const noexcept;
    FUSION_RT void perform(const Action& action, TimePoint now) noexcept;
    FUSION_RT void publish(TimePoint now) noexcept;
    [[nodiscard]] FUSION_RT Ticks bar() const noexcept { return to_ticks(params_.meter().bar()); }

    Consumer<StepMessage> steps_;
    SnapshotReader<ParamSnapshot> newest_params_;
    EngineMeters& meters_;
    RtLog& log_;
    ParamSnapshot params_;

    Transport transport_;
    LineTime line_time_;
    NoteOutput output_;
    TapePlayer tape_;
    ClockNotes notes_;
    ClockPulses pulses_;
    ClockReports reports_;
    LinePlayer player_;
    std::optional<Consumer<BandMessage>> beats_;
    BandPlayer band_;

    std::uint32_t epoch_;  // of the line: how often it began anew
    TimePoint last_turn_{};
    TimePoint waits_since_ = kNever;  // for a first step
    Ticks end_{std::numeric_limits<std::int64_t>::max()};
};

}  // namespace fusion
