#include "engine/params/names.hpp"

#include <algorithm>

namespace fusion {
namespace {

// No locale: a daemon under a Turkish one reads the same.
char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool same_but_for_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, small, small);
}

std::string bare_word(std::string_view text) {
    std::string bare;
    for (const char c : text)
        if (c != ' ' && c != '-' && c != '_') bare += small(c);
    return bare;
}

std::string shortened(std::string_view text) {
    constexpr std::size_t kLongest = 64;
    if (text.size() <= kLongest) return std::string{text};
    return std::string{text.substr(0, kLongest)} + "...";
}

}  // namespace fusion
