#include "engine/model/chord_code.hpp"

namespace fusion {

ChordCode code_of(const Chord& chord) {
    if (chord.is_none()) return kNoChordCode;
    return ChordCode{static_cast<std::uint8_t>(chord.root().count() * kChordQualities +
                                               static_cast<std::size_t>(chord.quality()))};
}

Chord chord_of(ChordCode code) {
    if (code.count() >= kChordCodes) return {};
    return {PitchClass{static_cast<std::uint8_t>(code.count() / kChordQualities)},
            static_cast<ChordQuality>(code.count() % kChordQualities)};
}

std::size_t function_of(ChordCode code) {
    const auto chord = chord_of(code);
    const auto third = third_of(chord);
    const bool minor = third && semitones_up(chord.root(), *third) == 3;
    return chord.root().count() * std::size_t{2} + (minor ? 1 : 0);
}

}  // namespace fusion
