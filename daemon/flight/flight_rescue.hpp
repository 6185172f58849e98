// Writes the flight when the program crashes, and when the watchdog ends it (SIGABRT): with
// open(2) and write(2) alone, from memory that is ready at every moment. Then the signal does what
// it did before, to whoever had it (the terminal's own rescue) and in the end to the process.
//
// One at a time. A file of the same name is not written over. A stack that has run out: only on the
// control thread, which has a second one.
// Thread: control; the rescue itself runs in whatever thread crashed. Errors: none; a file that
// cannot be written is not there.
#pragma once

#include <array>
#include <csignal>
#include <filesystem>

#include "daemon/flight/flight_log.hpp"

namespace fusion {

class FlightRescue {
public:
    // `log` outlives it; the folder of `file` is there.
    FlightRescue(const FlightLog& log, const std::filesystem::path& file);
    ~FlightRescue();
    FlightRescue(const FlightRescue&) = delete;
    FlightRescue& operator=(const FlightRescue&) = delete;

private:
    static constexpr std::array kSignals{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    static void rescue(int signal);
};

}  // namespace fusion
