// A bundle's weights as one step of play wants them: all genres' phase-1 networks stacked for
// batched products, input and recurrent matrices joined, and everything that does not depend on the
// line summed beforehand. Letters: G genres, V events, P bar positions, M meter classes, N recall
// rows, C chord rows, L line scores. Only .cpp files of engine/nn include this. Thread: any
// (constant once made). Errors: none; the tensors must have passed check_tensors().
#pragma once

#include <torch/types.h>

#include "engine/model/bundle.hpp"

namespace fusion::nn {

struct StepWeights {
    StepWeights(const Bundle& bundle, torch::Device device);

    // Phase 1. Matrices are views (in, out) of row-major (out, in) storage.
    torch::Tensor event1;           // (V+1, G, 128)
    torch::Tensor context1;         // (P*M, G, 128)
    torch::Tensor recall1;          // (N, G*128)
    torch::Tensor chord1;           // (C, G*128)
    torch::Tensor rnn, rnn_bias;    // (G, 128+256, 256), (G, 1, 256)
    torch::Tensor mid1, mid1_bias;  // (G, 256, 128), (G, 1, 128)
    torch::Tensor out1, out1_bias;  // (G, 128, V + L), (G, 1, V + L): logits, then line scores
    // Phase 2.
    torch::Tensor event2;           // (V+1, 256)
    torch::Tensor context2;         // (P*M, 256)
    torch::Tensor recall2;          // (N, 256)
    torch::Tensor chord2;           // (C, 256)
    torch::Tensor genre2;           // (G, 256)
    torch::Tensor proposal2;        // (V, 256)
    torch::Tensor lstm, lstm_bias;  // (256+512, 2048), (2048)
    torch::Tensor mid2, mid2_bias;  // (256, 512), (256)
    torch::Tensor out2, out2_bias;  // (V + L, 256), (V + L)
    float experts = 0.0F;
};

}  // namespace fusion::nn
