#include "tests/support/link_hut.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

namespace fusion::test {
namespace {

constexpr int kLooks = 100;  // for its first line: 5 s

void end_child(pid_t& child, int signal) {
    if (child <= 0) return;
    ::kill(child, signal);
    ::waitpid(child, nullptr, 0);
    child = -1;
}

pid_t start_jack(const std::string& name) {
    const pid_t child = fork();
    if (child != 0) return child;
    const int nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    setenv("JACK_NO_AUDIO_RESERVATION", "1", 1);
    execlp("jackd", "jackd", "-r", "-n", name.c_str(), "-d", "dummy", "-r", "48000", "-p", "256",
           nullptr);
    _exit(127);
}

bool wait_for_jack(const std::string& name) {
    const pid_t child = fork();
    if (child == 0) {
        const int nowhere = open("/dev/null", O_RDWR);
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);  // where JACK says that there is no server yet
        execlp("jack_wait", "jack_wait", "-s", name.c_str(), "-w", "-t", "20", nullptr);
        _exit(127);
    }
    int status = -1;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

bool installed(const char* program) {
    for (const char* folder : {"/usr/bin", "/usr/local/bin"})
        if (access((std::filesystem::path{folder} / program).c_str(), X_OK) == 0) return true;
    return false;
}

}  // namespace

bool parse_link_hut(std::string_view text, LinkHutLine& line) {
    std::array<char, 8> enabled{};
    std::array<char, 8> sync{};
    std::array<char, 16> playing{};
    const std::string copy{text};
    if (std::sscanf(copy.c_str(), " %7s | %zu | %lf | %7s %15s | %lf | %lf |", enabled.data(),
                    &line.peers, &line.quantum, sync.data(), playing.data(), &line.tempo,
                    &line.beats) != 7)
        return false;
    line.enabled = std::string_view{enabled.data()} == "yes";
    line.start_stop_sync = std::string_view{sync.data()} == "yes";
    line.playing = std::string_view{playing.data()} == "[playing]";
    return true;
}

Result<std::unique_ptr<LinkHut>> LinkHut::start() {
    for (const char* program : {"LinkHut", "jackd", "jack_wait"})
        if (!installed(program))
            return fail(
                Error::Code::not_found,
                fmt::format("{} is not installed (ableton-link-utils, jackd2, jack-example-tools)",
                            program));
    std::unique_ptr<LinkHut> made{new LinkHut};
    const auto server = fmt::format("fusiond-test-{}", getpid());
    made->jack_ = start_jack(server);
    if (!wait_for_jack(server))
        return fail(Error::Code::unavailable, "a JACK server with the dummy driver did not start");
    made->hut_ = forkpty(&made->terminal_, nullptr, nullptr, nullptr);
    if (made->hut_ == 0) {
        setenv("JACK_DEFAULT_SERVER", server.c_str(), 1);
        setenv("JACK_NO_START_SERVER", "1", 1);
        execlp("LinkHut", "LinkHut", nullptr);
        _exit(127);
    }
    for (int i = 0; made->hut_ > 0 && i < kLooks; ++i)
        if (!made->read(std::chrono::milliseconds{50}).empty()) return made;
    return fail(Error::Code::unavailable, "LinkHut did not start beside a JACK dummy server");
}

LinkHut::~LinkHut() {
    // Asked to, it closes its JACK client; a server that lost one takes 6 s to end.
    if (hut_ > 0) press('q');
    for (int i = 0; hut_ > 0 && i < kLooks; ++i) {
        static_cast<void>(read(std::chrono::milliseconds{20}));
        if (waitpid(hut_, nullptr, WNOHANG) != 0) hut_ = -1;
    }
    end_child(hut_, SIGKILL);
    end_child(jack_, SIGTERM);
    if (terminal_ >= 0) close(terminal_);
}

void LinkHut::press(char key) {
    while (write(terminal_, &key, 1) < 0 && errno == EINTR) {
    }
}

void LinkHut::kill() { end_child(hut_, SIGKILL); }

std::vector<LinkHutLine> LinkHut::read(Nanos patience) {
    std::vector<LinkHutLine> lines;
    pollfd ready{.fd = terminal_, .events = POLLIN, .revents = 0};
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(patience).count();
    if (::poll(&ready, 1, static_cast<int>(ms)) <= 0) return lines;
    std::array<char, 4096> bytes{};
    const auto got = ::read(terminal_, bytes.data(), bytes.size());
    const auto now = std::chrono::steady_clock::now();
    for (ssize_t i = 0; i < got; ++i) {
        const char c = bytes[static_cast<std::size_t>(i)];
        if (c != '\r' && c != '\n') {
            rest_ += c;
            continue;
        }
        LinkHutLine line;
        line.came = now;
        if (parse_link_hut(rest_, line)) lines.push_back(line);
        rest_.clear();
    }
    return lines;
}

}  // namespace fusion::test
