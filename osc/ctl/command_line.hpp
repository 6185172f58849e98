// fusionctl's command line: which command, with what, asked of whom.
// Thread: the program's own. Errors: to `problems` and in the exit code.
#pragma once

#include "osc/ctl/commands.hpp"

namespace fusion::ctl {

// `stopped` ends watch.
[[nodiscard]] Exit run(int argc, const char* const* argv, Commands::Streams streams,
                       const Commands::Stopped& stopped);

}  // namespace fusion::ctl
