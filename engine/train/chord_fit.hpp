// The chords of a corpus (engine/model/chord_model.hpp): from the markers of its files, else told
// from their voices; from the melody alone only where a genre has hardly anything else. Training
// pieces only. Each is in major or in minor by what it dwells on, begins and ends with; its period
// of eight bars begins where its line does, after an upbeat.
//
// How strictly a genre obeys its chords is seen in the notes on the first and the middle beat,
// where another chord stands three bars later: so many more of them are tones of the chord than of
// that one. What a bundle's networks leave of it to be done is pull_fit.hpp's to find. Thread: one.
// Errors: none.
#pragma once

#include <vector>

#include "engine/corpus/data_set.hpp"
#include "engine/model/chord_model.hpp"

namespace fusion::train {

struct FittedChords {
    struct Genre {
        ChordModel model;
        std::size_t pieces = 0;
        double bars_a_chord = 0.0;
        double returning = 0.0;  // share of the phrases that bring back chords under a new tune
        double tones = 0.0;      // share of notes on heavy beats that are tones of their chord
        double by_chance = 0.0;  // the same of the chord three bars later
    };
    std::vector<Genre> genres;  // as DataSet::genres
};
[[nodiscard]] FittedChords fit_chords(const DataSet& data);

}  // namespace fusion::train
