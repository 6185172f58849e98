#include "daemon/terminal/picture.hpp"

#include <algorithm>

namespace fusion {
namespace {

constexpr char32_t kUnreadable = U'?';

// The next character of `text`, which is not empty, and how many bytes it took.
struct Read {
    char32_t character;
    std::size_t bytes;
};
Read read_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto lead = byte(0);
    if (lead < 0x80) return {lead < 0x20 || lead == 0x7F ? kUnreadable : char32_t{lead}, 1};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    if (length == 0 || length > text.size()) return {kUnreadable, 1};
    char32_t character = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return {kUnreadable, 1};
        character = character << 6U | (byte(i) & 0x3FU);
    }
    const bool controls = character < 0xA0;
    return {controls ? kUnreadable : character, length};
}

}  // namespace

Picture::Picture(PageSize size)
    : size_{std::max(size.rows, 0), std::max(size.columns, 0)},
      cells_(static_cast<std::size_t>(size_.rows) * static_cast<std::size_t>(size_.columns)) {}

void Picture::put(int row, int column, char32_t character, Ink ink) {
    if (holds(row, column)) cells_[place(row, column)] = {character, ink};
}

int Picture::write(int row, int column, std::string_view text, Ink ink, int most) {
    while (!text.empty() && most-- > 0) {
        const auto [character, bytes] = read_character(text);
        put(row, column++, character, ink);
        text.remove_prefix(bytes);
    }
    return column;
}

std::string Picture::text() const {
    std::string text;
    for (int row = 0; row < size_.rows; ++row) {
        std::string line;
        for (int column = 0; column < size_.columns; ++column)
            line += to_utf8(at(row, column).character);
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

int width_of(std::string_view text) {
    int width = 0;
    for (; !text.empty(); ++width) text.remove_prefix(read_character(text).bytes);
    return width;
}

std::string to_utf8(char32_t character) {
    const auto tail = [&](unsigned shift) {
        return static_cast<char>(0x80U | (character >> shift & 0x3FU));
    };
    if (character < 0x80) return {static_cast<char>(character)};
    if (character < 0x800) return {static_cast<char>(0xC0U | character >> 6U), tail(0)};
    if (character < 0x10000) return {static_cast<char>(0xE0U | character >> 12U), tail(6), tail(0)};
    return {static_cast<char>(0xF0U | character >> 18U), tail(12), tail(6), tail(0)};
}

}  // namespace fusion
