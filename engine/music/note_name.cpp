#include "engine/music/note_name.hpp"

#include <array>

namespace fusion {

std::string note_name(Pitch pitch) {
    constexpr std::array<const char*, 12> kNames{"C",  "C#", "D",  "D#", "E",  "F",
                                                 "F#", "G",  "G#", "A",  "A#", "B"};
    return kNames[pitch.count() % 12U] + std::to_string(pitch.count() / 12 - 1);
}

}  // namespace fusion
