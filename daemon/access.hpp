// Who of the network may come in, as the configuration has it, and what its owner should know of an
// open door. Thread: control. Errors: none; the networks were read with the configuration.
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "osc/peers.hpp"
#include "osc/web/http_server.hpp"

namespace fusion {

[[nodiscard]] OscAccess osc_access(const Config::Osc& osc);
[[nodiscard]] HttpAccess http_access(const Config::OscQuery& oscquery);

// A warning for each door that stands further open than anybody said.
[[nodiscard]] std::vector<std::string> open_doors(const Config& config);

}  // namespace fusion
