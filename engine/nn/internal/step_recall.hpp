// What a line recalls, as tensors for one step of play: rows of the first layers, and what the line
// scores make of it. Letters as in networks.hpp; R rows, one for each line that is asked about.
// Only .cpp files of engine/nn include this. Thread: one at a time. Errors: none.
#pragma once

#include <torch/types.h>

#include "engine/nn/internal/line_scores.hpp"

namespace fusion::nn {

// What the line so far and its harmony tell the networks of one step.
struct ToldToStep {
    Recall recall;
    Habits habits;
    ToldChords chords;
    friend bool operator==(const ToldToStep&, const ToldToStep&) = default;
};

class StepRecall {
public:
    StepRecall(const Vocabulary& vocabulary, torch::Device device);

    // For `rows` lines that all recall the same, and have the same habits and chords.
    [[nodiscard]] Recalled recalled(const ToldToStep& told, std::int64_t rows) const;
    // Of the line in `memory`.
    [[nodiscard]] Habits habits(const LineMemory& memory, std::uint8_t position,
                                MeterClass meter) const {
        return habits_of(memory, classes_, position, meter);
    }
    // For lines that recall nothing, but each its own last note, and hear the same chords.
    [[nodiscard]] Recalled last_notes(std::span<const std::uint8_t> pitches,
                                      const ToldChords& chords) const;
    // The sum of a table's rows for what is recalled, or told of the chords. (N or C, width) to
    // (width)
    [[nodiscard]] torch::Tensor row(const torch::Tensor& table, const Recall& recall) const;
    [[nodiscard]] torch::Tensor row(const torch::Tensor& table, const ToldChords& chords) const;
    // A layer's outputs, logits and line scores side by side, as logits. (R, V + L) to (R, V)
    [[nodiscard]] torch::Tensor logits(const torch::Tensor& outputs, const Recalled& said);

private:
    torch::Device device_;
    EventClasses classes_;
    std::int64_t events_;
    LineScores line_scores_;
};

}  // namespace fusion::nn
