// A band of one pattern a part, so that a test can say which note comes when: in 4/4 the bass has
// the root on one and the fifth on three, chords stand on two and four, drums have a kick on one
// and three and a hi-hat on each eighth.
#pragma once

#include "engine/model/band_book.hpp"

namespace fusion::test {

inline constexpr std::uint8_t kKickKey = 36, kSnareKey = 38, kHatKey = 42;

inline BandNote bass_note(std::uint8_t place, BassTone tone, std::uint8_t length = 12) {
    return {place, length, static_cast<std::uint8_t>(tone), 0, 90};
}

inline BandPattern pattern_of_notes(std::vector<BandNote> notes, std::uint8_t bar = 48) {
    BandPattern pattern;
    pattern.bar = bar;
    pattern.notes = std::move(notes);
    return pattern;
}

inline GenreBand small_band() {
    GenreBand band;
    auto& [bass, chords, drums] = band.parts;
    bass.patterns = {
        pattern_of_notes({bass_note(0, BassTone::root), bass_note(24, BassTone::fifth)})};
    bass.program = 34;
    chords.patterns = {pattern_of_notes({{12, 6, 0b1111, 0, 80}, {36, 6, 0b1111, 0, 80}})};
    chords.program = 1;
    std::vector<BandNote> beat;
    for (std::uint8_t place = 0; place < 48; place += 6) {
        if (place % 24 == 0) beat.push_back({place, 2, kKickKey, 0, 110});
        beat.push_back({place, 1, kHatKey, 0, 70});
    }
    drums.patterns = {pattern_of_notes(beat)};
    return band;
}

}  // namespace fusion::test
