// The text that `fusion-train prepare` prints: what was read, genre by genre, and what was not.
// Thread: any. Errors: none.
#pragma once

#include <string>

#include "engine/corpus/data_set.hpp"

namespace fusion {

// One line a genre: pieces and events by split, the vocabulary's coverage, the share of events that
// are rests, the share of the notes' time in the scale of C major and A minor, rejected files. Then
// the sum, and the reasons of the rejections with how often each came, one file it came for, and
// the genres; in the same way what was mended in the files that are used. Last, where each genre's
// chords come from (lines with markers, estimated from several voices, from the melody alone), and
// what the estimate does in files whose markers say what is right: how many half bars have the same
// root, and how many the same third too.
[[nodiscard]] std::string describe(const DataSet& data);

}  // namespace fusion
