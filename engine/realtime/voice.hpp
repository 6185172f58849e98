// One generator that follows the line. Several rungs make the line between them, so each must be
// told, before it is asked again, what the others made: the last few steps as forced events, and
// what lies further back by a jump (a forced step costs as much as one of its own).
// Thread: inference. Errors: those of the generator; its state then stands where it failed.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "engine/model/generator.hpp"
#include "engine/music/step.hpp"
#include "engine/realtime/line_link.hpp"

namespace fusion {

// A step as the planner made it, with all it takes to make or tell it again.
struct PlannedStep {
    StepMessage message;
    StepRequest request;
    std::optional<EventId> event;  // none: a rest that no generator was asked for
};

// The newest committed steps and the uncommitted ones after them, without a gap.
using PlannedLine = std::deque<PlannedStep>;

class Voice {
public:
    static constexpr std::uint32_t kMostTold = 8;

    // Not owned; null is a rung that is not there.
    explicit Voice(Generator* generator) : generator_{generator} {}

    [[nodiscard]] bool present() const { return generator_ != nullptr; }
    [[nodiscard]] Generator& generator() const { return *generator_; }

    // Steps it would have to go through before, and including, `index`.
    [[nodiscard]] std::uint32_t steps_up_to(std::uint32_t index) const;
    // Makes step request.index, once it has been told the steps of `line` before it.
    [[nodiscard]] Result<GeneratedEvent> generate(const StepRequest& request,
                                                  const PlannedLine& line);
    // Steps from `index` on are no longer what it was told.
    void truncate(std::uint32_t index);
    // Steps before `index` are committed.
    void commit(std::uint32_t index);
    void reset();

private:
    [[nodiscard]] Status catch_up(std::uint32_t index, const PlannedLine& line);

    Generator* generator_;
    std::uint32_t oldest_kept_ = 0;  // the lowest index that it can roll back to
};

}  // namespace fusion
