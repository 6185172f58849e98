// Slips: a line that hears itself plays, sooner or later, what the piece it learned from would not
// have played, and what it then plays on is a line that it never met. So the networks are also
// taught on windows where some of what the line has heard of itself is another event, while what
// they shall say remains the piece's own: after a slip they go on with the tune, and a slip stays
// one note. Two kinds: another tone of the same line, at the same length; and the lengths of two
// neighbours in exchange, after which the line stands where it would have stood.
// Plain values, no Torch. Thread: any. Errors: none.
#pragma once

#include "engine/corpus/vocabulary.hpp"
#include "engine/train/random.hpp"
#include "engine/train/windows.hpp"

namespace fusion::train {

// In half of the windows nothing slips; in the others up to this share of the events, drawn anew
// for each window.
inline constexpr double kMostSlips = 0.2;

// Window and past; what each event recalls is made anew from what was heard.
void let_slip(Window& window, const Vocabulary& vocabulary, Random& random);

}  // namespace fusion::train
