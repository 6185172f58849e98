#include "engine/train/internal/phases.hpp"

#include <torch/nn/functional/loss.h>
#include <algorithm>

#include "engine/train/internal/batches.hpp"
#include "engine/train/slips.hpp"

namespace fusion::train {

namespace {

// What a number from Random is for, so that no two uses share their dice.
enum Dice : std::uint64_t {
    phase1_windows,
    phase1_dropout,
    phase2_windows,
    phase2_dropout,
    phase1_slips,
    phase2_slips,
    phase1_chords,
    phase2_chords
};

// In so many windows no chord is told, so that a line can also be free.
constexpr double kWithoutChords = 0.2;

void hide_chords(Window& window, Random random) {
    if (random.uniform() < kWithoutChords) tell_no_chords(window);
}

torch::Tensor summed_cross_entropy(const torch::Tensor& logits, const torch::Tensor& target) {
    return torch::nn::functional::cross_entropy(logits.flatten(0, 1), target.flatten(),
                                                torch::nn::functional::CrossEntropyFuncOptions()
                                                    .reduction(torch::kSum)
                                                    .ignore_index(kPadding));
}

std::uint64_t number(std::size_t n) { return static_cast<std::uint64_t>(n); }

}  // namespace

std::vector<const Piece*> pieces_of(const DataSet& data, Split split,
                                    std::optional<std::size_t> genre) {
    std::vector<const Piece*> pieces;
    for (const Piece& piece : data.pieces)
        if (piece.split == split && (!genre || piece.genre == *genre) && piece.line.size() > 0)
            pieces.push_back(&piece);
    return pieces;
}

Phase1Task::Phase1Task(nn::Phase1 network, const std::vector<const Piece*>& training,
                       std::vector<const Piece*> validation, const Setting& setting,
                       std::uint64_t stream)
    : network_{std::move(network)},
      validation_{std::move(validation)},
      setting_{setting},
      classes_{setting.vocabulary},
      stream_{stream} {
    for (const Piece* piece : training) training_.emplace_back(*piece, setting.vocabulary);
}

std::size_t Phase1Task::begin_epoch(int epoch) {
    Random random{setting_.seed, phase1_windows, stream_, number(static_cast<std::size_t>(epoch))};
    constexpr std::size_t kBucket = 8;  // batches
    windows_ = cut_all(training_, setting_.window, kBucket * setting_.batch, random);
    return (windows_.size() + setting_.batch - 1) / setting_.batch;
}

Loss Phase1Task::loss(int epoch, std::size_t batch, std::size_t shard, std::size_t shards) {
    const std::size_t first = batch * setting_.batch;
    const std::size_t count = std::min(setting_.batch, windows_.size() - first);
    const std::size_t begin = count * shard / shards, end = count * (shard + 1) / shards;
    if (begin == end) return {};
    std::vector<Window> heard;
    for (std::size_t i = begin; i < end; ++i) {
        Random random{setting_.seed, phase1_slips, stream_, number(static_cast<std::size_t>(epoch)),
                      number(first + i)};
        heard.push_back(windows_[first + i]);
        let_slip(heard.back(), setting_.vocabulary, random);
        hide_chords(heard.back(), {setting_.seed, phase1_chords, stream_,
                                   number(static_cast<std::size_t>(epoch)), number(first + i)});
    }
    const Batch tensors = make_batch(heard, setting_.vocabulary, classes_, setting_.device);
    Random random{setting_.seed, phase1_dropout, stream_, number(static_cast<std::size_t>(epoch)),
                  number(batch), number(shard)};
    nn::Dropout dropout{setting_.dropout, random.next()};
    torch::Tensor state;
    const torch::Tensor logits = network_->forward(tensors.context, state, dropout);
    return {summed_cross_entropy(logits, tensors.target), tensors.events};
}

double Phase1Task::validate() {
    MeanCrossEntropy loss;
    teach_phase1(network_, validation_, {setting_.vocabulary, setting_.device, setting_.threads},
                 std::ref(loss));
    return loss.mean();
}

Phase2Task::Phase2Task(nn::Phase2 network, std::vector<nn::Phase1> phase1, const DataSet& data,
                       const Setting& setting, Improved improved)
    : network_{std::move(network)},
      phase1_{std::move(phase1)},
      setting_{setting},
      classes_{setting.vocabulary},
      splicer_{data},
      improved_{std::move(improved)} {
    for (std::size_t g = 0; g < data.genres.size(); ++g)
        validation_.push_back(pieces_of(data, Split::validation, g));
}

std::size_t Phase2Task::begin_epoch(int) {
    const std::size_t events = setting_.batch * setting_.window;
    return (splicer_.training_events() + events - 1) / events;
}

Loss Phase2Task::loss(int epoch, std::size_t batch, std::size_t shard, std::size_t shards) {
    std::vector<Window> windows;
    const std::size_t begin = setting_.batch * shard / shards;
    const std::size_t end = setting_.batch * (shard + 1) / shards;
    for (std::size_t i = begin; i < end; ++i) {
        Random random{setting_.seed, phase2_windows, number(static_cast<std::size_t>(epoch)),
                      number(batch), number(i)};
        windows.push_back(splicer_.draw(setting_.window, random));
        Random slips{setting_.seed, phase2_slips, number(static_cast<std::size_t>(epoch)),
                     number(batch), number(i)};
        let_slip(windows.back(), setting_.vocabulary, slips);
        hide_chords(windows.back(),
                    {setting_.seed, phase2_chords, number(static_cast<std::size_t>(epoch)),
                     number(batch), number(i)});
    }
    if (windows.empty()) return {};
    const Batch tensors = make_batch(windows, setting_.vocabulary, classes_, setting_.device);
    Random random{setting_.seed, phase2_dropout, number(static_cast<std::size_t>(epoch)),
                  number(batch), number(shard)};
    nn::Dropout of_experts{setting_.expert_dropout, random.next()};
    const nn::Streams streams = make_streams(windows, tensors, phase1_, of_experts);
    nn::Dropout dropout{setting_.dropout, random.next()};
    nn::LstmState state;
    const torch::Tensor logits = network_->forward(tensors.context, streams, state, dropout);
    return {summed_cross_entropy(logits, tensors.target), tensors.events};
}

double Phase2Task::validate() {
    double sum = 0.0, genres = 0.0;
    for (std::size_t g = 0; g < validation_.size(); ++g) {
        if (validation_[g].empty()) continue;
        MeanCrossEntropy loss;
        teach_phase2(phase1_[g], network_, g, validation_[g],
                     {setting_.vocabulary, setting_.device, setting_.threads}, std::ref(loss));
        sum += loss.mean();
        genres += 1.0;
    }
    return genres > 0.0 ? sum / genres : 0.0;
}

}  // namespace fusion::train
