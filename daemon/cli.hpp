// The command line as values. A flag goes over the configuration file, that over the defaults.
// Thread: control, at start. Errors: a message and an exit code, both ready to be given back.
#pragma once

#include <optional>
#include <string>

#include "config/config.hpp"
#include "daemon/app.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/render.hpp"
#include "daemon/replay.hpp"

namespace fusion {

struct CommandLine {
    enum class Command : std::uint8_t { play, render, replay, check_config, list_ports, reference };
    Command command = Command::play;
    Config config;
    std::string config_file;  // that was checked
    RunOptions run;
    RenderOptions render;
    ReplayOptions replay;
};

// --help and --version come as ExitCode::ok with the text to print.
[[nodiscard]] Started<CommandLine> parse_command_line(int argc, const char* const* argv);

}  // namespace fusion
