// A chord as four voices, and the bass below it.
// Thread: any. Errors: none; there must be a chord.
#pragma once

#include <array>

#include "engine/base/units.hpp"
#include "engine/model/band_book.hpp"
#include "engine/music/chord.hpp"

namespace fusion {

// From the lowest up. A triad has its lowest tone again on top.
using Voicing = std::array<int, 4>;

// Close, in the octave or so above D3. Of a chord with more than four tones those that say most:
// third and seventh, then what is not root or fifth, which others play.
[[nodiscard]] Voicing voiced(const Chord& chord);
// The one of its inversions that moves least from `before`, and stays where chords are played.
[[nodiscard]] Voicing voiced(const Chord& chord, const Voicing& before);

// What a bass plays under `chord`, on the way to `next`, where `home` is the scale of the key. The
// root of a chord lies lowest from A1 to G#2.
[[nodiscard]] int bass_pitch(BassTone tone, int octave, const Chord& chord, const Chord& next,
                             PitchClassSet home);

}  // namespace fusion
