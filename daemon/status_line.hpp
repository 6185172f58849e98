// The daemon in one line, for systemd's STATUS and the log.
// Thread: control. Errors: none.
#pragma once

#include <string>

#include "engine/params/store.hpp"
#include "engine/realtime/crossing/meters.hpp"

namespace fusion {

[[nodiscard]] std::string status_line(const ParamStore& params, const EngineMeters& meters);

}  // namespace fusion
