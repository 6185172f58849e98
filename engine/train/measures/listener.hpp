// How soon a change of genre is heard: a listener who follows a line note by note and expects it to
// change between two genres once in 32 notes.
//
// A forward filter over two states. With p the belief in `to` before a note and l the note's
// likelihood ratio, to over from, by the judge (Judge::note_scores):
//   q = p (1 - 1/32) + (1 - p)/32,   p' = q l / (q l + 1 - q),   at first p = 1/2.
// Thread: any. Errors: none.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/train/measures/judge.hpp"
#include "engine/train/measures/note_line.hpp"

namespace fusion::train {

// The belief in `to` after each note of the line.
[[nodiscard]] std::vector<double> belief(const Judge& judge, const NoteLine& line, std::size_t from,
                                         std::size_t to);

// How many notes from `first_note_after_switch` on, that one included, until the belief in `to` is
// above a half for the first time. 0 where it was so before the switch: then the switch is not what
// was heard, and the caller may count such lines apart. None where it never is.
[[nodiscard]] std::optional<std::size_t> notes_until_verdict_follows(
    const Judge& judge, const NoteLine& line, std::size_t first_note_after_switch, std::size_t from,
    std::size_t to);

}  // namespace fusion::train
