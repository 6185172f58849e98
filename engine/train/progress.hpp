// How far a long work has come: one moving line with a bar on a terminal, a plain line now and then
// elsewhere. Somebody who looks on is told the same. Thread: one.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>

#include "engine/train/onlooker.hpp"

namespace fusion::train {

class Progress {
public:
    explicit Progress(std::FILE* stream = stderr);

    // `share` 0..1 of the named work; `note` is shown behind it.
    void show(const std::string& name, double share, std::chrono::seconds left,
              const std::string& note);
    // A line that stays.
    void say(const std::string& line);

    // It outlives this, or nobody (null) looks on any more.
    void shown_to(Onlooker* onlooker) { onlooker_ = onlooker; }
    // Of those who look on; null: nobody does.
    [[nodiscard]] Onlooker* onlooker() const { return onlooker_; }

private:
    using Clock = std::chrono::steady_clock;

    std::FILE* stream_;
    bool terminal_;
    Clock::time_point last_{};
    Onlooker* onlooker_ = nullptr;
    Clock::time_point looked_{};
    bool open_ = false;  // the moving line stands on the terminal
};

}  // namespace fusion::train
