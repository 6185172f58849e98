// A chord as a value: a root, a bass and a set of pitch classes. What kind of chord it is follows
// from the root and the set, so the two can never disagree, and two spellings of one chord are
// equal.
// Thread: any. Realtime: yes. Errors: none.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "engine/base/units.hpp"

namespace fusion {

struct PitchClass : Strong<std::uint8_t, struct PitchClassTag> {  // 0..11, 0 is C
    using Strong::Strong;
};
// Of any number of semitones above or below C.
constexpr PitchClass pitch_class_of(int semitones) {
    return PitchClass{static_cast<std::uint8_t>((semitones % 12 + 12) % 12)};
}
constexpr PitchClass pitch_class_of(Pitch pitch) { return pitch_class_of(int{pitch.count()}); }
constexpr PitchClass operator+(PitchClass a, int semitones) {
    return pitch_class_of(a.count() + semitones);
}
// Semitones up from `a` to `b`, 0 to 11.
constexpr int semitones_up(PitchClass a, PitchClass b) { return (b.count() - a.count() + 12) % 12; }

// Bit k is pitch class k.
struct PitchClassSet : Strong<std::uint16_t, struct PitchClassSetTag> {
    using Strong::Strong;

    [[nodiscard]] constexpr bool holds(PitchClass c) const {
        return (static_cast<unsigned>(count()) >> c.count() & 1U) != 0;
    }
    [[nodiscard]] constexpr bool empty() const { return count() == 0; }
    [[nodiscard]] constexpr PitchClassSet with(PitchClass c) const {
        return PitchClassSet{static_cast<std::uint16_t>(count() | 1U << c.count())};
    }
    [[nodiscard]] constexpr PitchClassSet without(PitchClass c) const {
        return PitchClassSet{static_cast<std::uint16_t>(count() & ~(1U << c.count()))};
    }
    [[nodiscard]] constexpr PitchClassSet transposed(int semitones) const {
        const unsigned up = pitch_class_of(semitones).count();
        const unsigned bits = static_cast<unsigned>(count()) << up;
        return PitchClassSet{static_cast<std::uint16_t>((bits | bits >> 12U) & 0xFFFU)};
    }
    friend constexpr PitchClassSet operator|(PitchClassSet a, PitchClassSet b) {
        return PitchClassSet{static_cast<std::uint16_t>(a.count() | b.count())};
    }
    friend constexpr PitchClassSet operator&(PitchClassSet a, PitchClassSet b) {
        return PitchClassSet{static_cast<std::uint16_t>(a.count() & b.count())};
    }
};
[[nodiscard]] int size_of(PitchClassSet set);

enum class ChordQuality : std::uint8_t {
    none,  // no chord
    major,
    minor,
    dominant7,
    major7,
    minor7,
    minor_major7,
    major6,
    minor6,
    diminished,
    diminished7,
    half_diminished,
    augmented,
    sus2,
    sus4,
    dominant7_sus4,
    power,  // root and fifth: whether it is major or minor is left open
};
inline constexpr std::size_t kChordQualities = 17;

// The tones of a quality on C, without tensions; empty for `none`.
[[nodiscard]] PitchClassSet tones_of(ChordQuality quality);
// "minor7": for streams and tables.
[[nodiscard]] std::string_view name_of(ChordQuality quality);

class Chord {
public:
    // No chord (N.C.).
    constexpr Chord() = default;
    // `tones` holds everything that the symbol names, tensions too, but a bass from outside the
    // chord: G7/F# is G7 over F#. The root is always a tone.
    Chord(PitchClass root, PitchClass bass, PitchClassSet tones);
    // In root position, without tensions.
    Chord(PitchClass root, ChordQuality quality);

    [[nodiscard]] constexpr bool is_none() const { return tones_.empty(); }
    [[nodiscard]] constexpr PitchClass root() const { return root_; }
    [[nodiscard]] constexpr PitchClass bass() const { return bass_; }
    [[nodiscard]] constexpr ChordQuality quality() const { return quality_; }
    [[nodiscard]] constexpr PitchClassSet tones() const { return tones_; }

    friend constexpr bool operator==(const Chord&, const Chord&) = default;

private:
    PitchClassSet tones_{0};
    PitchClass root_{0};
    PitchClass bass_{0};
    ChordQuality quality_ = ChordQuality::none;
};
static_assert(std::is_trivially_copyable_v<Chord>);
static_assert(sizeof(Chord) <= 8, "it crosses threads in an atomic");

[[nodiscard]] Chord transposed(const Chord& chord, int semitones);
[[nodiscard]] Chord over(const Chord& chord, PitchClass bass);

// The chord's tones and its bass. With no chord there is none: who obeys chords is then free.
[[nodiscard]] bool is_chord_tone(const Chord& chord, PitchClass c);

// None where the chord has none: sus chords and power chords have no third, triads and sixth
// chords no seventh. A fifth may be altered (C7#5 has G#), a diminished seventh is a sixth above.
[[nodiscard]] std::optional<PitchClass> third_of(const Chord& chord);
[[nodiscard]] std::optional<PitchClass> fifth_of(const Chord& chord);
[[nodiscard]] std::optional<PitchClass> seventh_of(const Chord& chord);

}  // namespace fusion
