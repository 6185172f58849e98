#include "engine/nn/internal/step_weights.hpp"

#include <string>
#include <vector>

#include "engine/nn/networks.hpp"

namespace fusion::nn {
namespace {

using torch::Tensor;

Tensor tensor_of(const Bundle& bundle, const std::string& name) {
    const auto& stored = bundle.tensors.at(name);
    return torch::from_blob(const_cast<float*>(stored.values.data()), stored.shape, torch::kFloat32)
        .clone();
}

// (G, ...) from one tensor a genre.
Tensor stacked(const Bundle& bundle, const std::string& name) {
    std::vector<Tensor> each;
    for (const auto& genre : bundle.genres)
        each.push_back(tensor_of(bundle, phase1_prefix(genre) + name));
    return torch::stack(each);
}

// The rows that do not depend on the line: position + meter + bias for each pair. (..., P, D) and
// (..., M, D) and (..., D) make (P * M, ..., D).
Tensor context_rows(const Tensor& position, const Tensor& meter, const Tensor& bias) {
    const auto sum = position.unsqueeze(-2) + meter.unsqueeze(-3) +
                     bias.unsqueeze(-2).unsqueeze(-2);  // (..., P, M, D)
    const auto flat = sum.flatten(-3, -2);              // (..., P*M, D)
    return flat.movedim(-2, 0).contiguous();
}

}  // namespace

StepWeights::StepWeights(const Bundle& bundle, torch::Device device) {
    const auto on = [&](const Tensor& t) { return t.to(device).contiguous(); };
    const auto p2 = [&](const char* name) { return tensor_of(bundle, phase2_prefix() + name); };
    event1 = on(stacked(bundle, "in.event").transpose(0, 1));  // (V+1, G, 128)
    context1 = on(context_rows(stacked(bundle, "in.position"), stacked(bundle, "in.meter"),
                               stacked(bundle, "in.bias")));
    rnn = on(torch::cat({stacked(bundle, "rnn.weight_ih"), stacked(bundle, "rnn.weight_hh")}, 2))
              .transpose(1, 2);
    rnn_bias = on(stacked(bundle, "rnn.bias")).unsqueeze(1);
    mid1 = on(stacked(bundle, "mid.weight")).transpose(1, 2);
    mid1_bias = on(stacked(bundle, "mid.bias")).unsqueeze(1);
    out1 = on(torch::cat({stacked(bundle, "out.weight"), stacked(bundle, "line.weight")}, 1))
               .transpose(1, 2);
    out1_bias =
        on(torch::cat({stacked(bundle, "out.bias"), stacked(bundle, "line.bias")}, 1)).unsqueeze(1);
    recall1 = on(stacked(bundle, "in.recall").transpose(0, 1).flatten(1));
    chord1 = on(stacked(bundle, "in.chord").transpose(0, 1).flatten(1));

    event2 = on(p2("in.event"));
    context2 = on(context_rows(p2("in.position"), p2("in.meter"), p2("in.bias")));
    genre2 = on(p2("in.genre"));
    proposal2 = on(p2("in.proposal"));
    lstm = on(torch::cat({p2("lstm.weight_ih"), p2("lstm.weight_hh")}, 1)).t();
    lstm_bias = on(p2("lstm.bias"));
    mid2 = on(p2("mid.weight"));
    mid2_bias = on(p2("mid.bias"));
    out2 = on(torch::cat({p2("out.weight"), p2("line.weight")}));
    out2_bias = on(torch::cat({p2("out.bias"), p2("line.bias")}));
    recall2 = on(p2("in.recall"));
    chord2 = on(p2("in.chord"));
    experts = p2("out.experts").item<float>();
}

}  // namespace fusion::nn
