#include "engine/train/internal/batches.hpp"

#include <torch/utils.h>
#include <algorithm>

namespace fusion::train {

using torch::Tensor;

Batch make_batch(std::span<const Window> windows, const Vocabulary& vocabulary,
                 const EventClasses& classes, torch::Device device) {
    std::size_t longest = 0;
    for (const Window& window : windows) longest = std::max(longest, window.size());
    const auto steps = static_cast<std::int64_t>(longest);
    const auto rows = static_cast<std::int64_t>(windows.size());
    const auto slots = static_cast<std::int64_t>(kRecallSlots);
    const auto told = static_cast<std::int64_t>(kRecallRowsTold);
    const auto told_of_chords = static_cast<std::int64_t>(kChordRowsTold);
    const auto nothing = static_cast<std::int64_t>(classes.tone_of.size());
    const auto integers = [&](std::int64_t value) {
        return torch::full({steps, rows}, value, torch::kLong);
    };
    Tensor last = integers(0), position = integers(0), meter = integers(0),
           last_pitch = integers(kNoPitch), target = integers(kPadding);
    Tensor recall_rows = torch::zeros({steps, rows, told}, torch::kLong);
    Tensor rows_of_chords = torch::zeros({steps, rows, told_of_chords}, torch::kLong);
    Tensor chords = torch::full({steps, rows, 2}, std::int64_t{kNoChordCode.count()}, torch::kLong);
    Tensor recalled = torch::full({steps, rows, slots}, nothing, torch::kLong);

    const auto row_of = [&](std::size_t habits, std::size_t width) {
        return torch::zeros(
            {steps, rows, static_cast<std::int64_t>(habits), static_cast<std::int64_t>(width)});
    };
    Tensor tone_habits = row_of(kToneHabits, classes.tones.size()),
           length_habits = row_of(kLengthHabits, classes.lengths.size());

    Batch batch;
    for (std::int64_t b = 0; b < rows; ++b) {
        const Window& window = windows[static_cast<std::size_t>(b)];
        batch.events += static_cast<std::int64_t>(window.size());
        LineMemory memory = memory_before(window, vocabulary);
        for (std::size_t i = 0; i < window.size(); ++i) {
            const std::int64_t at = static_cast<std::int64_t>(i) * rows + b;
            last.data_ptr<std::int64_t>()[at] = window.last[i];
            position.data_ptr<std::int64_t>()[at] = window.position[i];
            meter.data_ptr<std::int64_t>()[at] = window.meter[i];
            target.data_ptr<std::int64_t>()[at] = window.target[i];
            last_pitch.data_ptr<std::int64_t>()[at] = window.recall[i].last_pitch;
            const auto of_recall = recalled_rows(window.recall[i], classes);
            std::copy(of_recall.begin(), of_recall.end(),
                      recall_rows.data_ptr<std::int64_t>() + at * told);
            const ToldChords& harmony = window.chords[i];
            const auto of_chords = chord_rows(harmony);
            std::copy(of_chords.begin(), of_chords.end(),
                      rows_of_chords.data_ptr<std::int64_t>() + at * told_of_chords);
            chords.data_ptr<std::int64_t>()[2 * at] = harmony.now.count();
            chords.data_ptr<std::int64_t>()[2 * at + 1] = harmony.next.count();
            for (std::int64_t s = 0; s < slots; ++s)
                if (const EventId event = window.recall[i].event[static_cast<std::size_t>(s)];
                    event != kNothingRecalled)
                    recalled.data_ptr<std::int64_t>()[at * slots + s] = event;
            const Habits habits = habits_of(memory, classes, window.position[i],
                                            static_cast<MeterClass>(window.meter[i]));
            const auto tell = [at](const std::vector<float>& said, Tensor& to) {
                std::copy(said.begin(), said.end(),
                          to.data_ptr<float>() + at * static_cast<std::int64_t>(said.size()));
            };
            tell(habits.tones, tone_habits);
            tell(habits.lengths, length_habits);
            memory.push(window.heard_at(i), window.position[i], window.blend_at(i));
        }
    }
    batch.context = {last.to(device),
                     position.to(device),
                     meter.to(device),
                     recall_rows.to(device),
                     rows_of_chords.to(device),
                     {recalled.to(device), last_pitch.to(device), tone_habits.to(device),
                      length_habits.to(device), chords.to(device)}};
    batch.target = target.to(device);
    return batch;
}

nn::Streams make_streams(std::span<const Window> windows, const Batch& batch,
                         std::vector<nn::Phase1>& phase1, nn::Dropout& dropout) {
    torch::NoGradGuard no_grad;
    const auto device = batch.target.device();
    const std::int64_t steps = batch.target.size(0);
    const auto window_count = static_cast<std::int64_t>(windows.size());
    std::vector<std::int64_t> window_of, genre_of;  // per stream, grouped by genre
    std::vector<Tensor> proposals;
    for (std::size_t g = 0; g < phase1.size(); ++g) {
        std::vector<std::int64_t> heard_in;
        for (std::int64_t b = 0; b < window_count; ++b) {
            const auto& blends = windows[static_cast<std::size_t>(b)].blend;
            if (std::any_of(blends.begin(), blends.end(),
                            [g](const Blend& blend) { return blend.share[g] > 0.0F; }))
                heard_in.push_back(b);
        }
        if (heard_in.empty()) continue;
        const Tensor rows = torch::tensor(heard_in, torch::kLong).to(device);
        const auto of_rows = [&](const Tensor& t) { return t.index_select(1, rows); };
        const nn::Context& all = batch.context;
        const nn::Context context{of_rows(all.last),       of_rows(all.position),
                                  of_rows(all.meter),      of_rows(all.recall_rows),
                                  of_rows(all.chord_rows), all.recalled.each(of_rows)};
        Tensor state;
        proposals.push_back(phase1[g]->forward(context, state, dropout).softmax(-1));
        window_of.insert(window_of.end(), heard_in.begin(), heard_in.end());
        genre_of.insert(genre_of.end(), heard_in.size(), static_cast<std::int64_t>(g));
    }
    const auto streams = static_cast<std::int64_t>(window_of.size());
    Tensor mix = torch::zeros({steps, window_count, streams});
    auto share = mix.accessor<float, 3>();
    for (std::int64_t r = 0; r < streams; ++r) {
        const std::int64_t b = window_of[static_cast<std::size_t>(r)];
        const auto g = static_cast<std::size_t>(genre_of[static_cast<std::size_t>(r)]);
        const auto& blends = windows[static_cast<std::size_t>(b)].blend;
        for (std::size_t t = 0; t < blends.size(); ++t)
            share[static_cast<std::int64_t>(t)][b][r] = blends[t].share[g];
    }
    return {torch::tensor(window_of, torch::kLong).to(device),
            torch::tensor(genre_of, torch::kLong).to(device), torch::cat(proposals, 1),
            mix.to(device)};
}

}  // namespace fusion::train
