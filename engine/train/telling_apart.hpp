// Can what is played be told from real pieces? A classifier is taught to tell stretches of the one
// from stretches of the other by what one hears in them (measures/window_features.hpp), on some of
// the lines, and asked about stretches of others: a line's stretches are never on both sides. The
// area under its curve (AUC) is 0.5 where it cannot tell and 1 where it always can. What real
// training pieces against real held-out pieces give is the floor.
//
// The classifier: features by their rank among the lines it is taught on (so that no scale
// matters), each side weighing the same, a small network (Dense 24 tanh, Dense 1), five of them
// averaged, in five folds over the lines, twice. It shares nothing with the networks that play.
// Thread: any; one Torch thread. Errors: none. Deterministic by the seed.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/train/measures/note_line.hpp"

namespace fusion::train {

// The features of the stretches of one line.
struct HeardLine {
    std::vector<std::vector<double>> stretches;
};

// Of `notes` notes each, at most `most` of them, evenly spread; lines that are too short for one
// have none.
[[nodiscard]] HeardLine hear(const NoteLine& line, std::size_t notes, std::size_t most);
// Whether the line is in bars of four beats, as what is composed is.
[[nodiscard]] bool in_four(const NoteLine& line);
// The line's first bars of its own metre, if it has two notes there.
[[nodiscard]] HeardLine hear_opening(const NoteLine& line, int bars);

// One feature alone.
struct GivesAway {
    std::string feature;
    double auc = 0.5;     // above .5: larger in what is played
    double played = 0.0;  // medians
    double real = 0.0;
};

struct ToldApart {
    double auc = 0.5;
    std::size_t played = 0;  // stretches
    std::size_t real = 0;
    std::vector<GivesAway> by;  // what tells most first
};

// Lines without a stretch are left out. 0.5 where either side has less than five lines.
[[nodiscard]] ToldApart tell_apart(std::span<const HeardLine> played,
                                   std::span<const HeardLine> real, std::uint64_t seed);

// Area under the curve of scores that should be larger for `above`; ties count half.
[[nodiscard]] double area_under_curve(const std::vector<double>& above, std::vector<double> below);

}  // namespace fusion::train
