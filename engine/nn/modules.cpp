#include "engine/nn/internal/modules.hpp"

#include <ATen/CPUGeneratorImpl.h>

#include "engine/nn/networks.hpp"

namespace fusion::nn {

namespace {

using torch::Tensor;

// A table's rows are added up three to five at a time, so the spread is that of a Dense layer with
// some ten inputs; Glorot's over the whole one-hot (0.1) starts out nearly silent.
Tensor table(std::int64_t rows, std::int64_t outputs) {
    return torch::empty({rows, outputs}).uniform_(-0.3, 0.3);
}

}  // namespace

Dropout::Dropout(double share, std::uint64_t seed) : share_{share} {
    if (share_ > 0.0) generator_ = at::detail::createCPUGenerator(seed);
}

Tensor Dropout::operator()(const Tensor& x) {
    if (share_ <= 0.0) return x;
    if (x.is_cuda()) return torch::dropout(x, share_, true);
    const Tensor mask = torch::empty_like(x).bernoulli_(1.0 - share_, *generator_);
    return x * mask.div_(1.0 - share_);
}

OneHotDenseImpl::OneHotDenseImpl(std::int64_t vocabulary, std::int64_t outputs)
    : event{register_parameter("event", table(vocabulary + 1, outputs))},
      position{
          register_parameter("position", table(static_cast<std::int64_t>(kBarPositions), outputs))},
      meter{register_parameter("meter", table(static_cast<std::int64_t>(kMeterClasses), outputs))},
      bias{register_parameter("bias", torch::zeros({outputs}))} {}

Tensor OneHotDenseImpl::forward(const Context& context) {
    return torch::embedding(event, context.last) + torch::embedding(position, context.position) +
           torch::embedding(meter, context.meter) + bias;
}

// Torch's archives name their parts like Python attributes, so a part may not be called "in".
Phase1Impl::Phase1Impl(std::int64_t events)
    : vocabulary{events},
      in{register_module("input", OneHotDense(events, kPhase1Dense))},
      rnn{register_module("rnn", torch::nn::RNN(torch::nn::RNNOptions(kPhase1Dense, kPhase1Hidden)
                                                    .nonlinearity(torch::kTanh)))},
      mid{register_module("mid", torch::nn::Linear(kPhase1Hidden, kPhase1Dense))},
      out{register_module("out", torch::nn::Linear(kPhase1Dense, events))} {}

Tensor Phase1Impl::forward(const Context& context, Tensor& h, Dropout& dropout) {
    const Tensor x = dropout(torch::relu(in->forward(context)));
    const Tensor hidden = dropout(run_rnn(rnn, x, h));
    return out->forward(dropout(torch::relu(mid->forward(hidden))));
}

Phase2Impl::Phase2Impl(std::int64_t genre_count, std::int64_t events)
    : vocabulary{events},
      genres{genre_count},
      in{register_module("input", OneHotDense(events, kPhase2Dense))},
      genre{register_parameter("genre", table(genre_count, kPhase2Dense))},
      proposal{register_parameter("proposal", table(events, kPhase2Dense))},
      lstm{register_module("lstm", torch::nn::LSTM(kPhase2Dense, kPhase2Hidden))},
      mid{register_module("mid", torch::nn::Linear(kPhase2Hidden, kPhase2Dense))},
      out{register_module("out", torch::nn::Linear(kPhase2Dense, events))} {}

Tensor Phase2Impl::forward(const Context& context, const Streams& streams, LstmState& state,
                           Dropout& dropout) {
    // What all streams of a window share is added up once per window.
    const Tensor shared = in->forward(context).index_select(1, streams.window);
    const Tensor own = torch::embedding(genre, streams.genre) + streams.proposals.matmul(proposal);
    const Tensor hidden = run_lstm(lstm, dropout(torch::relu(shared + own)), state);
    const Tensor fused = streams.mix.defined() ? streams.mix.bmm(hidden) : hidden;
    return out->forward(dropout(torch::relu(mid->forward(dropout(fused)))));
}

}  // namespace fusion::nn
