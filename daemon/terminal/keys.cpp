#include "daemon/terminal/keys.hpp"

#include <algorithm>
#include <array>

namespace fusion {
namespace {

using enum ViewCommand;
using Key = KeyPress::Key;

constexpr KeyPress press(char32_t character) { return {Key::character, character}; }
constexpr KeyPress press(Key key) { return {key, 0}; }

// clang-format off
constexpr std::array kBindings{
    KeyBinding{play_or_stop, press(U' '), "space", "play, or stop", "play"},
    KeyBinding{panic, press(U'p'), "p", "panic: silence now, the line goes on", "panic"},
    KeyBinding{choose_genre, press(U'1'), "1 to 9", "choose a genre", "genre"},
    KeyBinding{next_genre, press(Key::right), "right, left", "choose the next genre, the one before"},
    KeyBinding{previous_genre, press(Key::left), {}, {}},
    KeyBinding{more, press(Key::up), "up, down", "turn its weight by a half", "weight"},
    KeyBinding{less, press(Key::down), {}, {}},
    KeyBinding{much_more, press(Key::page_up), "page up, page down", "turn its weight by two"},
    KeyBinding{much_less, press(Key::page_down), {}, {}},
    KeyBinding{all_of_it, press(Key::end), "end", "its weight to 10"},
    KeyBinding{nothing_of_it, press(Key::home), "home, 0", "its weight to 0"},
    KeyBinding{nothing_of_it, press(U'0'), {}, {}},
    KeyBinding{tap, press(U't'), "t", "tap the tempo"},
    KeyBinding{faster, press(U'+'), "+, -", "tempo up or down by one"},
    KeyBinding{faster, press(U'='), {}, {}},
    KeyBinding{slower, press(U'-'), {}, {}},
    KeyBinding{earlier, press(U'<'), "<, >", "nudge the beat by 10 ms: earlier, later"},
    KeyBinding{later, press(U'>'), {}, {}},
    KeyBinding{again, press(U'a'), "a", "the last bars once more"},
    KeyBinding{hold, press(U'h'), "h", "hold the last bars, or let the line go on"},
    KeyBinding{mute, press(U'm'), "m", "mute, or sound again"},
    KeyBinding{finish, press(U'e'), "e", "come to an end with the phrase"},
    KeyBinding{restart, press(U'r'), "r", "back to bar one with a fresh line"},
    KeyBinding{scenes, press(U's'), "s", "scenes: choose one to recall or to morph to", "scenes"},
    KeyBinding{save_scene, press(U'w'), "w", "write all that is of the music down as a scene"},
    KeyBinding{help, press(U'?'), "?", "this page", "help"},
    KeyBinding{quit, press(U'q'), "q", "end fusiond; asks once more", "quit"},
};
// clang-format on

}  // namespace

std::span<const KeyBinding> key_bindings() { return kBindings; }

std::optional<ViewCommand> command_of(const KeyPress& pressed) {
    const bool is_digit =
        pressed.key == Key::character && pressed.character >= U'1' && pressed.character <= U'9';
    if (is_digit) return choose_genre;
    const auto it = std::ranges::find(kBindings, pressed, &KeyBinding::press);
    if (it == kBindings.end()) return {};
    return it->command;
}

}  // namespace fusion
