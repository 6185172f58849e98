#include "engine/corpus/line_text.hpp"

#include <array>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace fusion {
namespace {

std::string_view name_of(std::uint8_t meter) {
    constexpr std::array<std::string_view, kMeterClasses> kNames{"quadruple", "triple", "compound",
                                                                 "duple"};
    return meter < kNames.size() ? kNames[meter] : "?";
}

std::string_view name_of(Split split) {
    switch (split) {
        case Split::training: return "training";
        case Split::validation: return "validation";
        case Split::test: return "test";
    }
    return "?";
}

std::string name_of(const Event& event) {
    if (event.is_rest()) return "-";
    constexpr std::array<std::string_view, 12> kNames{"C",  "C#", "D",  "Eb", "E",  "F",
                                                      "F#", "G",  "Ab", "A",  "Bb", "B"};
    const auto pitch = event.pitch->count();
    return fmt::format("{}{}", kNames[pitch % 12U], pitch / 12 - 1);
}

}  // namespace

std::string describe_line(const Piece& piece, const Vocabulary& vocabulary) {
    const auto& line = piece.line;
    std::string text =
        fmt::format("{}: {} events, {}\n", piece.name, line.size(), name_of(piece.split));
    std::optional<std::uint8_t> meter;
    int bar_end = 0;  // of the text's bar: where the last event ended, in its cells
    for (std::size_t i = 0; i < line.size(); ++i) {
        const auto& event = vocabulary[line.events[i]];
        const int position = line.positions[i];
        // The next event stands where the last one ended, or in a later bar.
        const bool new_bar = i == 0 || position != bar_end || line.meters[i] != meter;
        if (new_bar) {
            text += fmt::format("{}{:>10} |", i == 0 ? "" : "\n",
                                line.meters[i] == meter ? "" : name_of(line.meters[i]));
            meter = line.meters[i];
        }
        text += fmt::format(" @{} {}:{}", position, name_of(event), event.duration.count());
        bar_end = position + event.duration.count();
    }
    return text + '\n';
}

}  // namespace fusion
