// How far a long piece of work has come and how long it will still take: one moving line with a bar
// on a terminal, and a plain line each half minute elsewhere, so that a log does not fill.
// Thread: one. Errors: none.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>

namespace fusion {

class ProgressLine {
public:
    enum class Onto : bool { file, terminal };

    // Asks whether `out` is a terminal.
    ProgressLine(std::FILE* out, std::string work);
    ProgressLine(std::FILE* out, std::string work, Onto onto);
    // The moving line goes.
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    // `share` of the work is done, 0 to 1.
    void show(double share);

    // The line that show() would write after so long.
    [[nodiscard]] std::string line(double share, std::chrono::duration<double> since) const;

private:
    using Clock = std::chrono::steady_clock;

    std::FILE* out_;
    std::string work_;
    Onto onto_;
    Clock::time_point begun_ = Clock::now();
    Clock::time_point shown_ = begun_;
    bool stands_ = false;
};

}  // namespace fusion
