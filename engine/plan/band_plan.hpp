// What bass, chords and drums play to the plan: for every beat of the line its notes, from the
// patterns of the genre that leads the phrase (engine/model/band_book.hpp).
//
// Who leads is the line's leader wherever a part has no weights of its own (lead.hpp), so that line
// and band are one genre's at a time. A phrase that returns in the line (form_plan.hpp) returns in
// the band too; within and between phrases a bar is that of four, two or one bars ago as often as
// in the genre's pieces; the last bar of a phrase may be a fill. Bass notes are tones of the chord
// in force, a chord is voiced with the least motion from the one before it in its phrase, and one
// struck within an eighth before a change is the next chord, come early.
//
// The dice are fixed before they are thrown: a beat is a pure function of (book, ask, chords), so
// one that is made again after a turned knob is the same but for what the knob changed. Places are
// cells from the beginning of the line; a metre that no pattern has is filled from the patterns of
// 4/4, cut or begun again at the bar line.
// Thread: any; allocates. Errors: none: who has no patterns, or no chord, is silent.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/units.hpp"
#include "engine/model/band_book.hpp"
#include "engine/music/chord.hpp"
#include "engine/music/genre_weights.hpp"
#include "engine/music/meter.hpp"
#include "engine/plan/form_plan.hpp"

namespace fusion {

struct BandPartAsk {
    Blend blend;  // silent: so is the part
    float density = 1.0F;
    float humanise = 0.0F;
    float level = 1.0F;
    int octave = 0;
    friend bool operator==(const BandPartAsk&, const BandPartAsk&) = default;
};

struct BandAsk {
    std::array<BandPartAsk, kBandParts> parts;
    std::uint64_t seed = 1;
    float inertia = 1.0F;
    FormAsk form;  // the line's; where its blend is silent, each part's blend is asked
    Meter meter;
    PitchClassSet home{0b1010'1011'0101};  // of the key that it sounds in
    // The line ends there: what begins before it ends by then, and the bar before it is the last.
    std::optional<std::int64_t> ends_at{};
    friend bool operator==(const BandAsk&, const BandAsk&) = default;
};

struct BandSound {
    BandPart part = BandPart::bass;
    std::uint8_t voice = 0;  // within the part: of chords 0 to 3, of drums by key
    std::uint8_t cell = 0;   // 0 to 11 after the beat
    Pitch pitch{0};
    Velocity velocity{0};
    float late = 0.0F;  // 0 to 1: how far the hand drags
    Cells length{1};
    friend bool operator==(const BandSound&, const BandSound&) = default;
};

inline constexpr std::uint8_t kChordVoices = 4;
inline constexpr std::uint8_t kDrumVoices = 8;
inline constexpr std::size_t kMostBandSounds = 64;  // of a beat

struct BandBeat {
    std::vector<BandSound> sounds;  // by cell; at most kMostBandSounds
    // General MIDI, 1 to 128, of the genre that leads each part; 0: none.
    std::array<std::uint8_t, kBandParts> programs{};
    friend bool operator==(const BandBeat&, const BandBeat&) = default;
};

class BandPlan {
public:
    // What the band is played to: the chord in force at a cell, as it sounds; none: nobody says.
    using ChordAt = std::function<Chord(std::int64_t)>;

    // By genre, and it outlives this. Without bands nothing is played.
    BandPlan() = default;
    explicit BandPlan(std::span<const GenreBand> band) : band_{band} {}

    [[nodiscard]] bool empty() const { return band_.empty(); }
    // Beat b: cells 12 b to 12 b + 11 of the line, 0 or more.
    // Without a form every phrase is new.
    [[nodiscard]] BandBeat at(const BandAsk& ask, std::int64_t beat, const ChordAt& chords,
                              const FormPlan& form = {}) const;

private:
    std::span<const GenreBand> band_;
};

}  // namespace fusion
