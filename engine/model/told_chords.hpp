// What the networks are told of the harmony before each event: the chord that it begins under, the
// other one that comes next and how soon, whether anything has begun under this one before, and
// which bar of an eight-bar period it is. Chords in C major or A minor, as the line is. The same in
// training (from a piece's own chords) and in play (from the plan, or from a hand).
//
// Told as rows of in.chord (engine/nn/networks.hpp), one of each of these in this order:
//   function (24) or none, quality (17) or none, of the chord now; the same of the next
//   how soon the next comes: 6 classes; whether the first event under it; the bar
// Thread: any (plain values). Errors: none.
#pragma once

#include <array>
#include <cstdint>

#include "engine/model/harmony_ask.hpp"

namespace fusion {

struct ToldChords {
    ChordCode now = kNoChordCode;
    ChordCode next = kNoChordCode;  // none: it is not known, or there is none
    Cells next_in{0};
    bool first = false;    // the first event that begins under `now`
    std::uint8_t bar = 0;  // 0..7

    friend bool operator==(const ToldChords&, const ToldChords&) = default;
};
[[nodiscard]] ToldChords told_of(const HarmonyAsk& ask);

inline constexpr std::size_t kComingClasses = 6;
inline constexpr std::size_t kChordRows =
    2 * (kChordFunctions + 1 + kChordQualities + 1) + kComingClasses + 2 + kPeriodBars;
inline constexpr std::size_t kChordRowsTold = 7;  // of these, each event
[[nodiscard]] std::array<std::int64_t, kChordRowsTold> chord_rows(const ToldChords& told);

}  // namespace fusion
