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

#include <torch/torch.h>

#include "engine/model/bundle.hpp"
#include "engine/nn/internal/recurrent.hpp"

namespace fusion::nn {

using TensorMap = std::map<std::string, BundleTensor>;

// What is known before each event of B windows; all (T, B), int64.
struct Context {
    torch::Tensor last;      // 0..V-1, or V where a line begins
    torch::Tensor position;  // of the event to come
    torch::Tensor meter;
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

// Dense over concatenated one-hots, as a sum of table rows; without the activation.
struct OneHotDenseImpl : torch::nn::Module {
    OneHotDenseImpl(std::int64_t vocabulary, std::int64_t outputs);
    torch::Tensor forward(const Context& context);  // (T, B, outputs)

    torch::Tensor event, position, meter, bias;
};
TORCH_MODULE(OneHotDense);

struct Phase1Impl : torch::nn::Module {
    explicit Phase1Impl(std::int64_t vocabulary);
    // Logits (T, B, V). `h` (B, 256) goes on from call to call; undefined is the start.
    torch::Tensor forward(const Context& context, torch::Tensor& h, Dropout& dropout);

    std::int64_t vocabulary;
    OneHotDense in{nullptr};
    torch::nn::RNN rnn{nullptr};
    torch::nn::Linear mid{nullptr}, out{nullptr};
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
    Phase2Impl(std::int64_t genres, std::int64_t vocabulary);
    // Logits (T, B, V).
    torch::Tensor forward(const Context& context, const Streams& streams, LstmState& state,
                          Dropout& dropout);

    std::int64_t vocabulary, genres;
    OneHotDense in{nullptr};
    torch::Tensor genre, proposal;  // tables of `in` that only phase 2 has
    torch::nn::LSTM lstm{nullptr};
    torch::nn::Linear mid{nullptr}, out{nullptr};
};
TORCH_MODULE(Phase2);

void export_phase1(Phase1& network, const std::string& genre, TensorMap& into);
void export_phase2(Phase2& network, TensorMap& into);
// The tensors must have passed check_tensors().
Phase1 import_phase1(const TensorMap& from, const std::string& genre, std::size_t vocabulary);
Phase2 import_phase2(const TensorMap& from, std::size_t genres, std::size_t vocabulary);

}  // namespace fusion::nn
