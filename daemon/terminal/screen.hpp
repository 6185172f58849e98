// The terminal as a screen of cells, through ncurses: shows a Picture, reads keys, and gives the
// terminal back as it was, at the end and when the program crashes.
// Thread: control. Errors: open() gives null where there is no terminal that can show a page, or
// where the program is not in its foreground (writing to it would stop the program).
#pragma once

#include <cstdio>
#include <memory>
#include <optional>

#include "daemon/terminal/keys.hpp"
#include "daemon/terminal/picture.hpp"

namespace fusion {

class Screen {
public:
    [[nodiscard]] static std::unique_ptr<Screen> open(std::FILE* in, std::FILE* out);
    ~Screen();
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    // As it is now: a window may have been drawn larger.
    [[nodiscard]] PageSize size();
    // Of that size. Only what has changed is sent.
    void show(const Picture& page);
    // The next key that was pressed; none: no more for now. Control-L paints all of the page anew.
    [[nodiscard]] std::optional<KeyPress> read();

private:
    struct Curses;
    explicit Screen(std::unique_ptr<Curses> curses);
    std::unique_ptr<Curses> curses_;
};

}  // namespace fusion
