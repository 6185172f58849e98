// Generated lines beside real ones, feature by feature, after L.-C. Yang and A. Lerch, "On the
// evaluation of generative models in music", Neural Computing and Applications 32 (2018/2020).
//
// For each feature: the distances between all pairs within the real set, and those between all
// pairs of a generated and a real line, Euclidean for vectors and absolute for numbers. Both become
// densities (densities.hpp). Generated lines that are like real ones lie as far from the real ones
// as those lie from each other: the densities' overlapping area is then near 1 and the divergence
// of the second from the first near 0. What is within reach is what one half of the real lines says
// of the other. As in the paper, save that histograms and transition matrices are shares, not
// counts, so that a longer line is not a different one; times are in beats, there being no tempo;
// and what the paper lists bar by bar is the mean over the bars in which a note begins.
//
// Lines should be cut alike, by time (excerpts() by Cells): cut by notes, the note count is the
// same in all. Thread: any. Errors: none.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "engine/train/measures/note_line.hpp"

namespace fusion::train {

struct FeatureComparison {
    std::string name;
    double kl = 0.0;
    double overlap = 0.0;
};

// pitch_count, pitch_class_histogram, pitch_class_transitions, pitch_range, mean_interval,
// note_count, mean_interonset, note_length_histogram, note_length_transitions, bar_pitch_count,
// bar_note_count. Empty where either set has no line with a note. A lone real line is at distance 0
// from itself.
[[nodiscard]] std::vector<FeatureComparison> compare(std::span<const NoteLine> generated,
                                                     std::span<const NoteLine> real);
// Over the features; 0 of none.
[[nodiscard]] double mean_overlap(std::span<const FeatureComparison> features);

// For the report: shares of all notes, which sum to 1 (to 0 where there is no note). Durations in
// the order of duration_classes().
[[nodiscard]] std::array<double, 12> pitch_class_histogram(std::span<const NoteLine> lines);
[[nodiscard]] std::vector<double> duration_histogram(std::span<const NoteLine> lines);

}  // namespace fusion::train
