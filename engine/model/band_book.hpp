// What each genre's band plays beside the line: bass, chords and drums as patterns of one bar, how
// they follow each other, and the tempo and instruments that go with them. Learned from the pieces
// that have such parts (engine/train/band_fit.hpp); where a genre's pieces have none, written down
// after the field's common practice (engine/models/patterns.toml), and marked so. What is played of
// it stands in engine/plan/band_plan.hpp.
//
// A pattern is relative to the chord in force at each note, so it goes with any progression; drums
// are keys of the General MIDI percussion map. A genre may have no pattern for a part: it is silent
// there.
//
// In the bundle (section BAND): a varint of genres; for each the bass, the chords and the drums: a
// varint of patterns, each bar u8, role u8, origin u8, times u16, a varint of notes of five bytes
// (in the order of BandNote), then the four habits as f32 and the program u8; then the style as
// four f32.
// Thread: any (plain values). Errors: parse_band() says malformed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/music/band_part.hpp"

namespace fusion {

// What a note of a bass is of the chord that it is played under. The last two lead to the root of
// the chord at the next bar, from a semitone below and from the scale's step above.
enum class BassTone : std::uint8_t {
    root,
    second,
    third,
    fourth,
    fifth,
    sixth,
    seventh,
    from_below,
    from_above,
};
inline constexpr std::size_t kBassTones = 9;

struct BandNote {
    std::uint8_t place = 0;   // cells after the bar line (engine/music/meter.hpp)
    std::uint8_t length = 1;  // cells, 1 or more; it may reach into the next bar
    // Bass: a BassTone. Chords: which voices of the voicing sound, bit 0 the lowest of four.
    // Drums: a key, 27 to 87.
    std::uint8_t what = 0;
    // Bass: octaves above the octave in which the root lies lowest in its register, -1 to 2.
    // Chords and drums: 0.
    std::int8_t octave = 0;
    std::uint8_t velocity = 96;  // 1 to 127
    friend bool operator==(const BandNote&, const BandNote&) = default;
};

enum class PatternRole : std::uint8_t { groove, fill };  // a fill leads out of a phrase
enum class PatternOrigin : std::uint8_t { learned, written };

struct BandPattern {
    std::uint8_t bar = 48;  // cells: 48 is 4/4, 36 is 3/4 or 6/8, 24 is 2/4
    PatternRole role = PatternRole::groove;
    PatternOrigin origin = PatternOrigin::learned;
    std::uint16_t times = 1;      // how often it was met: its share among those of its bar and role
    std::vector<BandNote> notes;  // by place, then what; may be empty: a bar of rest
    friend bool operator==(const BandPattern&, const BandPattern&) = default;
};

// How bars follow each other: probabilities that a bar is the same as the one so many before it.
// They are asked in this order (four bars ago first); where none holds, the bar is drawn anew.
struct BandHabits {
    float as_four_ago = 0.5F;
    float as_two_ago = 0.5F;
    float as_last = 0.5F;
    float fills = 0.5F;  // that a phrase of four bars ends with a fill, where there is one
    friend bool operator==(const BandHabits&, const BandHabits&) = default;
};

struct PartBook {
    std::vector<BandPattern> patterns;
    BandHabits habits;
    std::uint8_t program = 0;  // General MIDI, 1 to 128; 0: the part's usual one
    friend bool operator==(const PartBook&, const PartBook&) = default;
};

// Of the pieces' tempo: what nine in ten do not fall short of, the usual, and what nine in ten do
// not exceed. 0: not known.
struct GenreStyle {
    float slowest = 0.0F;  // BPM
    float usual = 0.0F;
    float fastest = 0.0F;
    float swing = 0.5F;  // as the parameter: 0.5 straight, 0.667 a triplet's place
    friend bool operator==(const GenreStyle&, const GenreStyle&) = default;
};

struct GenreBand {
    std::array<PartBook, kBandParts> parts;
    GenreStyle style;
    friend bool operator==(const GenreBand&, const GenreBand&) = default;
};

// Every value of the habits, in the order of the file: visit(float&).
template <class Habits, class Visit>
void each_value(Habits& habits,
                Visit visit) requires std::is_same_v<std::remove_const_t<Habits>, BandHabits> {
    visit(habits.as_four_ago);
    visit(habits.as_two_ago);
    visit(habits.as_last);
    visit(habits.fills);
}

void serialise_band(const std::vector<GenreBand>& genres, std::vector<std::uint8_t>& out);
[[nodiscard]] Result<std::vector<GenreBand>> parse_band(std::span<const std::uint8_t> payload);

}  // namespace fusion
