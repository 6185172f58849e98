#include "engine/nn/internal/line_scores.hpp"

#include <torch/types.h>
#include <algorithm>

namespace fusion::nn {

namespace {

using torch::Tensor;

Tensor indices(const std::vector<std::uint16_t>& of) {
    Tensor tensor = torch::zeros({static_cast<std::int64_t>(of.size()) + 1}, torch::kLong);
    for (std::size_t i = 0; i < of.size(); ++i) tensor[static_cast<std::int64_t>(i)] = of[i];
    return tensor;
}

}  // namespace

LineScoresImpl::LineScoresImpl(const Vocabulary& vocabulary) {
    const EventClasses classes{vocabulary};
    tones = static_cast<std::int64_t>(classes.tones.size());
    lengths = static_cast<std::int64_t>(classes.lengths.size());
    const auto events = static_cast<std::int64_t>(vocabulary.size());
    Tensor table = torch::zeros({tones + lengths, events});
    auto at = table.accessor<float, 2>();
    for (std::int64_t e = 0; e < events; ++e) {
        at[classes.tone_of[static_cast<std::size_t>(e)]][e] = 1.0F;
        at[tones + classes.length_of[static_cast<std::size_t>(e)]][e] = 1.0F;
    }
    Tensor intervals = torch::full({kNoPitch + 1, tones}, kIntervalScores - 1, torch::kLong);
    auto interval = intervals.accessor<std::int64_t, 2>();
    for (std::int64_t last = 0; last < kNoPitch; ++last)
        for (std::int64_t t = 0; t < tones; ++t)
            if (const auto& pitch = classes.tones[static_cast<std::size_t>(t)])
                interval[last][t] =
                    kLargestInterval +
                    std::clamp(pitch->count() - last, -kLargestInterval, kLargestInterval);
    Tensor above = torch::full({kNoChordCode.count() + 1, tones}, kScoresOfChord - 1, torch::kLong);
    auto score_of = above.accessor<std::int64_t, 2>();
    for (std::size_t code = 0; code < kChordCodes; ++code) {
        const Chord chord = chord_of(ChordCode{static_cast<std::uint8_t>(code)});
        for (std::int64_t t = 0; t < tones; ++t)
            if (const auto& pitch = classes.tones[static_cast<std::size_t>(t)];
                pitch && !chord.is_none()) {
                const auto tone = pitch_class_of(*pitch);
                score_of[static_cast<std::int64_t>(code)][t] =
                    semitones_up(chord.root(), tone) + (is_chord_tone(chord, tone) ? 12 : 0);
            }
    }
    spread = register_buffer("spread", table);
    tone_of_ = register_buffer("tone_of", indices(classes.tone_of));
    length_of_ = register_buffer("length_of", indices(classes.length_of));
    interval_of_ = register_buffer("interval_of", intervals);
    above_ = register_buffer("above", above);
}

Tensor LineScoresImpl::forward(const Tensor& a, const Recalled& recalled) {
    const auto slots = static_cast<std::int64_t>(kRecallSlots);
    const auto events = spread.size(1);
    const Tensor known = recalled.event.lt(events).to(a.dtype());
    const auto score = [&](std::int64_t kind) {
        return a.narrow(-1, kIntervalScores + kind * slots, slots) * known;
    };
    // The scores of tones and of lengths, side by side, then of each event by both of its own.
    const Tensor by_tone = a.narrow(-1, 0, kIntervalScores)
                               .gather(-1, torch::embedding(interval_of_, recalled.last_pitch));
    const auto habits = [&a](std::int64_t first, const Tensor& said) {
        const Tensor trust = a.narrow(-1, first, said.size(-2));
        return (trust.unsqueeze(-1) * said).sum(-2);
    };
    const auto under = [&](std::int64_t which) {
        return a.narrow(-1, kChordScoresFrom + which * kScoresOfChord, kScoresOfChord)
            .gather(-1, torch::embedding(above_, recalled.chords.select(-1, which)));
    };
    const Tensor of_tones =
        by_tone + habits(kHabitScores, recalled.tone_habits) + under(0) + under(1);
    const Tensor of_lengths =
        habits(kHabitScores + static_cast<std::int64_t>(kToneHabits), recalled.length_habits);
    const Tensor parts = torch::cat({of_tones, of_lengths}, -1)
                             .scatter_add(-1,
                                          torch::cat({tone_of_.index({recalled.event}),
                                                      tones + length_of_.index({recalled.event})},
                                                     -1),
                                          torch::cat({score(1), score(2)}, -1));
    return parts.matmul(spread).scatter_add(-1, recalled.event.clamp_max(events - 1), score(0));
}

}  // namespace fusion::nn
