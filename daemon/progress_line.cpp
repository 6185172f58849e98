#include "daemon/progress_line.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace fusion {
namespace {

using namespace std::chrono_literals;

std::string minutes(std::chrono::duration<double> time) {
    const auto seconds = std::int64_t{std::llround(time.count())};
    if (seconds < 3600) return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
    return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace

ProgressLine::ProgressLine(std::FILE* out, std::string work)
    : ProgressLine{out, std::move(work),
                   ::isatty(::fileno(out)) != 0 ? Onto::terminal : Onto::file} {}

ProgressLine::ProgressLine(std::FILE* out, std::string work, Onto onto)
    : out_{out}, work_{std::move(work)}, onto_{onto} {}

ProgressLine::~ProgressLine() {
    if (!stands_) return;
    std::fputs("\r\x1b[K", out_);
    std::fflush(out_);
}

void ProgressLine::show(double share) {
    const auto now = Clock::now();
    if (now - shown_ < (onto_ == Onto::terminal ? Clock::duration{100ms} : Clock::duration{30s}))
        return;
    shown_ = now;
    const auto text = line(share, now - begun_);
    if (onto_ == Onto::terminal)
        fmt::print(out_, "\r\x1b[K{}", text);
    else
        fmt::print(out_, "{}\n", text);
    std::fflush(out_);
    stands_ = onto_ == Onto::terminal;
}

std::string ProgressLine::line(double share, std::chrono::duration<double> since) const {
    constexpr int kWidth = 30;
    share = std::clamp(share, 0.0, 1.0);
    const auto left =
        share > 0.0 ? fmt::format("{} left", minutes(since * ((1.0 - share) / share))) : "";
    if (onto_ == Onto::file) return fmt::format("{}: {:.0f} %, {}", work_, 100.0 * share, left);
    const int full = static_cast<int>(share * kWidth);
    return fmt::format("{} [{:#<{}}{:.<{}}] {:3.0f} %  {}", work_, "", full, "", kWidth - full,
                       100.0 * share, left);
}

}  // namespace fusion
