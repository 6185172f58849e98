#include "tests/bench/exact_peer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <ctime>

#include "engine/base/realtime_rights.hpp"

namespace fusion::bench {

ExactPeer::~ExactPeer() {
    if (process_ <= 0) return;
    ::kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
    thread_ = {};
    close(to_);
    close(from_);
}

bool ExactPeer::start(const std::filesystem::path& program, int priority) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (access(program.c_str(), X_OK) != 0 || pipe2(in.data(), O_CLOEXEC) != 0 ||
        pipe2(out.data(), O_CLOEXEC) != 0)
        return false;
    process_ = fork();
    if (process_ == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        execl(program.c_str(), program.c_str(), nullptr);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    to_ = in[1];
    from_ = out[0];
    thread_ = std::jthread{[this, priority] { read_all(priority); }};
    return process_ > 0;
}

std::optional<Micros> ExactPeer::command(const std::string& text) {
    const auto before = done_.load();
    const auto line = text + '\n';
    if (write(to_, line.data(), line.size()) < 0) return std::nullopt;
    for (int i = 0; i < 2000; ++i) {
        if (done_.load() != before) return Micros{done_.load()};
        ::poll(nullptr, 0, 1);
    }
    return std::nullopt;
}

std::vector<PeerLine> ExactPeer::take() {
    const std::lock_guard lock{mutex_};
    return std::exchange(lines_, {});
}

void ExactPeer::read_all(int priority) {
    RealtimeGrant grant;
    ask_for_fifo(priority, grant);
    std::string rest;
    std::array<char, 4096> bytes{};
    for (;;) {
        const auto got = ::read(from_, bytes.data(), bytes.size());
        const auto now = std::chrono::steady_clock::now();
        if (got <= 0) return;
        rest.append(bytes.data(), static_cast<std::size_t>(got));
        for (auto end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
            take_line(rest.substr(0, end), now);
            rest.erase(0, end + 1);
        }
    }
}

void ExactPeer::take_line(const std::string& text, TimePoint now) {
    long long host = 0;
    PeerLine line{now, {}, 0, 0, 0};
    if (std::sscanf(text.c_str(), "DONE %lld", &host) == 1) {
        done_.store(host);
    } else if (std::sscanf(text.c_str(), "%lld %lf %lf %zu", &host, &line.beats, &line.tempo,
                           &line.peers) == 4) {
        line.host = Micros{host};
        const std::lock_guard lock{mutex_};
        lines_.push_back(line);
    }
}

void ClockPairs::take() {
    TimePoint ours;
    Nanos host{0};
    Nanos width = Nanos::max();
    for (int i = 0; i < 20; ++i) {
        timespec raw{};
        const auto before = std::chrono::steady_clock::now();
        clock_gettime(CLOCK_MONOTONIC_RAW, &raw);
        const auto after = std::chrono::steady_clock::now();
        if (after - before >= width) continue;
        width = after - before;
        ours = before + width / 2;
        host = std::chrono::seconds{raw.tv_sec} + Nanos{raw.tv_nsec};
    }
    pairs_.emplace_back(host, ours);
}

TimePoint ClockPairs::to_ours(Micros host) const {
    const auto right =
        std::upper_bound(pairs_.begin() + 1, pairs_.end() - 1, Nanos{host},
                         [](Nanos value, const auto& pair) { return value < pair.first; });
    const auto& [h0, t0] = *(right - 1);
    const auto& [h1, t1] = *right;
    const auto rate =
        static_cast<double>((t1 - t0).count()) / static_cast<double>((h1 - h0).count());
    return t0 + Nanos{std::llround(static_cast<double>((host - h0).count()) * rate)};
}

}  // namespace fusion::bench
