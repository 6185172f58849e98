#include "engine/corpus/chord_marks.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "engine/music/chord_symbol.hpp"

namespace fusion {
namespace {

constexpr std::string_view kPrefix = "chord:";

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks{" \t\r\n\0", 5};
    const auto from = text.find_first_not_of(kBlanks);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(kBlanks) - from + 1);
}

std::string printable(std::string_view text) {
    std::string shown{text};
    std::replace_if(
        shown.begin(), shown.end(), [](char c) { return c < 0x20 || c > 0x7E; }, '?');
    return shown;
}

}  // namespace

ChordMarks chord_marks(const Smf& smf, std::size_t track) {
    ChordMarks found;
    for (const auto& [at, text] : smf.markers_of(track)) {
        std::string_view symbol = trimmed(text);
        if (!symbol.starts_with(kPrefix)) continue;
        symbol = trimmed(symbol.substr(kPrefix.size()));
        const auto chord = parse_chord_symbol(symbol);
        if (!chord) {
            if (++found.unreadable == 1)
                found.why = fmt::format("{}: {}", printable(symbol), chord.error().message);
            continue;
        }
        if (!found.marks.empty() && found.marks.back().at == at)
            found.marks.back().chord = *chord;
        else
            found.marks.push_back({at, *chord});
    }
    return found;
}

}  // namespace fusion
