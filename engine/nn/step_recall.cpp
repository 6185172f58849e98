#include "engine/nn/internal/step_recall.hpp"

#include <algorithm>

namespace fusion::nn {

using torch::Tensor;

StepRecall::StepRecall(const Vocabulary& vocabulary, torch::Device device)
    : device_{device},
      classes_{vocabulary},
      events_{static_cast<std::int64_t>(vocabulary.size())},
      line_scores_{vocabulary} {
    line_scores_->to(device);
}

Recalled StepRecall::recalled(const ToldToStep& told, std::int64_t rows) const {
    const auto& [recall, habits, chords] = told;
    const auto slots = static_cast<std::int64_t>(kRecallSlots);
    Tensor event = torch::full({slots}, events_, torch::kLong);
    for (std::int64_t s = 0; s < slots; ++s)
        if (const EventId e = recall.event[static_cast<std::size_t>(s)]; e != kNothingRecalled)
            event.data_ptr<std::int64_t>()[s] = e;
    const auto said = [&](const std::vector<float>& values, std::size_t count) {
        const auto habit_count = static_cast<std::int64_t>(count);
        const auto width = static_cast<std::int64_t>(values.size() / count);
        return torch::from_blob(const_cast<float*>(values.data()), {habit_count, width},
                                torch::kFloat32)
            .clone()
            .to(device_)
            .expand({rows, habit_count, width});
    };
    return {event.to(device_).expand({rows, slots}),
            torch::full({rows}, std::int64_t{recall.last_pitch}, torch::kLong).to(device_),
            said(habits.tones, kToneHabits), said(habits.lengths, kLengthHabits),
            torch::tensor({std::int64_t{chords.now.count()}, std::int64_t{chords.next.count()}},
                          torch::kLong)
                .to(device_)
                .expand({rows, 2})};
}

Recalled StepRecall::last_notes(std::span<const std::uint8_t> pitches,
                                const ToldChords& chords) const {
    const auto rows = static_cast<std::int64_t>(pitches.size());
    Recalled none = recalled({Recall{}, no_habits(classes_), chords}, rows);
    Tensor last = torch::empty({rows}, torch::kLong);
    std::copy(pitches.begin(), pitches.end(), last.data_ptr<std::int64_t>());
    none.last_pitch = last.to(device_);
    return none;
}

namespace {

template <std::size_t N>
Tensor sum_of(const Tensor& table, std::array<std::int64_t, N> rows) {
    const Tensor index = torch::from_blob(rows.data(), {static_cast<std::int64_t>(N)}, torch::kLong)
                             .to(table.device());
    return table.index_select(0, index).sum(0);
}

}  // namespace

Tensor StepRecall::row(const Tensor& table, const Recall& recall) const {
    return sum_of(table, recalled_rows(recall, classes_));
}

Tensor StepRecall::row(const Tensor& table, const ToldChords& chords) const {
    return sum_of(table, chord_rows(chords));
}

Tensor StepRecall::logits(const Tensor& outputs, const Recalled& said) {
    return outputs.narrow(1, 0, events_) +
           line_scores_->forward(outputs.narrow(1, events_, kLineScores), said);
}

}  // namespace fusion::nn
