// Gives the terminal back to the shell when the program crashes: a screen of cells is left, the
// cursor is shown, keys are echoed, and what was held back from standard error is written there.
// One at a time. Thread: control; the rescue itself runs in whatever thread crashed and calls
// nothing but what POSIX allows in a signal handler. Errors: none.
#pragma once

#include <array>
#include <csignal>

#include <termios.h>

namespace fusion {

class TerminalRescue {
public:
    // `terminal`: as it is now, it is given back.
    explicit TerminalRescue(int terminal);
    ~TerminalRescue();
    TerminalRescue(const TerminalRescue&) = delete;
    TerminalRescue& operator=(const TerminalRescue&) = delete;

    // From now on standard error is `reading`'s other end, and `real` where it went before.
    // -1, -1: no longer.
    static void standard_error_is_held(int reading, int real) noexcept;

private:
    static constexpr std::array kSignals{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT};
    static void rescue(int signal);

    std::array<struct sigaction, kSignals.size()> before_{};
};

}  // namespace fusion
