#include <fmt/format.h>

#include "engine/music/chord_symbol.hpp"

namespace fusion {
namespace {

struct Spelling {
    std::string_view before;
    // A seventh chord's 7 becomes 9, 11 or 13 where it goes on to there without a gap but the 11.
    enum class Number : std::uint8_t { none, six, seven } number = Number::none;
    std::string_view behind = {};
};

// In the order of ChordQuality.
constexpr std::array<Spelling, kChordQualities> kSpellings{{
    {""},
    {""},
    {"m"},
    {"", Spelling::Number::seven},
    {"maj", Spelling::Number::seven},
    {"m", Spelling::Number::seven},
    {"mMaj", Spelling::Number::seven},
    {"", Spelling::Number::six},
    {"m", Spelling::Number::six},
    {"dim"},
    {"dim", Spelling::Number::seven},
    {"m", Spelling::Number::seven, "b5"},
    {"aug"},
    {"sus2"},
    {"sus4"},
    {"", Spelling::Number::seven, "sus4"},
    {"5"},
}};

// The tones of a chord from its root, taken as they are named.
class Tones {
public:
    explicit Tones(PitchClassSet set) : left_{set} {}

    [[nodiscard]] bool has(int semitones) const { return left_.holds(pitch_class_of(semitones)); }
    bool take(int semitones) {
        const bool held = has(semitones);
        left_ = left_.without(pitch_class_of(semitones));
        return held;
    }

private:
    PitchClassSet left_;
};

std::string number_of(Spelling::Number number, Tones& tones) {
    if (number == Spelling::Number::none) return "";
    // Beside an altered ninth the natural one must be said: a 9 alone would give way to it.
    const bool altered = number == Spelling::Number::seven && (tones.has(1) || tones.has(3));
    const bool ninth = !altered && tones.take(2);
    if (number == Spelling::Number::six) return ninth ? "6/9" : "6";
    if (!ninth) return "7";
    if (tones.take(9)) return "13";
    return tones.take(5) ? "11" : "9";
}

// What stands behind the root.
std::string suffix_of(ChordQuality quality, PitchClassSet set) {
    struct Named {
        int semitones;
        std::string_view name;
    };
    constexpr std::array<Named, 8> kTensions{{{1, "b9"},
                                              {3, "#9"},
                                              {6, "#11"},
                                              {8, "b13"},
                                              {11, "addmaj7"},
                                              {2, "add9"},
                                              {5, "add11"},
                                              {9, "add13"}}};
    Tones tones{set};
    std::string omitted;
    for (int s = 0; s < 12; ++s)
        if (s != 7 && tones_of(quality).holds(pitch_class_of(s)) && !tones.take(s))
            omitted += "no3";  // a quality's other tones but the fifth are what makes it

    const auto& spelling = kSpellings[static_cast<std::size_t>(quality) % kSpellings.size()];
    const auto number = number_of(spelling.number, tones);
    const auto base = fmt::format("{}{}{}", spelling.before, number, spelling.behind);
    std::string more;
    if (tones_of(quality).holds(PitchClass{7}) && !tones.take(7)) {
        if (tones.take(8))
            more += "#5";
        else if (tones.take(6))
            more += "b5";
        else
            omitted += "no5";
    }
    for (const auto& [semitones, name] : kTensions)
        if (tones.take(semitones)) more += name;
    more += omitted;
    // Right behind the root an accidental would be the root's.
    const bool bracketed = base.empty() && (more.starts_with('b') || more.starts_with('#'));
    return bracketed ? fmt::format("({})", more) : base + more;
}

}  // namespace

std::string_view name_of(PitchClass c) {
    constexpr std::array<std::string_view, 12> kNames{"C",  "Db", "D",  "Eb", "E",  "F",
                                                      "F#", "G",  "Ab", "A",  "Bb", "B"};
    return kNames[c.count() % kNames.size()];
}

std::string to_text(const Chord& chord) {
    if (chord.is_none()) return "N.C.";
    auto text =
        fmt::format("{}{}", name_of(chord.root()),
                    suffix_of(chord.quality(), chord.tones().transposed(-chord.root().count())));
    if (chord.bass() != chord.root()) text += fmt::format("/{}", name_of(chord.bass()));
    return text;
}

}  // namespace fusion
