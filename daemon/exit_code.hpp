// How the program ends, after sysexits.h; written out in --help.
#pragma once

#include <string>

#include "engine/base/result.hpp"

namespace fusion {

enum class ExitCode : int {
    ok = 0,
    differs = 1,        // a replay that is not the same
    usage = 64,         // the command line
    bundle = 65,        // a bundle that is short, altered or foreign
    not_found = 66,     // a file that is not there
    unavailable = 69,   // a port, a device or a service that is taken or that this machine lacks
    cannot_write = 73,  // an output file
    failed = 70,        // the engine or a library below
    config = 78,        // the configuration
};

// Why the daemon did not start.
struct StartError {
    ExitCode code;
    std::string message;
};
template <class T>
using Started = tl::expected<T, StartError>;

[[nodiscard]] inline tl::unexpected<StartError> refuse(ExitCode code, std::string message) {
    return tl::unexpected<StartError>(StartError{code, std::move(message)});
}

}  // namespace fusion
