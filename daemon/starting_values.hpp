// The starting values of a run: configuration into the store.
// Thread: control. Errors: not_found (a genre that the bundle lacks, with those it has).
#pragma once

#include "config/config.hpp"
#include "engine/params/store.hpp"

namespace fusion {

[[nodiscard]] Status apply_config(const Config& config, ParamStore& params);

// "C4" for 60.
[[nodiscard]] std::string note_name(Pitch pitch);

}  // namespace fusion
