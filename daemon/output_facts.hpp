// What health.hpp wants to know of the outputs. Thread: control. Errors: none.
#pragma once

#include "daemon/health.hpp"
#include "daemon/output.hpp"

namespace fusion {

[[nodiscard]] HealthFacts facts_of(const Output& output);

}  // namespace fusion
