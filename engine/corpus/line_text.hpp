// A line as a person reads it: what `fusion-train prepare --show PATTERN` prints, to see with one's
// own eyes what extraction, grid and key have made of a file.
// Thread: any. Errors: none.
#pragma once

#include <string>

#include "engine/corpus/data_set.hpp"

namespace fusion {

// The piece's name, size and split, then a line of text a bar:
//
//        triple | @0 C4:12 @12 -:6 @18 E4:18
//
// where @ is the cell in the bar (12 a beat), then the note (C4 is middle C) or - for a rest, and
// its duration in cells. The metre's class stands where it changes. A bar of more than four beats
// takes two lines: positions wrap there.
[[nodiscard]] std::string describe_line(const Piece& piece, const Vocabulary& vocabulary);

}  // namespace fusion
