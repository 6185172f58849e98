#include "engine/music/chord.hpp"

#include <bit>
#include <initializer_list>

namespace fusion {
namespace {

constexpr PitchClassSet on_c(std::initializer_list<int> semitones) {
    PitchClassSet set{0};
    for (const int s : semitones) set = set.with(pitch_class_of(s));
    return set;
}

struct QualityOf {
    std::string_view name;
    PitchClassSet tones;
};

// In the order of ChordQuality.
constexpr std::array<QualityOf, kChordQualities> kQualities{{
    {"none", on_c({})},
    {"major", on_c({0, 4, 7})},
    {"minor", on_c({0, 3, 7})},
    {"dominant7", on_c({0, 4, 7, 10})},
    {"major7", on_c({0, 4, 7, 11})},
    {"minor7", on_c({0, 3, 7, 10})},
    {"minor_major7", on_c({0, 3, 7, 11})},
    {"major6", on_c({0, 4, 7, 9})},
    {"minor6", on_c({0, 3, 7, 9})},
    {"diminished", on_c({0, 3, 6})},
    {"diminished7", on_c({0, 3, 6, 9})},
    {"half_diminished", on_c({0, 3, 6, 10})},
    {"augmented", on_c({0, 4, 8})},
    {"sus2", on_c({0, 2, 7})},
    {"sus4", on_c({0, 5, 7})},
    {"dominant7_sus4", on_c({0, 5, 7, 10})},
    {"power", on_c({0, 7})},
}};

const QualityOf& of(ChordQuality quality) {
    return kQualities[static_cast<std::size_t>(quality) % kChordQualities];
}

// `tones` are counted from the root. A major third makes the minor one a sharp ninth; without a
// third the fourth counts before the second.
ChordQuality quality_of(PitchClassSet tones) {
    using enum ChordQuality;
    const auto has = [&](int semitones) { return tones.holds(pitch_class_of(semitones)); };
    if (has(4)) {
        if (has(10)) return dominant7;
        if (has(11)) return major7;
        if (!has(7) && has(8)) return augmented;
        return has(9) ? major6 : major;
    }
    if (has(3)) {
        const bool lowered_fifth = has(6) && !has(7) && !has(8);
        if (has(10)) return lowered_fifth ? half_diminished : minor7;
        if (lowered_fifth && has(9)) return diminished7;
        if (has(11)) return minor_major7;
        if (lowered_fifth) return diminished;
        return has(9) ? minor6 : minor;
    }
    if (has(5)) return has(10) ? dominant7_sus4 : sus4;
    if (has(10)) return dominant7;
    if (has(11)) return major7;
    if (has(2)) return sus2;
    return has(9) ? major6 : power;
}

std::optional<PitchClass> first_of(const Chord& chord, std::initializer_list<int> semitones) {
    for (const int s : semitones)
        if (chord.tones().holds(chord.root() + s)) return chord.root() + s;
    return std::nullopt;
}

}  // namespace

int size_of(PitchClassSet set) { return std::popcount(set.count()); }

PitchClassSet tones_of(ChordQuality quality) { return of(quality).tones; }

std::string_view name_of(ChordQuality quality) { return of(quality).name; }

Chord::Chord(PitchClass root, PitchClass bass, PitchClassSet tones)
    : tones_{tones.with(root)},
      root_{root},
      bass_{bass},
      quality_{quality_of(tones.transposed(-root.count()))} {}

Chord::Chord(PitchClass root, ChordQuality quality) {
    if (quality != ChordQuality::none)
        *this = Chord{root, root, tones_of(quality).transposed(root.count())};
}

Chord transposed(const Chord& chord, int semitones) {
    if (chord.is_none()) return chord;
    return {chord.root() + semitones, chord.bass() + semitones,
            chord.tones().transposed(semitones)};
}

Chord over(const Chord& chord, PitchClass bass) {
    return chord.is_none() ? chord : Chord{chord.root(), bass, chord.tones()};
}

bool is_chord_tone(const Chord& chord, PitchClass c) {
    return !chord.is_none() && (chord.tones().holds(c) || c == chord.bass());
}

std::optional<PitchClass> third_of(const Chord& chord) { return first_of(chord, {4, 3}); }

std::optional<PitchClass> fifth_of(const Chord& chord) {
    if (chord.is_none()) return std::nullopt;
    return first_of(chord, {7, 8, 6});
}

std::optional<PitchClass> seventh_of(const Chord& chord) {
    switch (chord.quality()) {
        case ChordQuality::diminished7: return chord.root() + 9;
        case ChordQuality::major7:
        case ChordQuality::minor_major7: return chord.root() + 11;
        case ChordQuality::dominant7:
        case ChordQuality::minor7:
        case ChordQuality::half_diminished:
        case ChordQuality::dominant7_sus4: return chord.root() + 10;
        default: return std::nullopt;
    }
}

}  // namespace fusion
