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

Recalled StepRecall::recalled(const Recall& recall, const Habits& habits, std::int64_t rows) const {
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
            said(habits.tones, kToneHabits), said(habits.lengths, kLengthHabits)};
}

Recalled StepRecall::last_notes(std::span<const std::uint8_t> pitches) const {
    const auto rows = static_cast<std::int64_t>(pitches.size());
    Recalled none = recalled(Recall{}, no_habits(classes_), rows);
    Tensor last = torch::empty({rows}, torch::kLong);
    std::copy(pitches.begin(), pitches.end(), last.data_ptr<std::int64_t>());
    none.last_pitch = last.to(device_);
    return none;
}

Tensor StepRecall::row(const Tensor& table, const Recall& recall) const {
    auto rows = recalled_rows(recall, classes_);
    const Tensor index =
        torch::from_blob(rows.data(), {static_cast<std::int64_t>(rows.size())}, torch::kLong)
            .to(device_);
    return table.index_select(0, index).sum(0);
}

Tensor StepRecall::logits(const Tensor& outputs, const Recalled& said) {
    return outputs.narrow(1, 0, events_) +
           line_scores_->forward(outputs.narrow(1, events_, kLineScores), said);
}

}  // namespace fusion::nn
