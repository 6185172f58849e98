// `fusiond replay FILE`: plays a flight once more, as fast as it goes, and says how much of it is
// the same, note by note. Same bundle, same build: all of it, but for what flight/ADR-flight.md
// says.
// Thread: any one. Errors: as exit codes.
#pragma once

#include <filesystem>
#include <optional>

#include "config/config.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/flight/flight_file.hpp"

namespace fusion {

struct ReplayOptions {
    std::filesystem::path file;
    std::filesystem::path out;  // a MIDI file; empty: none
};

struct Comparison {
    std::size_t notes = 0;  // that were played
    std::size_t equal = 0;
    std::size_t missing = 0;  // are not played now
    std::size_t more = 0;     // are played now, and were not then
    std::string first{};      // that differs, in words
    [[nodiscard]] bool same() const { return equal == notes && more == 0; }
};

// `now` begins before `then`, and is looked at from its first note to its last.
[[nodiscard]] Comparison compare(const std::vector<FlightNote>& then,
                                 const std::vector<FlightNote>& now);

// The whole command. ExitCode::differs where not every note is the same.
[[nodiscard]] Started<void> run_replay(const Config& config, const ReplayOptions& options);

}  // namespace fusion
