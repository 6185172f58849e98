// A line that hears itself takes each note that comes again as a reason for the next. The loop of
// bars is ended in recall.hpp; this ends the one note that is struck again and again while the bars
// around it differ just enough. Thread: any. Errors: none.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "engine/corpus/vocabulary.hpp"
#include "engine/model/recall.hpp"

namespace fusion {

// Two bars of eighths.
inline constexpr std::size_t kMostSameNotes = 16;

// The note with which the line ends so often in a row that it must not come next; rests between do
// not count.
[[nodiscard]] std::optional<Pitch> worn_note(const LineMemory& memory);
// Makes that note impossible, at any length, unless no other note is possible. `scores`: one per
// event.
void forbid_note(std::span<float> scores, const Vocabulary& vocabulary, Pitch worn);

}  // namespace fusion
