// A Standard MIDI File in words, one event a line, and where two of them part.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/corpus/smf.hpp"

namespace fusion::test {

// "4:2.5 note C4 velocity 96 for 0.46 on channel 1": the bars that have passed and the beats into
// the next, as a session says its places.
[[nodiscard]] std::vector<std::string> in_words(const Smf& smf);

// The first event that differs, with the two before it; empty where the words are the same.
[[nodiscard]] std::string first_difference(std::span<const std::string> expected,
                                           std::span<const std::string> played);

}  // namespace fusion::test
