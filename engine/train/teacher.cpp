#include "engine/train/internal/teacher.hpp"

#include <torch/utils.h>
#include <algorithm>
#include <mutex>

#include "engine/train/internal/batches.hpp"
#include "engine/train/parallel.hpp"

namespace fusion::train {

namespace {

using torch::Tensor;

constexpr std::size_t kLinesAtOnce = 16;
constexpr std::size_t kStepsAtOnce =
    128;  // bounds the memory; states go on from stretch to stretch

// Makes the function that turns one stretch into logits (T, B, V), with fresh states.
using Speaker = std::function<Tensor(const Batch&)>;
using MakeSpeaker = std::function<Speaker()>;

void teach_group(const Lines& group, const Classroom& room, const Speaker& speak,
                 const Verdict& verdict, std::mutex& one_at_a_time) {
    torch::NoGradGuard no_grad;
    const EventClasses classes{room.vocabulary};
    std::vector<RecalledLine> lines;
    for (const Piece* piece : group) lines.emplace_back(*piece, room.vocabulary);
    const std::size_t longest = group.front()->line.size();
    for (std::size_t first = 0; first < longest; first += kStepsAtOnce) {
        std::vector<Window> windows;
        // Lines that have ended stay as empty windows, so that the states keep their rows.
        for (const RecalledLine& line : lines) {
            windows.push_back(cut(line, first, first + kStepsAtOnce));
            if (!room.chords) tell_no_chords(windows.back());
        }
        const Batch batch = make_batch(windows, room.vocabulary, classes, room.device);
        const Tensor said = speak(batch).log_softmax(-1).flatten(0, 1);
        const Tensor target = batch.target.flatten();
        const Tensor there = (target != kPadding).nonzero().squeeze(1);
        const Tensor log_probabilities = said.index_select(0, there);
        const std::lock_guard lock{one_at_a_time};
        verdict(log_probabilities, target.index_select(0, there));
    }
}

void teach(Lines lines, const Classroom& room, const MakeSpeaker& make_speaker,
           const Verdict& verdict) {
    std::erase_if(lines, [](const Piece* piece) { return piece->line.size() == 0; });
    std::stable_sort(lines.begin(), lines.end(), [](const auto* a, const auto* b) {
        return a->line.size() > b->line.size();  // alike beside alike: little padding
    });
    std::mutex one_at_a_time;
    const std::size_t groups = (lines.size() + kLinesAtOnce - 1) / kLinesAtOnce;
    for_each_index(groups, room.threads, [&](std::size_t group) {
        const std::size_t first = group * kLinesAtOnce;
        const std::size_t last = std::min(first + kLinesAtOnce, lines.size());
        teach_group(Lines(lines.begin() + static_cast<std::ptrdiff_t>(first),
                          lines.begin() + static_cast<std::ptrdiff_t>(last)),
                    room, make_speaker(), verdict, one_at_a_time);
    });
}

}  // namespace

void teach_phase1(nn::Phase1& network, const Lines& lines, const Classroom& room,
                  const Verdict& verdict) {
    teach(
        lines, room,
        [&network]() -> Speaker {
            return [&network, state = Tensor{}](const Batch& batch) mutable {
                nn::Dropout none;
                return network->forward(batch.context, state, none);
            };
        },
        verdict);
}

void teach_phase2(nn::Phase1& proposer, nn::Phase2& network, std::size_t genre, const Lines& lines,
                  const Classroom& room, const Verdict& verdict) {
    const auto make_speaker = [&]() -> Speaker {
        return [&proposer, &network, genre, own = Tensor{},
                state = nn::LstmState{}](const Batch& batch) mutable {
            nn::Dropout none;
            const auto rows = batch.target.size(1);
            const auto integers = torch::TensorOptions(torch::kLong).device(batch.target.device());
            const nn::Streams alone{torch::arange(rows, integers),
                                    torch::full({rows}, static_cast<std::int64_t>(genre), integers),
                                    proposer->forward(batch.context, own, none).softmax(-1),
                                    {}};
            return network->forward(batch.context, alone, state, none);
        };
    };
    teach(lines, room, make_speaker, verdict);
}

void MeanCrossEntropy::operator()(const Tensor& log_probabilities, const Tensor& targets) {
    sum_ -= log_probabilities.gather(1, targets.unsqueeze(1)).sum().item<double>();
    events_ += static_cast<double>(targets.size(0));
}

}  // namespace fusion::train
