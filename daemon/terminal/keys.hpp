// What the keyboard does: one row a command, of which dispatch, help and the line of hints are
// made. Thread: any (constant). Errors: none.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace fusion {

// A character, or one of the keys that have none.
struct KeyPress {
    enum class Key : std::uint8_t {
        character,
        up,
        down,
        left,
        right,
        page_up,
        page_down,
        home,
        end,
        enter,
        escape,
        erase,
    };
    Key key = Key::character;
    char32_t character = 0;
    friend bool operator==(const KeyPress&, const KeyPress&) = default;
};

enum class ViewCommand : std::uint8_t {
    play_or_stop,
    panic,
    choose_genre,  // by its number
    next_genre,
    previous_genre,
    more,
    less,
    much_more,
    much_less,
    all_of_it,
    nothing_of_it,
    tap,
    faster,
    slower,
    earlier,
    later,
    again,
    hold,
    mute,
    finish,
    restart,
    scenes,
    save_scene,
    help,
    quit,
};

struct KeyBinding {
    ViewCommand command;
    KeyPress press;
    std::string_view keys;  // in help: "space"
    std::string_view doc;
    std::string_view hint{};  // in the line of hints; empty: not there
};

// Of one command there may be several rows; only the first has a doc.
[[nodiscard]] std::span<const KeyBinding> key_bindings();
[[nodiscard]] std::optional<ViewCommand> command_of(const KeyPress& press);

}  // namespace fusion
