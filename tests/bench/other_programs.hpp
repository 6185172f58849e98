// The programs that stand beside a benchmark: cyclictest for the floor, stress-ng for the load.
// Both are Debian's (rt-tests, stress-ng) and end by themselves; a bench that fails ends them too.
// Thread: any one. Errors: not_found where a program is not installed, malformed where its output
// is not understood.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "engine/base/histogram.hpp"
#include "engine/base/result.hpp"

namespace fusion::bench {

// A child whose output is kept. Started without a copy of this process's memory (posix_spawn): a
// fork would make the clock's next write to each page a page fault.
class OtherProgram {
public:
    static Result<OtherProgram> start(const std::vector<std::string>& command,
                                      const std::string& package);
    ~OtherProgram() { stop(); }
    OtherProgram(OtherProgram&& other) noexcept;
    OtherProgram& operator=(OtherProgram&&) = delete;
    OtherProgram(const OtherProgram&) = delete;
    OtherProgram& operator=(const OtherProgram&) = delete;

    // Asks it to end, and waits.
    void stop();
    // Waits for its end; what it printed.
    [[nodiscard]] std::string wait();

private:
    OtherProgram(pid_t process, int output) : process_{process}, output_{output} {}

    pid_t process_;  // 0: has ended
    int output_;     // a file in memory
};

// 1 ms sleeps at SCHED_FIFO `priority` (0: an ordinary thread) for so many seconds.
[[nodiscard]] Result<OtherProgram> start_cyclictest(int priority, int seconds);
// Waits for it and counts what it measured.
[[nodiscard]] Status read_cyclictest(OtherProgram& cyclictest, Histogram& into);
// The lines "microseconds count" of its histogram, of what is printed with -q -h.
[[nodiscard]] Status parse_cyclictest(const std::string& printed, Histogram& into);

// Keeps `cores` busy until it is stopped, for `seconds` at most.
[[nodiscard]] Result<OtherProgram> start_load(unsigned cores, int seconds);

}  // namespace fusion::bench
