// How much of a line is copied from what was learned from. A run of n notes is copied where n
// consecutive notes of one training line have the same n pitches and the same n-1 times from onset
// to onset. Pitches are compared as they are: all lines stand in C major or A minor, so the same
// tune in two keys is found, and a figure on another degree of the scale is another run. Within a
// run, where a note ends and a rest begins makes no difference.
//
// Kept as a suffix array over all notes of the training lines (sorted by doubling, Manber and Myers
// 1990), so that every answer is exact and one note costs a binary search: 0.7 s to make for
// 680,000 notes, some µs for each note asked about. A hash of each 8 notes would answer share_found
// alone. Thread: one to make, any after. Errors: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/train/measures/note_line.hpp"

namespace fusion::train {

class TrainingRuns {
public:
    static constexpr std::size_t kRun = 8;

    explicit TrainingRuns(std::span<const NoteLine> training, std::size_t run = kRun);

    // Of all runs of `run` notes in the lines, the share that is copied. 0 where there is no run.
    [[nodiscard]] double share_found(std::span<const NoteLine> lines) const;
    // In notes. Compare only lines of like length: a longer line has more chances.
    [[nodiscard]] std::size_t longest_copied(const NoteLine& line) const;
    // Entry n: how many of the lines have a longest copied run of n notes.
    [[nodiscard]] std::vector<std::size_t> longest_copied_histogram(
        std::span<const NoteLine> lines) const;

private:
    using Token = std::uint32_t;  // pitch + 1 and the time to the next onset; 0 ends a line

    static std::vector<Token> tokens_of(const NoteLine& line);
    void sort_suffixes(std::size_t longest_line);
    // The longest run copied that begins with the first of these notes.
    [[nodiscard]] std::size_t copied_from(std::span<const Token> notes) const;
    [[nodiscard]] std::size_t alike(std::span<const Token> notes, std::uint32_t suffix) const;

    std::size_t run_;
    std::vector<Token> tokens_;
    std::vector<std::uint32_t> suffixes_;  // begins in tokens_, sorted by what follows
};

}  // namespace fusion::train
