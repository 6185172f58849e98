// Weights between Torch modules and a bundle's plain tensors.
#include <torch/types.h>
#include <torch/utils.h>
#include <algorithm>

#include "engine/nn/internal/modules.hpp"
#include "engine/nn/networks.hpp"

namespace fusion::nn {

namespace {

using torch::Tensor;

BundleTensor plain(const Tensor& tensor) {
    const Tensor flat = tensor.detach().to(torch::kCPU, torch::kFloat).contiguous();
    const float* first = flat.data_ptr<float>();
    return {flat.sizes().vec(), std::vector<float>(first, first + flat.numel())};
}

void fill(Tensor& parameter, const TensorMap& from, const std::string& name) {
    torch::NoGradGuard no_grad;
    const BundleTensor& source = from.at(name);
    Tensor values = torch::empty(source.shape);
    std::copy(source.values.begin(), source.values.end(), values.data_ptr<float>());
    parameter.copy_(values);
}

// Torch keeps two biases per recurrent layer; only their sum matters.
template <class Layer>
void export_recurrent(Layer& layer, const std::string& at, TensorMap& into) {
    const auto parameters = layer->named_parameters();
    into[at + "weight_ih"] = plain(parameters["weight_ih_l0"]);
    into[at + "weight_hh"] = plain(parameters["weight_hh_l0"]);
    into[at + "bias"] = plain(parameters["bias_ih_l0"] + parameters["bias_hh_l0"]);
}

template <class Layer>
void import_recurrent(Layer& layer, const std::string& at, const TensorMap& from) {
    auto parameters = layer->named_parameters();
    fill(parameters["weight_ih_l0"], from, at + "weight_ih");
    fill(parameters["weight_hh_l0"], from, at + "weight_hh");
    fill(parameters["bias_ih_l0"], from, at + "bias");
    torch::NoGradGuard no_grad;
    parameters["bias_hh_l0"].zero_();
}

// The layers that both phases have; `each` is called with a bundle name and a parameter, or an
// event table.
template <class Network, class Each>
void shared_layers(Network& network, const std::string& at, Each each) {
    each(at + "in.event", network->in->event);
    each(at + "in.position", network->in->position);
    each(at + "in.meter", network->in->meter);
    each(at + "in.recall", network->in->recall);
    each(at + "in.chord", network->in->chord);
    each(at + "in.bias", network->in->bias);
    each(at + "mid.weight", network->head->mid->weight);
    each(at + "mid.bias", network->head->mid->bias);
    each(at + "out.weight", network->head->out);
    each(at + "out.bias", network->head->out_bias);
    each(at + "line.weight", network->head->line->weight);
    each(at + "line.bias", network->head->line->bias);
}

struct Exporting {
    TensorMap& into;
    void operator()(const std::string& name, const Tensor& parameter) const {
        into[name] = plain(parameter);
    }
    void operator()(const std::string& name, EventTable& table) const {
        into[name] = plain(table->rows());
    }
};

struct Importing {
    const TensorMap& from;
    void operator()(const std::string& name, Tensor& parameter) const {
        fill(parameter, from, name);
    }
    void operator()(const std::string& name, EventTable& table) const {
        Tensor rows = torch::empty_like(table->event);
        fill(rows, from, name);
        table->set(rows);
    }
};

}  // namespace

void export_phase1(Phase1& network, const std::string& genre, TensorMap& into) {
    const std::string at = phase1_prefix(genre);
    shared_layers(network, at, Exporting{into});
    export_recurrent(network->rnn, at + "rnn.", into);
}

void export_phase2(Phase2& network, TensorMap& into) {
    const std::string at = phase2_prefix();
    shared_layers(network, at, Exporting{into});
    into[at + "in.genre"] = plain(network->genre);
    into[at + "in.proposal"] = plain(network->proposal);
    into[at + "out.experts"] = plain(network->experts);
    export_recurrent(network->lstm, at + "lstm.", into);
}

Phase1 import_phase1(const TensorMap& from, const std::string& genre,
                     const Vocabulary& vocabulary) {
    Phase1 network(vocabulary);
    const std::string at = phase1_prefix(genre);
    shared_layers(network, at, Importing{from});
    import_recurrent(network->rnn, at + "rnn.", from);
    return network;
}

Phase2 import_phase2(const TensorMap& from, std::size_t genres, const Vocabulary& vocabulary) {
    Phase2 network(static_cast<std::int64_t>(genres), vocabulary);
    const std::string at = phase2_prefix();
    shared_layers(network, at, Importing{from});
    fill(network->genre, from, at + "in.genre");
    fill(network->proposal, from, at + "in.proposal");
    fill(network->experts, from, at + "out.experts");
    import_recurrent(network->lstm, at + "lstm.", from);
    return network;
}

}  // namespace fusion::nn
