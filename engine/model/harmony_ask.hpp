// What is asked of a step's harmony: which chord it is heard against, and how strictly it obeys.
// All pitch classes are those that the line is composed in (C major or A minor); who asks has
// brought the chords there from the key in which they sound
// (engine/realtime/line/line_harmony.hpp). Thread: any (plain values). Errors: none.
#pragma once

#include <cstdint>
#include <type_traits>

#include "engine/model/chord_code.hpp"
#include "engine/music/meter.hpp"

namespace fusion {

inline constexpr std::size_t kPeriodBars = 8;

struct HeardChord {
    PitchClassSet tones{0};         // none: no chord, the line is free
    PitchClassSet scale{0};         // what may be passed through; the tones are in it
    PitchClassSet spared{0};        // tones that the performer's scale would move, and must not
    ChordCode code = kNoChordCode;  // what the networks are told (told_chords.hpp)
    friend bool operator==(const HeardChord&, const HeardChord&) = default;
};

struct HarmonyAsk {
    enum class Onset : std::uint8_t {
        later,  // something has begun under this chord before
        first,  // the first that begins under it
    };
    // A hand has the last word. A plan yields where the networks are sure of what comes: a figure
    // that returns stays what it is.
    enum class Giver : std::uint8_t { hand, plan };
    float pull = 0.0F;  // 0..1; 0: nothing is moved, whatever the networks are told
    Giver giver = Giver::hand;
    HeardChord now;  // where the step begins
    HeardChord next;
    Cells next_in{0};      // until `next` begins; 0: there is none
    Cells at{0};           // of its bar, where the step begins
    std::uint8_t bar = 0;  // of its period, 0..7
    Meter meter;
    Onset onset = Onset::later;

    [[nodiscard]] bool is_free() const {
        return pull <= 0.0F || (now.tones.empty() && next.tones.empty());
    }
    friend bool operator==(const HarmonyAsk&, const HarmonyAsk&) = default;
};
static_assert(std::is_trivially_copyable_v<HarmonyAsk>);

// Of a step that begins at a cell of the line, 0 or more, with nobody to say a chord.
[[nodiscard]] HarmonyAsk free_ask(std::int64_t cell, Meter meter);

}  // namespace fusion
