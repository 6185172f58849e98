// The notes that are held on a keyboard as a chord.
// Thread: any. Realtime: yes. Errors: none.
#pragma once

#include <span>

#include "engine/base/units.hpp"
#include "engine/music/chord.hpp"

namespace fusion {

// The root under which the notes make the plainest chord; of two as plain the one in the bass, else
// the lower one. The lowest note is the bass, so inversions stay what they are. The notes may come
// in any order and more than once.
//   no note      no chord
//   one note     its power chord: major or minor is left open
//   two, three   filled up: C and E are C, C and Eb are Cm, C and Bb are C7
//   many         what they hold beside the chord are its tensions; of twelve all are tones
[[nodiscard]] Chord held_chord(std::span<const Pitch> notes);

}  // namespace fusion
