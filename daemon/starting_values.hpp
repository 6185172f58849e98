// The starting values of a run: the blend that the bundle names, the configuration into the store,
// then what the command line says.
// Thread: control. Errors: not_found (a genre that the bundle lacks, with those it has; a scene),
// malformed (a genre named twice).
#pragma once

#include <vector>

#include "config/config.hpp"
#include "daemon/hands/scene_desk.hpp"
#include "engine/params/store.hpp"

namespace fusion {

// `start`: a weight for each genre, or empty (Bundle::start). Before all else.
void begin_in_blend(const std::vector<float>& start, ParamStore& params);

[[nodiscard]] Status apply_config(const Config& config, ParamStore& params);

// After all else that sets values, and before the first note.
[[nodiscard]] Status begin_as_said(const Config::Beginning& said, SceneDesk& scenes,
                                   ParamStore& params);

}  // namespace fusion
