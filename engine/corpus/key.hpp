// The key of a piece and the way to C major or A minor, so that one network learns one tonality.
// Thread: any. Errors: none.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/base/units.hpp"

namespace fusion {

enum class Mode : std::uint8_t { major, minor };

struct Key {
    std::uint8_t tonic = 0;  // pitch class, 0 is C
    Mode mode = Mode::major;
    friend bool operator==(const Key&, const Key&) = default;
};

// How long each pitch class sounds in a piece, in any unit.
using PitchClassWeights = std::array<double, 12>;

// Their sum, each of them first brought to the sum 1 (where it is not silent).
[[nodiscard]] PitchClassWeights in_equal_parts(const PitchClassWeights& a,
                                               const PitchClassWeights& b);

// How much of `weights` lies in the scale of C major and A minor after a shift by `semitones`.
[[nodiscard]] double share_at_home(const PitchClassWeights& weights, int semitones);

// The key whose profile correlates best (Krumhansl and Schmuckler's way) and whose scale holds
// most, both together. All-equal weights give C major.
[[nodiscard]] Key estimate_key(const PitchClassWeights& weights);

// The smallest shift in semitones, -5 to 6, that brings `key` to C major or A minor.
[[nodiscard]] int shift_to_c_or_a(Key key);

// The lines' range. It leaves the register a voice of its own: a line moves by whole octaves only
// where its mean lies outside [54, 80], and single notes beyond [40, 96] fold back into it.
inline constexpr Pitch kLowestLinePitch{40};
inline constexpr Pitch kHighestLinePitch{96};

// Semitones, a multiple of 12, for a line whose mean pitch (after transposition) is `mean`.
[[nodiscard]] int octave_shift(double mean);
// `pitch` plus `shift` semitones, folded by octaves into the range.
[[nodiscard]] Pitch shifted_pitch(Pitch pitch, int shift);

}  // namespace fusion
