// The program link_peer at the other end of two pipes, and what its clock is in ours.
// Thread: one, but for the reading of its lines, which has a thread of its own so that their stamps
// are true. Errors: false and nothing where it cannot be started or does not answer within 2 s.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/base/units.hpp"

namespace fusion::bench {

// What it said: `host` is Link's clock, `came` ours when the line was here.
struct PeerLine {
    TimePoint came;
    Micros host;
    double beats;
    double tempo;
    std::size_t peers;
};

class ExactPeer {
public:
    ExactPeer() = default;
    ~ExactPeer();
    ExactPeer(const ExactPeer&) = delete;
    ExactPeer& operator=(const ExactPeer&) = delete;

    [[nodiscard]] bool start(const std::filesystem::path& program, int priority);
    // When it committed what was asked of it.
    [[nodiscard]] std::optional<Micros> command(const std::string& text);
    // The lines since the last call.
    [[nodiscard]] std::vector<PeerLine> take();

private:
    void read_all(int priority);
    void take_line(const std::string& text, TimePoint now);

    pid_t process_ = -1;
    int to_ = -1;
    int from_ = -1;
    std::atomic<std::int64_t> done_{0};
    std::mutex mutex_;
    std::vector<PeerLine> lines_;
    std::jthread thread_;
};

// Link's clock against ours, measured apart from LinkSync: pairs, and lines between them.
class ClockPairs {
public:
    void take();
    // Two pairs have been taken.
    [[nodiscard]] TimePoint to_ours(Micros host) const;

private:
    std::vector<std::pair<Nanos, TimePoint>> pairs_;
};

}  // namespace fusion::bench
