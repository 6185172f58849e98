// A chord as one number, without its bass and tensions: what chords are counted by, planned with
// and told to the networks as. Thread: any (plain values). Errors: none.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/music/chord.hpp"

namespace fusion {

// Root x 17 + quality.
struct ChordCode : Strong<std::uint8_t, struct ChordCodeTag> {
    using Strong::Strong;
};
inline constexpr std::size_t kChordCodes = 12 * kChordQualities;
inline constexpr ChordCode kNoChordCode{0xFF};
inline constexpr ChordCode kBeginCode{0xFE};  // as the one before a piece's first
[[nodiscard]] ChordCode code_of(const Chord& chord);
[[nodiscard]] Chord chord_of(ChordCode code);

// What it is in its key: its root, and whether its third is minor. 0 to 23.
inline constexpr std::size_t kChordFunctions = 24;
[[nodiscard]] std::size_t function_of(ChordCode code);

}  // namespace fusion
