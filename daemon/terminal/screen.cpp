#include "daemon/terminal/screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <clocale>
#include <cstdlib>
#include <string_view>
#include <vector>

#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <curses.h>

#include "daemon/terminal/terminal_rescue.hpp"

namespace fusion {
namespace {

constexpr wint_t kRepaint = U'L' & 0x1FU;
constexpr int kEscapeDelay = 25;  // ms: a key of its own, or the begin of an arrow's

bool is_ours(int terminal) {
    return ::isatty(terminal) != 0 && ::tcgetpgrp(terminal) == ::getpgrp();
}

bool can_show_pages() {
    const char* term = std::getenv("TERM");
    return term != nullptr && *term != '\0' && std::string_view{term} != "dumb";
}

// The cells are UTF-8, whatever else the machine's language is; LC_CTYPE alone, so that numbers
// keep their point.
void speak_utf8() {
    for (const char* locale : {"", "C.UTF-8"})
        if (std::setlocale(LC_CTYPE, locale) != nullptr && MB_CUR_MAX > 1) return;
}

// Pairs of colours, in the order of Ink.
void choose_colours() {
    if (!::has_colors()) return;
    ::start_color();
    ::use_default_colors();
    constexpr short kOwn = -1;
    const short colours[] = {kOwn,         kOwn,      kOwn,       COLOR_GREEN,
                             COLOR_YELLOW, COLOR_RED, COLOR_CYAN, COLOR_MAGENTA};
    for (short i = 0; i < static_cast<short>(std::size(colours)); ++i)
        ::init_pair(static_cast<short>(i + 1), colours[i], kOwn);
}

attr_t attributes_of(Ink ink) {
    switch (ink) {
        case Ink::faint: return A_DIM;
        case Ink::strong:
        case Ink::bad:
        case Ink::now: return A_BOLD;
        default: return A_NORMAL;
    }
}

using Key = KeyPress::Key;

std::optional<KeyPress> special(wint_t code) {
    switch (code) {
        case KEY_UP: return KeyPress{Key::up, 0};
        case KEY_DOWN: return KeyPress{Key::down, 0};
        case KEY_LEFT: return KeyPress{Key::left, 0};
        case KEY_RIGHT: return KeyPress{Key::right, 0};
        case KEY_PPAGE: return KeyPress{Key::page_up, 0};
        case KEY_NPAGE: return KeyPress{Key::page_down, 0};
        case KEY_HOME: return KeyPress{Key::home, 0};
        case KEY_END: return KeyPress{Key::end, 0};
        case KEY_ENTER: return KeyPress{Key::enter, 0};
        case KEY_BACKSPACE:
        case KEY_DC: return KeyPress{Key::erase, 0};
        default: return {};
    }
}

std::optional<KeyPress> ordinary(wint_t code) {
    switch (code) {
        case U'\n':
        case U'\r': return KeyPress{Key::enter, 0};
        case 0x1B: return KeyPress{Key::escape, 0};
        case 0x08:
        case 0x7F: return KeyPress{Key::erase, 0};
        default: break;
    }
    if (code < 0x20) return {};
    return KeyPress{Key::character, static_cast<char32_t>(code)};
}

}  // namespace

struct Screen::Curses {
    TerminalRescue rescue;  // before the terminal is changed, after it is given back
    SCREEN* screen = nullptr;
    int terminal = -1;

    explicit Curses(int t) : rescue{t}, terminal{t} {}
    ~Curses() {
        if (screen == nullptr) return;
        ::endwin();
        ::delscreen(screen);
    }
    Curses(const Curses&) = delete;
    Curses& operator=(const Curses&) = delete;
};

Screen::Screen(std::unique_ptr<Curses> curses) : curses_{std::move(curses)} {}
Screen::~Screen() = default;

std::unique_ptr<Screen> Screen::open(std::FILE* in, std::FILE* out) {
    if (in == nullptr || out == nullptr || !can_show_pages()) return nullptr;
    if (!is_ours(::fileno(in)) || !is_ours(::fileno(out))) return nullptr;
    speak_utf8();
    auto curses = std::make_unique<Curses>(::fileno(out));
    curses->screen = ::newterm(nullptr, out, in);
    if (curses->screen == nullptr) return nullptr;  // a kind of terminal that nobody knows
    ::set_term(curses->screen);
    ::cbreak();
    ::noecho();
    ::nonl();
    ::nodelay(stdscr, TRUE);
    ::keypad(stdscr, TRUE);
    ::set_escdelay(kEscapeDelay);
    ::curs_set(0);
    choose_colours();
    return std::unique_ptr<Screen>{new Screen{std::move(curses)}};
}

PageSize Screen::size() {
    winsize now{};
    if (::ioctl(curses_->terminal, TIOCGWINSZ, &now) == 0 && now.ws_row > 0 && now.ws_col > 0 &&
        (now.ws_row != LINES || now.ws_col != COLS))
        ::resizeterm(now.ws_row, now.ws_col);
    return {LINES, COLS};
}

void Screen::show(const Picture& page) {
    for (int row = 0; row < page.size().rows; ++row) {
        ::move(row, 0);
        for (int column = 0; column < page.size().columns; ++column) {
            const auto& cell = page.at(row, column);
            const wchar_t text[] = {static_cast<wchar_t>(cell.character), L'\0'};
            const auto pair = static_cast<short>(static_cast<short>(cell.ink) + 1);
            cchar_t shown{};
            ::setcchar(&shown, text, attributes_of(cell.ink), pair, nullptr);
            ::mvadd_wch(row, column, &shown);
        }
    }
    ::refresh();
}

std::optional<KeyPress> Screen::read() {
    while (true) {
        wint_t code = 0;
        const int kind = ::get_wch(&code);
        if (kind == ERR) return {};
        if (kind == OK && code == kRepaint) ::clearok(stdscr, TRUE);
        // What is no key of ours (a resize, a function key) is passed over.
        if (const auto press = kind == KEY_CODE_YES ? special(code) : ordinary(code)) return press;
    }
}

}  // namespace fusion
