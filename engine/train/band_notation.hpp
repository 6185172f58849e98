// A pattern as text, as engine/models/patterns.toml and `fusion-train band --print` have it. One
// sign a step; blanks and bars (|) between signs of drums are for the eye.
//
//   drums:  one line an instrument, `kick = "X... x... X... x..."`: . nothing, g a ghost (40),
//           o soft (64), x plain (88), X accented (112)
//   bass:   signs apart by blanks: . nothing, - the note goes on, R 2 3 4 5 6 7 that tone of the
//           chord, ^ from below and v from above to the next bar's root; behind it ' an octave up,
//           , one down; ! accented (112), ? soft (64), else 92
//   chords: the same with * for all four voices, or those that sound: 1 the lowest, 24, 134
//
// Who calls: band_written.cpp reads, band_text.cpp writes. Thread: any. Errors: malformed, with the
// sign.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/model/band_book.hpp"

namespace fusion::train {

// "kick": 36; "36" too. None where there is no such key of percussion.
[[nodiscard]] std::optional<std::uint8_t> drum_key(std::string_view name);
// "kick", or "36" where it has no name here.
[[nodiscard]] std::string drum_name(std::uint8_t key);

// The notes of one line whose signs are `step` cells apart, into `notes`; returns how many cells
// the line is long.
[[nodiscard]] Result<int> read_drums(std::string_view line, std::uint8_t key, int step,
                                     std::vector<BandNote>& notes);
// bass or chords
[[nodiscard]] Result<int> read_tones(std::string_view line, BandPart part, int step,
                                     std::vector<BandNote>& notes);

// What read_*() reads again, but for velocities between the signs' and lengths between steps:
// "step = 3", a line each.
[[nodiscard]] std::string notation_of(const BandPattern& pattern, BandPart part);

}  // namespace fusion::train
