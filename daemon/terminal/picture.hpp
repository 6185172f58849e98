// A page of character cells, drawn in memory and shown by whatever can show one: the terminal
// (screen.hpp), or a test as plain text. What lies outside is cut off.
// Thread: any one. Errors: none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fusion {

// What a cell means; the terminal knows the colour.
enum class Ink : std::uint8_t { plain, faint, strong, good, warning, bad, accent, now };

struct PageSize {
    int rows = 0;
    int columns = 0;
    friend bool operator==(const PageSize&, const PageSize&) = default;
};

class Picture {
public:
    struct Cell {
        char32_t character = U' ';
        Ink ink = Ink::plain;
        friend bool operator==(const Cell&, const Cell&) = default;
    };

    explicit Picture(PageSize size);

    [[nodiscard]] PageSize size() const { return size_; }
    [[nodiscard]] const Cell& at(int row, int column) const { return cells_[place(row, column)]; }

    void put(int row, int column, char32_t character, Ink ink = Ink::plain);
    // UTF-8, a cell a character, at most `most` of them; what is no UTF-8 or moves the cursor
    // becomes a question mark. Returns the column after it.
    int write(int row, int column, std::string_view text, Ink ink = Ink::plain, int most = 1 << 20);

    // Lines of UTF-8 without the blanks at their ends.
    [[nodiscard]] std::string text() const;

private:
    [[nodiscard]] bool holds(int row, int column) const {
        return row >= 0 && row < size_.rows && column >= 0 && column < size_.columns;
    }
    [[nodiscard]] std::size_t place(int row, int column) const {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(size_.columns) +
               static_cast<std::size_t>(column);
    }

    PageSize size_;
    std::vector<Cell> cells_;
};

// Of a text as write() lays it.
[[nodiscard]] int width_of(std::string_view text);
[[nodiscard]] std::string to_utf8(char32_t character);

}  // namespace fusion
