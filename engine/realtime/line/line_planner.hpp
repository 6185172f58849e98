// What the inference thread does, without the thread: it keeps the horizon full of steps.
//
// One call of advance() takes in what the clock committed, looks whether the parameters changed,
// makes at most one step and sends what the queue has room for. When the parameters changed, the
// planned steps are dropped back to the first uncommitted one and made again; that one is always
// finished and sent before the parameters are looked at anew, and where the clock would soon run
// dry the line is lengthened first, so a sweep of a knob cannot starve it.
//
// The line's truth is what the clock committed. Where that is not the newest sending (the new tail
// came too late), the planner takes the committed one back into its line and goes on from there;
// it keeps what it sent of every uncommitted step for that.
//
// Where the line is held or repeated (line_loop.hpp), steps are copies of older ones: that too is a
// tail that is dropped and made again, so `hold` and its end are heard in the next note. A restart
// drops the old line, and with it the loop; a line that is still held then loops its first bar.
//
// Thread: inference (or the one thread of a test or an offline render). Errors: a generator that
// fails is counted and left alone for some steps while the fallback plays; error() says why.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "engine/base/semaphore.hpp"
#include "engine/base/spsc_queue.hpp"
#include "engine/base/time_source.hpp"
#include "engine/base/triple_buffer.hpp"
#include "engine/params/snapshot.hpp"
#include "engine/plan/harmony_plan.hpp"
#include "engine/realtime/crossing/harmony_link.hpp"
#include "engine/realtime/crossing/line_link.hpp"
#include "engine/realtime/crossing/meters.hpp"
#include "engine/realtime/crossing/stand_in_link.hpp"
#include "engine/realtime/crossing/told_step.hpp"
#include "engine/realtime/line/band_line.hpp"
#include "engine/realtime/line/ladder.hpp"
#include "engine/realtime/line/line_loop.hpp"
#include "engine/realtime/line/line_settings.hpp"
#include "engine/realtime/line/planned_line.hpp"
#include "engine/realtime/line/sent_steps.hpp"
#include "engine/realtime/line/tail_teller.hpp"
#include "engine/realtime/line/weight_ramp.hpp"

namespace fusion {

struct PlannerOptions {
    std::size_t horizon_steps = 16;
    // A step that is due sooner than this, or than the neural generator needs three times over, is
    // the fallback's.
    Nanos least_ready{std::chrono::milliseconds{5}};
    const StepTeller* told = nullptr;  // null: nothing is known
};

class LinePlanner {
public:
    struct Links {
        Producer<StepMessage> steps;
        Consumer<CommitNote> commits;
        SnapshotReader<ParamSnapshot> params;
        SnapshotReader<PlayHead> head;
        // Woken when steps have been sent.
        Semaphore& wake_clock;
        const TimeSource& time;
        EngineMeters& meters;
        // Who wants to see what is planned; may be none.
        std::optional<TailTeller::Links> tail{};
        // The chords that are given by hand, and what others are planned from; may be none.
        std::optional<HarmonyReader> harmony{};
        // Where the beats of the band go; may be none.
        std::optional<Producer<BandMessage>> band{};
    };
    enum class Next : std::uint8_t {
        more_to_do,
        wait,        // whoever brings something new wakes the planner
        look_again,  // nobody will: the queue was full, or no generator could make a step
    };

    static constexpr std::size_t kMaxHorizon = PlannedTail::kMost;  // below CommitHorizon::kSlots

    // At least one of `neural` and `fallback` is not null; both outlive the planner.
    LinePlanner(Generator* neural, Generator* fallback, Links links, PlannerOptions options);

    // It plans a session of the stand-in (crossing/stand_in_link.hpp) from now on: its epoch is the
    // session's number, and restarts are the clock's to obey, by another session.
    void stand_in(const StandInCall& call);
    // Lets go of what it was told and does not need; to be called now and then where advance() is
    // not.
    void idle() { static_cast<void>(harmony()); }

    // Does one piece of work; says whether there is more at once.
    Next advance();

    // The last failure of a generator since the planner could make a step. None: all is well.
    [[nodiscard]] const std::optional<Error>& error() const { return ladder_.error(); }
    [[nodiscard]] std::uint32_t first_uncommitted() const { return first_uncommitted_; }
    [[nodiscard]] std::size_t planned_ahead() const { return next_index() - first_uncommitted_; }

private:
    [[nodiscard]] std::uint32_t next_index() const;
    [[nodiscard]] PlannedStep& planned(std::uint32_t index);

    void take_commits();
    void adopt_commit(const CommitNote& note);
    void adopt_miss(const CommitNote& note);
    void reach(std::uint64_t revision);
    void forget_history();

    void look_at_params();
    [[nodiscard]] const HandHarmony& harmony();
    [[nodiscard]] BandLine::Next advance_band();
    void follow_loop(const LineSettings& before, const ParamSnapshot& params);
    void begin_epoch(std::uint32_t epoch);
    [[nodiscard]] bool may_look();

    [[nodiscard]] bool make_step();
    void place_beyond_head();
    [[nodiscard]] std::optional<PlannedStep> compose(std::uint32_t index, Ticks start,
                                                     const ToldStep& told);
    [[nodiscard]] StepRequest request_for(std::uint32_t index, Ticks start,
                                          const Blend& blend) const;
    void write_copy(PlannedStep& planned, const LineLoop::Copy& copy) const;
    [[nodiscard]] bool is_in_last_bar(Ticks start) const;
    [[nodiscard]] Cells rest_left(Ticks start) const;
    [[nodiscard]] bool urgent(std::uint32_t index, Ticks start);

    bool send();
    void truncate(std::uint32_t index);
    void tail_changed();
    void tell_tail();

    // As it is now; not running where it is another epoch's.
    [[nodiscard]] PlayHead head();
    [[nodiscard]] Nanos until(Ticks tick);
    [[nodiscard]] Ticks next_beat_after(Ticks tick) const;
    [[nodiscard]] Ticks bar() const;
    [[nodiscard]] Nanos margin() const;

    Links links_;
    PlannerOptions options_;
    Ladder ladder_;

    std::uint32_t epoch_ = 0;
    bool stands_in_ = false;
    std::uint64_t revision_ = 0;
    std::int64_t changed_at_ns_ = 0;
    HandHarmony no_harmony_;
    const HandHarmony* harmony_ = &no_harmony_;  // as it was when the parameters were looked at
    HarmonyPlan plan_;
    LineSettings settings_;
    WeightRamp ramp_;
    // Of the changes that no committed step obeys yet, each with the ramp of its steps.
    struct Look {
        std::uint64_t revision;
        WeightRamp ramp;
    };
    static constexpr std::size_t kMostLooks = 128;  // a knob that is swept while nothing runs
    std::deque<Look> looks_;
    WeightRamp reached_ramp_;  // of the newest committed step
    WeightRamp::Lengths ramp_lengths_{};
    LineLoop loop_;
    std::optional<BandLine> band_;

    PlannedLine line_;  // the last bars that are committed, then the uncommitted steps
    std::uint32_t first_uncommitted_ = 0;
    Ticks last_committed_start_{0};
    Ticks base_{0};  // where the first uncommitted step starts
    Placement base_placement_ = Placement::placed;

    std::uint32_t first_unsent_ = 0;
    SentSteps sent_;
    std::optional<TailTeller> tail_;  // none: nobody can see it
};

}  // namespace fusion
