// The events of a vocabulary by what they share: their tone (a pitch, or the rest) and their
// length. The networks say something of each apart, so that what is learned of one G serves every
// G. Thread: any (immutable once made). Errors: none.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/corpus/vocabulary.hpp"

namespace fusion {

struct EventClasses {
    explicit EventClasses(const Vocabulary& vocabulary);

    // Tones ascend; the rest, where the vocabulary has one, is the last. Lengths ascend.
    std::vector<std::optional<Pitch>> tones;  // none: the rest
    std::vector<Cells> lengths;
    // Per event, an index into them.
    std::vector<std::uint16_t> tone_of;
    std::vector<std::uint16_t> length_of;
};

}  // namespace fusion
