// The rungs that make a step: the networks where they can in time, else the fallback. What cannot
// be made here is the clock's to bridge (repeat, silence).
//
// A generator that fails is counted and, where there is a fallback, left alone for some steps, each
// time for longer. How long the networks need is remembered as a maximum that fades: one slow step
// counts for some ten.
// Thread: inference. Errors: error() says why the last step could not be made as it should.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/time_source.hpp"
#include "engine/realtime/crossing/meters.hpp"
#include "engine/realtime/line/voice.hpp"

namespace fusion {

class Ladder {
public:
    struct Made {
        GeneratedEvent event;
        Rung rung;
    };
    // Urgent: the clock needs the step sooner than the networks can surely make it.
    enum class Haste : std::uint8_t { none, urgent };

    // At least one generator is not null; all outlive this.
    Ladder(Generator* neural, Generator* fallback, const TimeSource& time, EngineMeters& meters)
        : neural_{neural}, fallback_{fallback}, time_{time}, meters_{meters} {}

    [[nodiscard]] bool has_fallback() const { return fallback_.present(); }
    // The highest rung that there is.
    [[nodiscard]] Rung top() const { return neural_.present() ? Rung::neural : Rung::ngram; }
    [[nodiscard]] const Vocabulary& vocabulary_of(Rung rung) const {
        return (rung == Rung::neural ? neural_ : fallback_).generator().vocabulary();
    }

    // Makes step request.index, which follows the steps of `line`. None: no rung could.
    [[nodiscard]] std::optional<Made> make(const StepRequest& request, const PlannedLine& line,
                                           Haste haste);
    // The time in which the networks surely make one step; step `index`, with all they must be told
    // before it.
    [[nodiscard]] Nanos sure_time() const { return 3 * step_estimate_; }
    [[nodiscard]] Nanos sure_time_for(std::uint32_t index) const {
        return neural_.present() ? neural_.steps_up_to(index) * sure_time() : Nanos{0};
    }

    // While copies are played no generator is asked; the networks are told one of the steps before
    // `index` meanwhile, so that the first free step comes at once. True: there are more to tell.
    bool tell_a_copy(std::uint32_t index, const PlannedLine& line);

    // Steps from `index` on are no longer planned; steps before it are committed.
    void truncate(std::uint32_t index);
    void commit(std::uint32_t index);
    // The line begins anew.
    void reset();

    // The last failure since the line last got a step. None: all is well.
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }
    void got_a_step() { error_.reset(); }

private:
    [[nodiscard]] std::optional<GeneratedEvent> ask_neural(const StepRequest& request,
                                                           const PlannedLine& line);
    [[nodiscard]] std::optional<GeneratedEvent> ask_fallback(const StepRequest& request,
                                                             const PlannedLine& line);
    void neural_failed(std::uint32_t index, const Error& error);
    void failed(const Error& error);

    Voice neural_;
    Voice fallback_;
    const TimeSource& time_;
    EngineMeters& meters_;
    Nanos step_estimate_{0};
    std::uint32_t neural_rests_until_ = 0;  // after a failure: the step it is asked again for
    std::uint32_t neural_pause_ = 0;
    std::optional<Error> error_;
};

}  // namespace fusion
