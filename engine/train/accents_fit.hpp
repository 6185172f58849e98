// The bundle's accents (engine/model/accents.hpp), fitted to the velocities of the training pieces.
//
// Most sources tell nothing: a constant velocity, or notated dynamics that hold for bars. A line is
// learned from where it was played: its velocity strays from its neighbourhood (the mean of 16
// notes to either side, so that a forte passage is no accent) by a standard deviation of 2 or more,
// and changes from one note to the next at least half the time. Notated dynamics, which stray as
// far, change at one note in ten.
//
// Each line counts in units of its own deviation: an echo effect from 80 down to 16 does not
// outshout two hundred players. Ridge least squares with a mean of its own per line; first for all
// genres together, then for each, drawn towards the common one, so that a genre with little to
// learn from sounds like all and one with much like itself. What the fit explains of a player's
// deviation is small, so its spread is then set: kHeardShare of what players of the genre do.
// Thread: any. Errors: none; without one played line the model is empty and plays flat.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/corpus/data_set.hpp"
#include "engine/model/accents.hpp"

namespace fusion::train {

// Of the real spread. All of it on the part that repeats would be a caricature; the rest of a
// player's deviation is not in this model.
inline constexpr double kHeardShare = 0.75;
// A genre with fewer played training lines than this takes the common accents and spread as they
// are.
inline constexpr std::size_t kFewestPlayedLines = 20;

struct AccentMaterial {
    std::size_t lines = 0;         // training lines
    std::size_t played_lines = 0;  // of these, those learned from
    std::size_t played_notes = 0;
    double real_spread = 0.0;   // median over played lines: standard deviation beside the mean
    double model_spread = 0.0;  // the same of the accents on all training lines of the genre
    bool own = false;           // false: the common accents of all genres
};

struct FittedAccents {
    AccentModel model;
    std::vector<AccentMaterial> material;  // per genre
};

[[nodiscard]] FittedAccents fit_accents(const DataSet& data);

// How the accents go with what players did in the played lines of a split.
struct AccentScore {
    std::size_t lines = 0;
    std::size_t notes = 0;
    double real_spread = 0.0;  // median, a share of the line's mean
    double correlation = 0.0;  // of accent and deviation within lines; its square is the R² of
                               // the model at its best spread
};
// Per genre.
[[nodiscard]] std::vector<AccentScore> score_accents(const AccentModel& model, const DataSet& data,
                                                     Split split);

}  // namespace fusion::train
