#include "engine/params/tonality.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "engine/params/names.hpp"
#include "engine/params/table.hpp"

namespace fusion {
namespace {

using namespace std::string_view_literals;

// Other names of the table's scales.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kOtherNames{{
    {"maj", "major"},
    {"ionian", "major"},
    {"min", "minor"},
    {"aeolian", "minor"},
    {"naturalminor", "minor"},
    {"majorpentatonic", "pentatonic"},
    {"hungarianminor", "hungarian"},
}};

struct Accidental {
    std::string_view sign;  // in small letters
    int semitones;
};
// Longer ones first: "sharp" is no "s", and "##" no "#".
constexpr std::array<Accidental, 8> kAccidentals{{{"sharp", 1},
                                                  {"natural", 0},
                                                  {"flat", -1},
                                                  {"♯", 1},
                                                  {"♮", 0},
                                                  {"♭", -1},
                                                  {"#", 1},
                                                  {"b", -1}}};

std::string_view without_parting(std::string_view text) {
    const auto first = text.find_first_not_of(" -_");
    return first == std::string_view::npos ? ""sv : text.substr(first);
}

// The letter's semitones above C, or none.
std::optional<int> letter_of(char c) {
    constexpr std::array<int, 7> kFromA{9, 11, 0, 2, 4, 5, 7};
    const auto place = std::string_view{"ABCDEFGabcdefg"}.find(c);
    if (place == std::string_view::npos) return {};
    return kFromA[place % kFromA.size()];
}

// What the rest says of the scale: nothing, a scale, or none of both.
struct Mode {
    bool is_sound;
    std::optional<double> scale;
};

Mode mode_of(std::string_view rest) {
    if (rest.empty()) return {true, {}};
    const auto said = without_parting(rest);
    if (said == "m") return {true, find_scale("minor")};
    const auto scale = find_scale(said);
    return {scale.has_value(), scale};
}

double wrapped(int semitones) { return static_cast<double>((semitones + 12) % 12); }

std::string key_word(int semitones) {
    return std::string{spec(ParamId::key).words[static_cast<std::size_t>(wrapped(semitones))]};
}

// The hint for what other tongues and chord books write; empty where it is neither.
std::string otherwise(std::string_view text) {
    const auto said = bare_word(text);
    if (said == "h" || said.starts_with("hm") || said.starts_with("hd"))
        return "; H is German: write B for it, and Bb for the German B";
    const auto letter = said.empty() ? std::nullopt : letter_of(said.front());
    if (!letter) return {};
    const auto rest = std::string_view{said}.substr(1);
    const auto sharp = key_word(*letter + 1);
    const auto flat = key_word(*letter - 1);
    if (rest == "is") return fmt::format("; it is German: write {}", sharp);
    if (rest == "es") return fmt::format("; it is German: write {}", flat);
    if (rest == "s" && (said == "as" || said == "es"))
        return fmt::format("; it is {} to some and {} to others: write that", flat, sharp);
    if (rest == "s") return fmt::format("; write {}", sharp);
    if (text.ends_with('M')) return "; M alone may be either: write m for minor, or maj";
    return {};
}

}  // namespace

std::optional<double> find_scale(std::string_view text) {
    const auto said = bare_word(text);
    if (said.empty()) return {};
    const auto* other =
        std::ranges::find(kOtherNames, said, &decltype(kOtherNames)::value_type::first);
    return find_word(spec(ParamId::scale).words, other == kOtherNames.end() ? text : other->second);
}

Result<Tonality> read_tonality(std::string_view text) {
    const auto letter = text.empty() ? std::nullopt : letter_of(text.front());
    if (letter) {
        const auto rest = text.substr(1);
        // "Bb" is a letter and a sign; "B blues" and "Bblues" are not, though they go on with a b.
        if (const auto mode = mode_of(rest); mode.is_sound)
            return Tonality{wrapped(*letter), mode.scale};
        const auto signed_rest = without_parting(rest);
        for (const auto& [sign, semitones] : kAccidentals) {
            // Only a word may stand apart from its letter: "C b" is a slip, "C flat" is none.
            const auto from = sign.size() > 3 ? signed_rest : rest;
            if (from.size() < sign.size() || !same_but_for_case(from.substr(0, sign.size()), sign))
                continue;
            if (const auto mode = mode_of(from.substr(sign.size())); mode.is_sound)
                return Tonality{wrapped(*letter + semitones), mode.scale};
        }
    }
    return fail(
        Error::Code::out_of_range,
        fmt::format("'{}' is not {}, nor a key and a scale, as in Am or D dorian{}",
                    shortened(text), join_words(spec(ParamId::key).words), otherwise(text)));
}

}  // namespace fusion
