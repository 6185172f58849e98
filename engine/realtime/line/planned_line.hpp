// The line as the planner knows it: what the clock committed, as far back as a loop may reach, and
// what is planned after it. Thread: inference. Errors: none.
#pragma once

#include <deque>
#include <optional>

#include "engine/model/generator.hpp"
#include "engine/realtime/crossing/line_link.hpp"

namespace fusion {

// A step as the planner made it, with all it takes to make, tell or copy it again.
struct PlannedStep {
    StepMessage message;
    StepRequest request;
    // What it was written from; of a copy, what its original was. None: a rest that no generator
    // was asked for.
    std::optional<GeneratedEvent> made;
};

// The newest committed steps and the uncommitted ones after them, consecutive in index.
using PlannedLine = std::deque<PlannedStep>;

}  // namespace fusion
