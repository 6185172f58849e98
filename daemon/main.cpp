// fusiond: the command line, then the daemon, a render, or an answer.
#include <cstdio>
#include <exception>

#include <fmt/format.h>

#include "daemon/app.hpp"
#include "daemon/cli.hpp"
#include "daemon/midi/jack_server.hpp"
#include "daemon/midi/midi_system.hpp"
#include "daemon/render.hpp"
#include "osc/catalogue.hpp"
#ifdef FUSION_WITH_TORCH
#include "engine/nn/blas_core.hpp"
#endif

namespace {

int give_back(const fusion::StartError& error) {
    auto* out = error.code == fusion::ExitCode::ok ? stdout : stderr;
    const bool ends = error.message.ends_with('\n');
    fmt::print(out, "{}{}{}", error.code == fusion::ExitCode::ok ? "" : "fusiond: ", error.message,
               ends ? "" : "\n");
    return static_cast<int>(error.code);
}

int run(int argc, char** argv) {
    using Command = fusion::CommandLine::Command;
    auto line = fusion::parse_command_line(argc, argv);
    if (!line) return give_back(line.error());
    switch (line->command) {
        case Command::list_ports: fmt::print("{}", fusion::describe_ports()); return 0;
        case Command::reference: fmt::print("{}", fusion::osc_reference()); return 0;
        case Command::check_config:
            fmt::print("{}: the configuration is good\n", line->config_file);
            return 0;
        case Command::render: {
            const auto done = fusion::run_render(line->config, line->render);
            return done ? 0 : give_back(done.error());
        }
        case Command::replay: {
            const auto done = fusion::run_replay(line->config, line->replay);
            return done ? 0 : give_back(done.error());
        }
        case Command::play: break;
    }
    // A relative path is one from where it was started.
    line->run.read_config = [argc, argv]() -> fusion::Started<fusion::Config> {
        auto again = fusion::parse_command_line(argc, argv);
        if (!again) return tl::unexpected{again.error()};
        return std::move(again->config);
    };
    const auto app = fusion::App::make(line->config, line->run);
    if (!app) return give_back(app.error());
    return static_cast<int>((*app)->run());
}

}  // namespace

int main(int argc, char** argv) {
#ifdef FUSION_WITH_TORCH
    fusion::choose_blas_core(argv);
#endif
    fusion::forbid_jack_to_start_servers();
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {  // out of memory, or a bug of ours
        fmt::print(stderr, "fusiond: {}; please report this\n", error.what());
        return static_cast<int>(fusion::ExitCode::failed);
    }
}
