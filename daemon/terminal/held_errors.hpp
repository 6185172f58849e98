// Standard error while a page stands on the terminal: what the log and the libraries (JACK, ALSA)
// write there comes out here as lines, and goes where it was to go when the page is gone. Where
// standard error is no terminal nothing is held.
// Thread: control; others write to standard error as ever. They never wait: where nobody reads,
// what does not fit is lost. Errors: none.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

namespace fusion {

class HeldErrors {
public:
    struct Line {
        enum class Kind : std::uint8_t { ordinary, warning, error };
        std::string text;  // without colours
        Kind kind = Kind::ordinary;
    };

    HeldErrors();
    ~HeldErrors();
    HeldErrors(const HeldErrors&) = delete;
    HeldErrors& operator=(const HeldErrors&) = delete;

    // Takes over what has come.
    void drain();
    // The newest kShown, oldest first.
    [[nodiscard]] const std::deque<Line>& lines() const { return lines_; }

    static constexpr std::size_t kShown = 64;

private:
    void take(std::string_view text);

    int real_ = -1;  // where standard error went; -1: nothing is held
    int reading_ = -1;
    std::string begun_;  // a line without its end
    std::deque<Line> lines_;
    std::deque<std::string> kept_;  // as they came, to be written at the end
};

}  // namespace fusion
