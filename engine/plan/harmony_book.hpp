// What a bundle knows of harmony: from it chords are planned (harmony_plan.hpp), and what the band
// plays to them (band_plan.hpp). It points into the
// bundle, which outlives whoever reads it; without chords nothing is planned. Thread: any.
#pragma once

#include <span>

#include "engine/model/band_book.hpp"
#include "engine/model/chord_model.hpp"
#include "engine/model/form_book.hpp"

namespace fusion {

struct HarmonyBook {
    std::span<const ChordModel> chords;  // by genre
    std::span<const FormBook> forms;     // by genre, or none
    std::span<const GenreBand> band{};   // by genre, or none
};

}  // namespace fusion
