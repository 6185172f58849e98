#include "daemon/terminal/held_errors.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <string_view>

#include "daemon/terminal/terminal_rescue.hpp"

namespace fusion {
namespace {

constexpr std::size_t kMostKept = 500;  // lines, to be written at the end
constexpr std::size_t kLongest = 1000;  // bytes of a line

// Without the sequences that colour it.
std::string without_colours(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\x1b') {
            plain += text[i];
            continue;
        }
        while (i < text.size() && text[i] != 'm') ++i;
    }
    return plain;
}

HeldErrors::Line::Kind kind_of(std::string_view line) {
    using enum HeldErrors::Line::Kind;
    if (line.find(" error ") != std::string_view::npos) return error;
    return line.find(" warning ") != std::string_view::npos ? warning : ordinary;
}

}  // namespace

HeldErrors::HeldErrors() {
    if (::isatty(STDERR_FILENO) == 0) return;
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
    std::fflush(stderr);
    real_ = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
    reading_ = ends[0];
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[1]);
    TerminalRescue::standard_error_is_held(reading_, real_);
}

HeldErrors::~HeldErrors() {
    if (real_ < 0) return;
    std::fflush(stderr);
    drain();
    if (!begun_.empty()) kept_.push_back(begun_);
    TerminalRescue::standard_error_is_held(-1, -1);
    ::dup2(real_, STDERR_FILENO);
    ::close(real_);
    ::close(reading_);
    for (const auto& line : kept_) std::fprintf(stderr, "%s\n", line.c_str());
}

void HeldErrors::drain() {
    if (reading_ < 0) return;
    std::array<char, 4096> part{};
    for (auto size = ::read(reading_, part.data(), part.size()); size > 0;
         size = ::read(reading_, part.data(), part.size()))
        take({part.data(), static_cast<std::size_t>(size)});
}

void HeldErrors::take(std::string_view text) {
    for (const char byte : text) {
        if (byte != '\n') {
            if (begun_.size() < kLongest) begun_ += byte;
            continue;
        }
        auto plain = without_colours(begun_);
        if (!plain.empty()) {
            const auto kind = kind_of(plain);
            lines_.push_back({std::move(plain), kind});
            if (lines_.size() > kShown) lines_.pop_front();
        }
        kept_.push_back(std::move(begun_));
        if (kept_.size() > kMostKept) kept_.pop_front();
        begun_.clear();
    }
}

}  // namespace fusion
