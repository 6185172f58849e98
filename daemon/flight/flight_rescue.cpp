#include "daemon/flight/flight_rescue.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <string>
#include <string_view>

namespace fusion {
namespace {

// A signal handler reaches nothing but globals. Written on control before the handler is there, and
// after it is gone.
const FlightLog* g_log = nullptr;
std::array<char, 4096> g_file{};
std::array<struct sigaction, NSIG> g_before{};
std::atomic<bool> g_is_written{false};
alignas(16) std::array<char, 65536> g_stack{};

void write_all(int file, std::string_view text) noexcept {
    while (!text.empty()) {
        const auto written = ::write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace

FlightRescue::FlightRescue(const FlightLog& log, const std::filesystem::path& file) {
    const auto name = file.string();
    if (name.size() + 1 > g_file.size()) return;
    std::copy(name.begin(), name.end(), g_file.begin());
    g_file[name.size()] = '\0';
    g_log = &log;
    g_is_written = false;
    stack_t stack{};
    stack.ss_sp = g_stack.data();
    stack.ss_size = g_stack.size();
    ::sigaltstack(&stack, nullptr);
    for (const int signal : kSignals) {
        struct sigaction ours {};
        ours.sa_handler = &FlightRescue::rescue;
        ours.sa_flags = SA_ONSTACK;
        ::sigaction(signal, &ours, &g_before[static_cast<std::size_t>(signal)]);
    }
}

FlightRescue::~FlightRescue() {
    if (g_log == nullptr) return;
    for (const int signal : kSignals)
        ::sigaction(signal, &g_before[static_cast<std::size_t>(signal)], nullptr);
    g_log = nullptr;
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    ::sigaltstack(&none, nullptr);
}

void FlightRescue::rescue(int signal) {
    const int error = errno;
    if (g_log != nullptr && !g_is_written.exchange(true)) {
        const int file = ::open(g_file.data(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (file >= 0) {
            for (const auto piece : g_log->pieces()) write_all(file, piece);
            ::fsync(file);
            ::close(file);
        }
    }
    errno = error;
    // It is blocked here, and comes to whoever had it before as soon as this returns.
    ::sigaction(signal, &g_before[static_cast<std::size_t>(signal)], nullptr);
    ::raise(signal);
}

}  // namespace fusion
