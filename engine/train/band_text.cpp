#include "engine/train/band_text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/train/band_notation.hpp"

namespace fusion::train {
namespace {

struct Counted {
    std::size_t grooves = 0, fills = 0, written = 0;
};

Counted count(const PartBook& book) {
    Counted counted;
    for (const auto& pattern : book.patterns) {
        if (pattern.origin == PatternOrigin::written)
            ++counted.written;
        else if (pattern.role == PatternRole::fill)
            ++counted.fills;
        else
            ++counted.grooves;
    }
    return counted;
}

void add_part(const PartBook& book, BandPart part, std::string_view genre, std::string& text) {
    const auto name = kBandPartNames[static_cast<std::size_t>(part)];
    const auto& [four, two, last, fills] = book.habits;
    text += fmt::format(
        "\n== {} {}: program {}; as four bars ago {:.2f}, two {:.2f}, one {:.2f}; fills {:.2f}\n",
        genre, name, book.program, four, two, last, fills);
    auto patterns = book.patterns;
    std::ranges::stable_sort(patterns, [](const BandPattern& a, const BandPattern& b) {
        return std::tuple{a.bar != 48, a.bar, a.role, -int{a.times}} <
               std::tuple{b.bar != 48, b.bar, b.role, -int{b.times}};
    });
    for (const auto& pattern : patterns)
        text += fmt::format("\n# {} cells, {} times, {}{}\n{}", pattern.bar, pattern.times,
                            pattern.origin == PatternOrigin::learned ? "learned" : "written",
                            pattern.role == PatternRole::fill ? ", a fill" : "",
                            notation_of(pattern, part));
}

}  // namespace

std::string band_as_text(const Bundle& bundle) {
    std::string text;
    for (std::size_t g = 0; g < bundle.band.size(); ++g) {
        const auto& [parts, style] = bundle.band[g];
        text += fmt::format("{}= {}: {:.0f} to {:.0f} BPM, usually {:.0f}; swing {:.3f}\n",
                            g == 0 ? "" : "\n", bundle.genres[g], style.slowest, style.fastest,
                            style.usual, style.swing);
        for (std::size_t p = 0; p < kBandParts; ++p)
            add_part(parts[p], static_cast<BandPart>(p), bundle.genres[g], text);
    }
    return text;
}

std::string band_as_table(const Bundle& bundle) {
    const auto record = nlohmann::ordered_json::parse(bundle.record, nullptr, false);
    const auto pieces = [&](const std::string& genre, std::string_view part) -> std::size_t {
        const auto* at = &record;
        for (const auto& key :
             {std::string{"band"}, genre, std::string{part}, std::string{"pieces"}}) {
            if (!at->is_object() || !at->contains(key)) return 0;
            at = &(*at)[key];
        }
        return at->is_number_unsigned() ? at->get<std::size_t>() : 0;
    };
    std::string text =
        "| genre | bass | chords | drums | fills | tempo | swing |\n"
        "| --- | --- | --- | --- | --- | --- | --- |\n";
    for (std::size_t g = 0; g < bundle.band.size(); ++g) {
        const auto& [parts, style] = bundle.band[g];
        text += fmt::format("| {} |", bundle.genres[g]);
        for (std::size_t p = 0; p < kBandParts; ++p) {
            const auto counted = count(parts[p]);
            text += fmt::format(" {} of {} pieces, {} written |", counted.grooves,
                                pieces(bundle.genres[g], kBandPartNames[p]), counted.written);
        }
        text += fmt::format(" {} |", count(parts[2]).fills);
        text += style.usual > 0.0F ? fmt::format(" {:.0f}, {:.0f}, {:.0f} |", style.slowest,
                                                 style.usual, style.fastest)
                                   : std::string{" not known |"};
        text += fmt::format(" {:.3f} |\n", style.swing);
    }
    return text;
}

}  // namespace fusion::train
