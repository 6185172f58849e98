#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/realtime/clock/clock_core.hpp"
#include "engine/realtime/engine.hpp"
#include "engine/realtime/line/line_planner.hpp"

namespace fusion {
namespace {

constexpr std::size_t kStepsInFlight = 128;
constexpr std::size_t kCommitsInFlight = 512;
constexpr std::size_t kBeatsInFlight = 64;

// The planner and the clock core on one thread. Simulated time only moves between the clock's
// turns, so no step is ever urgent and the ladder stays on its top rung.
class OfflineRun {
public:
    OfflineRun(Generator& neural, Generator* fallback, ParamStore& params, MidiSink& sink,
               SimulatedTime& time, HarmonyTeller* harmony, const StepTeller* told)
        : time_{time},
          sink_{sink},
          score_{Ticks{0}, time.now() + sink.lead(), Bpm{params.current().real(ParamId::tempo)}},
          planner_{&neural,
                   fallback,
                   {std::move(steps_.in), std::move(commits_.out), params.reader(),
                    std::move(head_.out), wake_, time, meters_, std::nullopt,
                    harmony != nullptr ? std::optional{harmony->reader()} : std::nullopt,
                    std::move(beats_.in)},
                   {.least_ready = Nanos{0}, .told = told}},
          core_{{std::move(steps_.out),
                 std::move(commits_.in),
                 std::move(played_.in),
                 params.reader(),
                 std::move(head_.in),
                 wake_,
                 sink,
                 time,
                 meters_,
                 log_,
                 {},
                 nullptr,
                 std::nullopt,
                 std::move(beats_.out)}} {}

    Status play(ParamStore& params, Ticks length, OfflineHand& hand,
                const std::function<void(Ticks)>& progress) {
        for (;;) {
            const auto here = score_.tick_at(time_.now() + sink_.lead());
            while (hand.next().value_or(length) <= here && *hand.next() < length)
                turn(hand, params, *hand.next());
            if (auto planned = plan(); !planned) return planned;
            const auto wanted = turn_clock(length);
            tell_played(hand);
            if (follow_tempo(params)) continue;
            if (progress) progress(std::min(here, length));
            const auto place = hand.next();
            const auto hand_at = place && *place < length
                                     ? std::max(score_.time_at(*place) - sink_.lead(), time_.now())
                                     : ClockCore::kNever;
            const bool finished = params.current().finish_at >= Ticks{0};
            if (!core_.running() && hand_at == ClockCore::kNever && finished) break;
            if (!core_.running() && hand_at == ClockCore::kNever)
                return fail(Error::Code::unsupported,
                            fmt::format("render: the transport does not run at tick {}; nobody is "
                                        "there to start it again, so leave `playing` at 1",
                                        core_.head().tick.count()));
            // The clock looks up just before a hand turns, as it does in real time: what a hand
            // changes is not heard before that.
            const auto before_hand = hand_at == ClockCore::kNever
                                         ? hand_at
                                         : score_.time_at(*place - Ticks{1}) - sink_.lead();
            const auto next = std::min(wanted, time_.now() < before_hand ? before_hand : hand_at);
            if (next == ClockCore::kNever) break;
            time_.sleep_until(next);
        }
        core_.end_notes(length - stood_);
        time_.sleep_until(score_.time_at(length));
        if (progress) progress(length);
        return {};
    }

private:
    void turn(OfflineHand& hand, const ParamStore& params, Ticks place) {
        const auto head = core_.head();
        hand.turn(place, head.running ? place - stood_ : head.tick);
        static_cast<void>(follow_tempo(params));
    }

    // Whether it is another than it was.
    bool follow_tempo(const ParamStore& params) {
        const Bpm tempo{params.current().real(ParamId::tempo)};
        if (tempo == score_.tempo()) return false;
        score_ = score_.with_tempo(tempo, time_.now() + sink_.lead());
        return true;
    }

    // The core counts the line's own ticks: once more where the line has gone on elsewhere.
    TimePoint turn_clock(Ticks length) {
        for (;;) {
            core_.play_until(length - stood_);
            const auto wanted = core_.turn(time_.now());
            if (!line_went_on()) return wanted;
        }
    }

    // Whether the line has begun to run, from its beginning or from where it stood.
    bool line_went_on() {
        const auto before = std::exchange(line_, core_.head());
        if (!line_.running || (before.running && before.epoch == line_.epoch)) return false;
        const auto when = time_.now() + sink_.lead();
        score_ = Timeline{score_.tick_at(when), when, score_.tempo()};
        stood_ = score_.tick_at(when) - line_.tick;
        return true;
    }

    Status plan() {
        while (planner_.advance() == LinePlanner::Next::more_to_do) {
        }
        if (planner_.planned_ahead() == 0 && planner_.error())
            return tl::unexpected{*planner_.error()};
        return {};
    }

    void tell_played(OfflineHand& hand) {
        PlayedEvent event;
        while (played_.out.try_pop(event)) hand.played(event);
    }

    SimulatedTime& time_;
    MidiSink& sink_;
    Timeline score_;  // of the recording
    Ticks stood_{0};  // how far the line's ticks lie behind the recording's
    PlayHead line_;   // after the last turn of the clock
    EngineMeters meters_;
    RtLog log_;
    TripleBuffer<PlayHead> head_{PlayHead{}};
    Semaphore wake_;
    SpscQueue<StepMessage> steps_{kStepsInFlight};
    SpscQueue<CommitNote> commits_{kCommitsInFlight};
    SpscQueue<BandMessage> beats_{kBeatsInFlight};
    SpscQueue<PlayedEvent> played_{1024};
    LinePlanner planner_;
    ClockCore core_;
};

}  // namespace

Status render_offline(Generator& neural, Generator* fallback, ParamStore& params, MidiSink& sink,
                      SimulatedTime& time, Ticks length, OfflineHand& hand,
                      const std::function<void(Ticks)>& progress, HarmonyTeller* harmony,
                      const StepTeller* told) {
    // Histograms are large.
    const auto run =
        std::make_unique<OfflineRun>(neural, fallback, params, sink, time, harmony, told);
    return run->play(params, length, hand, progress);
}

}  // namespace fusion
