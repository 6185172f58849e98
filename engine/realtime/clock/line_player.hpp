// The steps of the line on their way from the planner to the notes: they come, are committed where
// the line then stands, and are played with the parts beside them; where the next one has not come
// in time the line of the last bar is played once more, then nothing, until it goes on.
//
// A step follows the step before it wherever that came to lie; only a placed step has a place of
// its own. Where there is a stand-in, what it makes is played in the hole as soon as it has come
// (bridge.hpp); the line's next step ends it. A step that is over 100 ms late (the machine slept)
// is not played but stays part of the line, so that the grid goes on without a burst of notes.
//
// Thread: clock. Realtime: yes. Errors: what comes too late, and an underrun, are counted, and told
// to the RT log.
#pragma once

#include <limits>

#include "engine/base/rt_log.hpp"
#include "engine/base/time_source.hpp"
#include "engine/realtime/clock/bridge.hpp"
#include "engine/realtime/clock/clock_notes.hpp"
#include "engine/realtime/clock/clock_reports.hpp"
#include "engine/realtime/clock/commit_horizon.hpp"
#include "engine/realtime/clock/groove.hpp"
#include "engine/realtime/clock/line_time.hpp"
#include "engine/realtime/clock/underrun.hpp"

namespace fusion {

class LinePlayer {
public:
    static constexpr Ticks kNever{std::numeric_limits<std::int64_t>::max()};

    // All outlive this.
    struct Links {
        ClockNotes& notes;
        const NoteOutput& output;
        const LineTime& time;
        const Transport& transport;
        ClockReports& reports;
        const TimeSource& clock;
        EngineMeters& meters;
        RtLog& log;
    };
    enum class What : std::uint8_t { nothing, step, underrun, bridge, repeat, silence };
    struct Next {
        What what = What::nothing;
        Ticks tick = kNever;  // at the port, after swing and lean
    };

    explicit LinePlayer(Links links, std::optional<StandInLink> stand_in = {})
        : links_{links}, bridge_{std::move(stand_in)} {}

    FUSION_RT void set_swing(Swing swing) noexcept { groove_.set_swing(swing); }
    FUSION_RT void set_bar(Ticks bar) noexcept { bar_ = bar; }

    // A step of this line has come. `reached`: what lies before is handed over.
    FUSION_RT void take(const StepMessage& message, Ticks reached, TimePoint now) noexcept;
    // What the stand-in has made. After the steps of the line.
    FUSION_RT void take_bridge(Ticks reached) noexcept;
    // Calls the stand-in, where the line has not begun yet; whether it can.
    [[nodiscard]] FUSION_RT bool bridge_begins() noexcept;
    // The line has broken off and not gone on.
    [[nodiscard]] FUSION_RT bool is_broken() const noexcept { return underrun_.lasts(); }
    // The step to be committed next is there.
    [[nodiscard]] FUSION_RT bool has_next() const noexcept { return horizon_.next() != nullptr; }
    // How many steps can be committed before one is missing.
    [[nodiscard]] FUSION_RT std::uint32_t depth() const noexcept { return horizon_.depth(); }

    // The line begins anew at tick 0, without a step.
    FUSION_RT void rewind() noexcept;
    // The transport starts at `position`.
    FUSION_RT void start(Ticks position) noexcept { groove_.start(position); }
    // The next step follows at `place`, wherever it lay before.
    FUSION_RT void move_to(Ticks place) noexcept { next_start_ = place; }
    // It stops.
    FUSION_RT void stop() noexcept { bridge_.send_away(); }

    // While the transport runs: before what is due by `reached` is played, and after.
    FUSION_RT void begin_turn(Ticks reached) noexcept;
    FUSION_RT void end_turn(Ticks reached, Transport::State transport) noexcept;
    // What is due next, while the transport runs. A step that stands at `end` or after is not due
    // before `end`, whatever its lean.
    [[nodiscard]] FUSION_RT Next next(Ticks end) const noexcept;
    // As the stand-in is told.
    FUSION_RT void publish(const PlayHead& head) noexcept { bridge_.publish(head); }
    // Does what next() said.
    FUSION_RT void play(What what, TimePoint now) noexcept;

private:
    [[nodiscard]] FUSION_RT Ticks start_of(const StepMessage& message) const noexcept;
    FUSION_RT void leave_out(const StepMessage& message, TimePoint now) noexcept;
    FUSION_RT void commit(TimePoint now) noexcept;
    FUSION_RT void begin_underrun() noexcept;
    FUSION_RT void play_bridge(TimePoint now) noexcept;
    FUSION_RT void repeat_step() noexcept;
    [[nodiscard]] FUSION_RT bool sound(const Step& step,
                                       const std::array<PartNote, kMaxGenres>& parts,
                                       PlayedEvent& played, TimePoint now) noexcept;
    FUSION_RT void play_on(Rung rung) noexcept {
        links_.meters.rung.store(rung, std::memory_order_relaxed);
    }

    Links links_;
    Ticks bar_{0};
    CommitHorizon horizon_;
    Groove groove_;
    Underrun underrun_;
    Bridge bridge_;
    bool bridged_ = false;           // in this underrun
    Ticks next_start_{0};            // where the line's next step follows
    std::uint64_t last_serial_ = 0;  // of the line's last step; 0: it has none yet
};

}  // namespace fusion
