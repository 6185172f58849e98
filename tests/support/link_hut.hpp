// Link's own command-line peer, LinkHut, at the end of a pseudo-terminal, with a JACK server of its
// own (Debian's build plays its click there and does not start without). It prints a line of state
// every 10 ms; each is stamped with the moment at which it came.
// Thread: one. Errors: start() says what is missing.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/base/units.hpp"

namespace fusion::test {

struct LinkHutLine {
    TimePoint came{};
    bool enabled = false;
    std::size_t peers = 0;
    double quantum = 0.0;
    bool start_stop_sync = false;
    bool playing = false;
    double tempo = 0.0;
    double beats = 0.0;  // as printed: to a hundredth
};

class LinkHut {
public:
    // Its keys: a enables, e and w turn the tempo by 1, t and r the quantum, s start/stop sync,
    // space starts and stops, q quits.
    [[nodiscard]] static Result<std::unique_ptr<LinkHut>> start();
    ~LinkHut();
    LinkHut(const LinkHut&) = delete;
    LinkHut& operator=(const LinkHut&) = delete;

    void press(char key);
    // Waits up to `patience` for something to come, and returns the lines that have.
    [[nodiscard]] std::vector<LinkHutLine> read(Nanos patience);
    // Gone without a word to its peers.
    void kill();

private:
    LinkHut() = default;

    pid_t jack_ = -1;
    pid_t hut_ = -1;
    int terminal_ = -1;
    std::string rest_;  // of a line that has begun
};

// A line as it is printed, without its end; false for anything else.
[[nodiscard]] bool parse_link_hut(std::string_view text, LinkHutLine& line);

}  // namespace fusion::test
