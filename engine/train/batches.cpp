#include "engine/train/internal/batches.hpp"

#include <algorithm>

namespace fusion::train {

namespace {

using torch::Tensor;

Tensor integers(std::int64_t steps, std::int64_t rows, std::int64_t value) {
    return torch::full({steps, rows}, value, torch::kLong);
}

}  // namespace

Batch make_batch(std::span<const Window> windows, torch::Device device) {
    std::size_t longest = 0;
    for (const Window& window : windows) longest = std::max(longest, window.size());
    const auto steps = static_cast<std::int64_t>(longest);
    const auto rows = static_cast<std::int64_t>(windows.size());
    Batch batch{{integers(steps, rows, 0), integers(steps, rows, 0), integers(steps, rows, 0)},
                integers(steps, rows, kPadding)};
    auto last = batch.context.last.accessor<std::int64_t, 2>();
    auto position = batch.context.position.accessor<std::int64_t, 2>();
    auto meter = batch.context.meter.accessor<std::int64_t, 2>();
    auto target = batch.target.accessor<std::int64_t, 2>();
    for (std::int64_t b = 0; b < rows; ++b) {
        const Window& window = windows[static_cast<std::size_t>(b)];
        batch.events += static_cast<std::int64_t>(window.size());
        for (std::size_t i = 0; i < window.size(); ++i) {
            const auto t = static_cast<std::int64_t>(i);
            last[t][b] = window.last[i];
            position[t][b] = window.position[i];
            meter[t][b] = window.meter[i];
            target[t][b] = window.target[i];
        }
    }
    batch.context = {batch.context.last.to(device), batch.context.position.to(device),
                     batch.context.meter.to(device)};
    batch.target = batch.target.to(device);
    return batch;
}

nn::Streams make_streams(std::span<const Window> windows, const Batch& batch,
                         std::vector<nn::Phase1>& phase1) {
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
        const nn::Context context{batch.context.last.index_select(1, rows),
                                  batch.context.position.index_select(1, rows),
                                  batch.context.meter.index_select(1, rows)};
        Tensor state;
        nn::Dropout none;
        proposals.push_back(phase1[g]->forward(context, state, none).softmax(-1));
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
