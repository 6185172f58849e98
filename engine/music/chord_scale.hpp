// The scale that a chord is heard in: what a line may pass through between the chord's tones.
//
// Of the major, the melodic minor and the harmonic minor scales that hold the whole chord it is the
// one that has most in common with the chord that follows, which says where the music goes, and
// then with the key: E7 before Am is heard in A harmonic minor, Db7 before C in Ab melodic minor
// (lydian dominant), Ebm7 before Ab7 in Db major. Where none holds the chord (C7#9), the one that
// holds most of it, and the chord's own tones.
// Thread: any. Realtime: yes. Errors: none.
#pragma once

#include "engine/music/chord.hpp"

namespace fusion {

// `next`: the chord after it, none where there is none. `home`: the pitch classes of the key.
// Without a chord, `home`.
[[nodiscard]] PitchClassSet scale_of(const Chord& chord, const Chord& next, PitchClassSet home);

}  // namespace fusion
