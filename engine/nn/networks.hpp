// The shapes of both phases' networks and the names of their weights in a bundle. Plain: no Torch
// here, so that a build without it can still say whether a bundle fits.
//
// Letters: G genres, V events of the vocabulary, P = 48 bar positions, M = 4 meter classes.
// Every Dense layer over concatenated one-hots is stored as one table per one-hot: the layer's
// output is the sum of one row of each table plus the bias, which is the same product for the price
// of a few additions. `event` has V + 1 rows; row V stands for "the line begins here".
//
// Per genre, "phase1/<genre>/" before each name. h_t from h_(t-1) and the last event:
//   x = relu(in.event[last] + in.position[p] + in.meter[m] + in.bias)
//   h = tanh(rnn.weight_ih x + rnn.weight_hh h + rnn.bias)
//   logits = out.weight relu(mid.weight h + mid.bias) + out.bias
//   in.event (V+1, 128)  in.position (P, 128)  in.meter (M, 128)  in.bias (128)
//   rnn.weight_ih (256, 128)  rnn.weight_hh (256, 256)  rnn.bias (256)
//   mid.weight (128, 256)  mid.bias (128)  out.weight (V, 128)  out.bias (V)
//
// Once, "phase2/" before each name. Stream g, with q the softmax of genre g's phase-1 logits for
// the event to choose, and w_g its share of the blend (ADR-proposals.md says why q is soft):
//   x = relu(in.event[last] + in.position[p] + in.meter[m] + in.genre[g] + q in.proposal + in.bias)
//   (i, f, c~, o) = lstm.weight_ih x + lstm.weight_hh h_g + lstm.bias, rows in this order
//   c_g = sigmoid(f) c_g + sigmoid(i) tanh(c~);  h_g = sigmoid(o) tanh(c_g)
//   logits = out.weight relu(mid.weight (sum over g of w_g h_g) + mid.bias) + out.bias
//   in.event (V+1, 256)  in.position (P, 256)  in.meter (M, 256)  in.genre (G, 256)
//   in.proposal (V, 256)  in.bias (256)
//   lstm.weight_ih (2048, 256)  lstm.weight_hh (2048, 512)  lstm.bias (2048)
//   mid.weight (256, 512)  mid.bias (256)  out.weight (V, 256)  out.bias (V)
//
// `position` and `meter` are those of the event to choose, not of the last one.
// Thread: any. Errors: check_tensors() says malformed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/model/bundle.hpp"

namespace fusion {

// Phase 1: Dense, simple RNN, Dense.
inline constexpr std::int64_t kPhase1Dense = 128;
inline constexpr std::int64_t kPhase1Hidden = 256;
// Phase 2: Dense, LSTM, Dense.
inline constexpr std::int64_t kPhase2Dense = 256;
inline constexpr std::int64_t kPhase2Hidden = 512;

struct TensorShape {
    std::string name;  // "phase1/jazz/in.event"
    std::vector<std::int64_t> shape;
};

[[nodiscard]] std::string phase1_prefix(const std::string& genre);  // "phase1/jazz/"
[[nodiscard]] std::string phase2_prefix();                          // "phase2/"

[[nodiscard]] std::vector<TensorShape> phase1_tensors(const std::string& genre,
                                                      std::size_t vocabulary_size);
[[nodiscard]] std::vector<TensorShape> phase2_tensors(std::size_t genres,
                                                      std::size_t vocabulary_size);

// Whether `bundle` holds every tensor of both phases in its right shape, all values finite.
[[nodiscard]] Status check_tensors(const Bundle& bundle);

}  // namespace fusion
