// What of a daemon plays, whole, on one thread and under simulated time: planner, stand-in and
// clock, the desks that obey words of OSC and recall scenes, generators that a reload exchanges.
// Without the ports, files and servers around it. Months of it go by in minutes.
// Thread: one. Errors: those of the words.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/exchange_generator.hpp"
#include "daemon/session_desk.hpp"
#include "engine/base/time_source.hpp"
#include "engine/model/bundle.hpp"
#include "engine/realtime/clock/clock_core.hpp"
#include "engine/realtime/line/line_planner.hpp"
#include "engine/realtime/line/stand_in.hpp"
#include "osc/message.hpp"

namespace fusion::faults {

struct Composing {
    std::shared_ptr<const Bundle> bundle;
    std::shared_ptr<Generator> neural;  // null: its fallback alone
    std::shared_ptr<Generator> fallback;
    std::shared_ptr<Generator> stand_in;
};
[[nodiscard]] Result<std::shared_ptr<const Bundle>> bundle_in(const std::string& file);
// The n-grams alone of a bundle, or all that it has.
[[nodiscard]] Composing composed_by_ngrams(std::shared_ptr<const Bundle> bundle);
[[nodiscard]] Result<Composing> composed_by_networks(std::shared_ptr<const Bundle> bundle);

class SimulatedDaemon {
public:
    SimulatedDaemon(Composing composing, MidiSink& sink);
    SimulatedDaemon(const SimulatedDaemon&) = delete;
    SimulatedDaemon& operator=(const SimulatedDaemon&) = delete;

    // OSC's words, without its root: "weight/jazz", {8.0F}.
    Status say(const std::string& path, std::vector<OscArg> arguments = {});
    // From the next step on.
    Status reload(Composing next);

    // While it is stuck nobody but the stand-in composes.
    enum class Inference : std::uint8_t { works, is_stuck };
    // All that is due now, then on to what is due next, at most `at_most` later.
    void turn(Inference inference = Inference::works,
              Nanos at_most = std::chrono::milliseconds{10});
    void sleep_for(Nanos span) { time_.sleep_until(time_.now() + span); }
    // Ends all notes.
    void silence() { core_.silence(time_.now()); }

    // What the clock told in the last turn.
    [[nodiscard]] const std::vector<PlayedEvent>& played() const { return played_; }
    [[nodiscard]] const EngineMeters& meters() const { return meters_; }
    [[nodiscard]] const ClockCore& core() const { return core_; }
    [[nodiscard]] ParamStore& params() { return params_; }
    [[nodiscard]] SimulatedTime& time() { return time_; }

private:
    struct StandInStage {
        EngineMeters meters;
        Semaphore wake;
        SpscQueue<StepMessage> steps{64};
        SpscQueue<CommitNote> commits{128};
        TripleBuffer<StandInCall> calls{StandInCall{}};
        TripleBuffer<PlayHead> head{PlayHead{}};
    };

    Composing composing_;  // is read by what plays
    SimulatedTime time_;
    ParamStore params_;
    SessionDesk desk_;
    ExchangeGenerator neural_, fallback_, understudy_;
    EngineMeters meters_;
    RtLog log_;
    TripleBuffer<PlayHead> head_{PlayHead{}};
    Semaphore wake_planner_, wake_clock_;
    SpscQueue<StepMessage> steps_{128};
    SpscQueue<CommitNote> commits_{512};
    SpscQueue<PlayedEvent> played_queue_{1024};
    SpscQueue<BandMessage> beats_{64};
    StandInStage stand_in_stage_;
    LinePlanner planner_;
    StandIn stand_in_;
    ClockCore core_;
    std::vector<PlayedEvent> played_;
    std::vector<Composing> retired_;  // the chords of the last may be read for a moment yet
};

// Takes what is played, and finds what is wrong with it as it comes, so that a year of it takes no
// room. It can be told to refuse, as a port that is lost does.
class StrictSink final : public MidiSink {
public:
    [[nodiscard]] bool send(const TimedMessage& message) noexcept override;
    [[nodiscard]] Nanos lead() const noexcept override { return Nanos{0}; }

    void refuse(bool all) noexcept { refuses_ = all; }
    [[nodiscard]] bool refuses() const noexcept { return refuses_; }

    struct Tally {
        std::uint64_t notes = 0;
        std::uint64_t doubled = 0;    // began while they sounded
        std::uint64_t unfounded = 0;  // ended and had not begun
        std::uint64_t backwards = 0;  // due before the one before
        std::uint64_t refused = 0;    // messages
    };
    [[nodiscard]] const Tally& tally() const noexcept { return tally_; }
    // On channels 1 to `kLine`, where the line alone is.
    static constexpr unsigned kLineChannels = 9;
    [[nodiscard]] std::uint64_t notes_of_line() const noexcept { return of_line_; }
    [[nodiscard]] std::size_t sounding() const noexcept { return ledger_.count(); }
    [[nodiscard]] TimePoint last_onset() const noexcept { return last_onset_; }

private:
    NoteLedger ledger_;
    Tally tally_;
    std::uint64_t of_line_ = 0;
    TimePoint last_{}, last_onset_{};
    bool refuses_ = false;
};

// Of this process, in bytes.
struct Memory {
    std::size_t resident = 0;
    std::size_t in_use = 0;  // on the heap
};
[[nodiscard]] Memory memory_now();

}  // namespace fusion::faults
