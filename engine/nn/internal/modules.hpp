// Both phases' networks as Torch modules, and the way of their weights into and out of a bundle's
// tensors (names and shapes: networks.hpp).
// Only .cpp files of engine/nn and engine/train include this (ADR-internal-headers.md).
// Letters: T time steps, B windows, R rows (a window heard by one genre), V events, G genres.
// Thread: parameters may be read by many at once; the caller keeps writers apart.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/rnn.h>

#include "engine/model/bundle.hpp"
#include "engine/nn/internal/line_scores.hpp"
#include "engine/nn/internal/recurrent.hpp"

namespace fusion::nn {

using TensorMap = std::map<std::string, BundleTensor>;

// What is known before each event of B windows; int64, (T, B) unless said otherwise.
struct Context {
    torch::Tensor last;      // 0..V-1, or V where a line begins
    torch::Tensor position;  // of the event to come
    torch::Tensor meter;
    torch::Tensor recall_rows;  // (T, B, 24), of in.recall
    torch::Tensor chord_rows;   // (T, B, 7), of in.chord
    Recalled recalled;          // (T, B, S) and (T, B)
};

// Zeroes a share of the values in training, from its own generator: the same seed, the same zeros,
// whatever other threads draw.
class Dropout {
public:
    Dropout() = default;  // none: evaluation
    Dropout(double share, std::uint64_t seed);
    torch::Tensor operator()(const torch::Tensor& x);

private:
    double share_ = 0.0;
    std::optional<at::Generator> generator_;
};

// One row for each event, learned as the sum of what is the event's own and of what it has in
// common with the events of its tone and of its length: rare events learn from frequent ones. A
// bundle holds the sums.
struct EventTableImpl : torch::nn::Module {
    // `extra` rows follow the events', which have nothing in common with any.
    EventTableImpl(const LineScores& classes, std::int64_t extra, std::int64_t width, double own,
                   double common);
    torch::Tensor rows();  // (V + extra, width)
    void set(const torch::Tensor& rows);

    torch::Tensor event, tone, length;

private:
    torch::Tensor spread_;  // (V, T + D)
};
TORCH_MODULE(EventTable);

// Dense over concatenated one-hots, as a sum of table rows; without the activation.
struct OneHotDenseImpl : torch::nn::Module {
    OneHotDenseImpl(const LineScores& classes, std::int64_t recall_rows, std::int64_t outputs);
    torch::Tensor forward(const Context& context);  // (T, B, outputs)

    EventTable event{nullptr};
    torch::Tensor position, meter, recall, chord, bias;
};
TORCH_MODULE(OneHotDense);

// What follows the recurrent layer: Dense ReLU, the events' logits, and what the line says of them.
struct HeadImpl : torch::nn::Module {
    HeadImpl(const LineScores& classes, std::int64_t inputs, std::int64_t dense);
    torch::Tensor forward(const torch::Tensor& hidden, const Context& context, Dropout& dropout);

    LineScores line_scores{nullptr};
    torch::nn::Linear mid{nullptr}, line{nullptr};
    EventTable out{nullptr};
    torch::Tensor out_bias;
};
TORCH_MODULE(Head);

struct Phase1Impl : torch::nn::Module {
    explicit Phase1Impl(const Vocabulary& vocabulary);
    // Logits (T, B, V). `h` (B, 256) goes on from call to call; undefined is the start.
    torch::Tensor forward(const Context& context, torch::Tensor& h, Dropout& dropout);

    OneHotDense in{nullptr};
    torch::nn::RNN rnn{nullptr};
    Head head{nullptr};
};
TORCH_MODULE(Phase1);

// Which genres are heard in which window, and how loud.
struct Streams {
    torch::Tensor window;     // (R) int64, index into B
    torch::Tensor genre;      // (R) int64
    torch::Tensor proposals;  // (T, R, V) probabilities
    torch::Tensor mix;        // (T, B, R) shares; undefined: row r is window r, alone
};

struct Phase2Impl : torch::nn::Module {
    Phase2Impl(std::int64_t genres, const Vocabulary& vocabulary);
    // Logits (T, B, V).
    torch::Tensor forward(const Context& context, const Streams& streams, LstmState& state,
                          Dropout& dropout);

    OneHotDense in{nullptr};
    torch::Tensor genre, proposal;  // tables of `in` that only phase 2 has
    torch::nn::LSTM lstm{nullptr};
    Head head{nullptr};
    torch::Tensor experts;
};
TORCH_MODULE(Phase2);

void export_phase1(Phase1& network, const std::string& genre, TensorMap& into);
void export_phase2(Phase2& network, TensorMap& into);
// The tensors must have passed check_tensors().
Phase1 import_phase1(const TensorMap& from, const std::string& genre, const Vocabulary& vocabulary);
Phase2 import_phase2(const TensorMap& from, std::size_t genres, const Vocabulary& vocabulary);

}  // namespace fusion::nn
