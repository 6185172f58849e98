// The judge's weights: how much each view counts for each genre. A logistic regression over all
// genres, every genre weighing the same however many excerpts it has; each w_vg is a weight shared
// by the genres plus the genre's own, which is drawn towards 0 (so a small genre follows the rest).
// Who calls: judge.cpp. Thread: any. Errors: none. Deterministic.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/train/measures/note_views.hpp"

namespace fusion::train {

// What the views say of one excerpt, and whose it is.
struct Evidence {
    std::vector<double> x;  // (views, genres), the means over its notes
    std::size_t genre;
};

struct ViewWeights {
    explicit ViewWeights(std::size_t genres);

    std::vector<double> weights;  // w, (views, genres)
    std::vector<double> offsets;  // b

    // Sum over views, by genre.
    [[nodiscard]] std::vector<double> scores(std::span<const double> x) const;
};

// Without evidence: every view alike, as sure as it is on average where there is evidence.
[[nodiscard]] ViewWeights fit_view_weights(std::span<const Evidence> evidence, std::size_t genres);

// The factor on the scores that makes the posterior as sure as it is right; between `least` and
// `most`.
[[nodiscard]] double fit_sureness(std::span<const Evidence> evidence, const ViewWeights& weights,
                                  double least, double most);

// In place, safe for any finite scores. An empty list stays empty.
void softmax(std::span<double> scores);

}  // namespace fusion::train
