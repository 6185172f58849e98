// What the line so far says of each event, from a layer's line scores (networks.hpp, "line"); the
// same code in training and in play.
// Only .cpp files of engine/nn and engine/train include this. Letters: V events, T tones, D
// lengths, S recall slots, H habits, L line scores. Thread: any (constant once made). Errors: none.
#pragma once

#include <torch/nn/module.h>

#include "engine/model/event_classes.hpp"
#include "engine/nn/networks.hpp"

namespace fusion::nn {

// What is recalled; the leading dimensions are those of the scores.
struct Recalled {
    torch::Tensor event;          // (..., S) int64, V where nothing is recalled
    torch::Tensor last_pitch;     // (...) int64, 0 to 128
    torch::Tensor tone_habits;    // (..., H, T)
    torch::Tensor length_habits;  // (..., H, D)
    torch::Tensor chords;         // (..., 2) int64: the code of the one now and of the next

    template <class Change>
    [[nodiscard]] Recalled each(Change change) const {
        return {change(event), change(last_pitch), change(tone_habits), change(length_habits),
                change(chords)};
    }
};

struct LineScoresImpl : torch::nn::Module {
    explicit LineScoresImpl(const Vocabulary& vocabulary);

    // (..., L) to (..., V). `recalled` has `a`'s leading dimensions.
    torch::Tensor forward(const torch::Tensor& a, const Recalled& recalled);

    std::int64_t tones = 0, lengths = 0;
    torch::Tensor spread;  // (T + D, V): 1 where the event has the tone, or the length

private:
    torch::Tensor tone_of_, length_of_;  // (V + 1) int64; the last is for nothing recalled
    torch::Tensor interval_of_;          // (129, T) int64: the interval score for each tone
    torch::Tensor above_;                // (256, T) int64: a chord's score for each tone
};
TORCH_MODULE(LineScores);

}  // namespace fusion::nn
