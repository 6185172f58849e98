#include "daemon/terminal/terminal_rescue.hpp"

#include <unistd.h>

#include <atomic>
#include <string_view>

namespace fusion {
namespace {

// A signal handler reaches nothing but globals. Written on control before the handler is there, and
// after it is gone.
int g_terminal = -1;
termios g_as_it_was{};
std::atomic<int> g_held_reading{-1};
std::atomic<int> g_held_real{-1};

void write_all(int file, std::string_view text) noexcept {
    while (!text.empty()) {
        const auto written = ::write(file, text.data(), text.size());
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

void write_what_was_held() noexcept {
    const int reading = g_held_reading.load(std::memory_order_relaxed);
    const int real = g_held_real.load(std::memory_order_relaxed);
    if (reading < 0 || real < 0) return;
    ::dup2(real, STDERR_FILENO);
    std::array<char, 4096> part{};
    for (auto size = ::read(reading, part.data(), part.size()); size > 0;
         size = ::read(reading, part.data(), part.size()))
        write_all(real, {part.data(), static_cast<std::size_t>(size)});
}

}  // namespace

TerminalRescue::TerminalRescue(int terminal) {
    g_terminal = terminal;
    ::tcgetattr(terminal, &g_as_it_was);
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        struct sigaction ours {};
        ours.sa_handler = &TerminalRescue::rescue;
        // Once: the signal that is raised again below does what it does without us.
        ours.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
        ::sigaction(kSignals[i], &ours, &before_[i]);
    }
}

TerminalRescue::~TerminalRescue() {
    for (std::size_t i = 0; i < kSignals.size(); ++i)
        ::sigaction(kSignals[i], &before_[i], nullptr);
    g_terminal = -1;
}

void TerminalRescue::standard_error_is_held(int reading, int real) noexcept {
    g_held_reading.store(reading, std::memory_order_relaxed);
    g_held_real.store(real, std::memory_order_relaxed);
}

void TerminalRescue::rescue(int signal) {
    if (g_terminal >= 0) {
        // What every terminal with an alternate screen obeys: attributes off, the screen of before,
        // cursor on, keypad as it was. terminfo's own strings cannot be looked up here.
        write_all(g_terminal, "\x1b[0m\x1b[?1049l\x1b[?25h\x1b[?1l\x1b>\r\n");
        ::tcsetattr(g_terminal, TCSANOW, &g_as_it_was);
    }
    write_what_was_held();
    ::raise(signal);
}

}  // namespace fusion
