#include "engine/train/progress.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <unistd.h>

namespace fusion::train {

namespace {

using namespace std::chrono_literals;

std::string duration(std::chrono::seconds left) {
    const auto s = left.count();
    if (s >= 3600) return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
    return fmt::format("{}:{:02}", s / 60, s % 60);
}

}  // namespace

Progress::Progress(std::FILE* stream) : stream_{stream}, terminal_{isatty(fileno(stream)) == 1} {}

void Progress::show(const std::string& name, double share, std::chrono::seconds left,
                    const std::string& note) {
    const auto now = Clock::now();
    if (onlooker_ != nullptr && now - looked_ >= 200ms) {
        looked_ = now;
        onlooker_->shows(name, share, left, note);
    }
    if (now - last_ < (terminal_ ? 200ms : 30s)) return;
    last_ = now;
    share = std::clamp(share, 0.0, 1.0);
    if (!terminal_) {
        fmt::print(stream_, "{}: {:.0f}%, {} left, {}\n", name, 100.0 * share, duration(left),
                   note);
    } else {
        constexpr int kWidth = 30;
        const int full = static_cast<int>(share * kWidth);
        fmt::print(stream_, "\r\x1b[K{} [{}{}] {:3.0f}%  {} left  {}", name,
                   std::string(static_cast<std::size_t>(full), '#'),
                   std::string(static_cast<std::size_t>(kWidth - full), '.'), 100.0 * share,
                   duration(left), note);
        open_ = true;
    }
    std::fflush(stream_);
}

void Progress::say(const std::string& line) {
    if (onlooker_ != nullptr) onlooker_->says(line);
    fmt::print(stream_, "{}{}\n", open_ ? "\r\x1b[K" : "", line);
    std::fflush(stream_);
    open_ = false;
}

}  // namespace fusion::train
