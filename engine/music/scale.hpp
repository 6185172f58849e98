// Where a pitch of the line, which is composed in C major or its relative minor, goes in another
// key and scale. Seven-note scales take the major scale's degrees one for one, so that a tune stays
// that tune in another mode; what lies between the degrees, and every note in scales of another
// size, goes to the nearest note of the scale, downwards where two are as near. So the higher of
// two composed notes never comes out lower, until the register folds them.
// Thread: any. Realtime: yes. Errors: none.
#pragma once

#include <cstdint>

#include "engine/music/chord.hpp"

namespace fusion {

// In the order of the words of ParamId::scale.
enum class Scale : std::uint8_t {
    off,
    major,
    minor,
    dorian,
    phrygian,
    lydian,
    mixolydian,
    locrian,
    harmonic_minor,
    melodic_minor,
    hungarian,
    pentatonic,
    minor_pentatonic,
    blues,
    whole_tone,
    octatonic,
};
inline constexpr std::size_t kScaleCount = 16;

// What is done to a pitch, in this order: scale, key (the shorter way: -5 to +6 semitones),
// transposition, octaves, register. Where the register holds no octave of the note, the nearest end
// of it wins, and that alone may leave the scale.
struct PitchSettings {
    Scale scale = Scale::off;
    int key = 0;        // semitones above C, 0 to 11
    int transpose = 0;  // semitones
    int octave = 0;     // octaves
    int lowest = 0;     // note numbers; where lowest is above highest they change places
    int highest = 127;
    PitchClassSet spared{0};  // of the composed notes, those that the scale leaves alone
    friend bool operator==(const PitchSettings&, const PitchSettings&) = default;
};

[[nodiscard]] Pitch place_pitch(Pitch composed, const PitchSettings& settings);
// The pitch classes of a scale on C, as bits 0 to 11; all of them for `off`.
[[nodiscard]] std::uint16_t pitch_classes(Scale scale);

}  // namespace fusion
