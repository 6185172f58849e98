#include "engine/nn/internal/modules.hpp"

#include <cmath>

#include <ATen/CPUGeneratorImpl.h>
#include <torch/types.h>
#include <torch/utils.h>

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

EventTableImpl::EventTableImpl(const LineScores& classes, std::int64_t extra, std::int64_t width,
                               double own, double common)
    : event{register_parameter(
          "event", torch::empty({classes->spread.size(1) + extra, width}).uniform_(-own, own))},
      tone{register_parameter("tone",
                              torch::empty({classes->tones, width}).uniform_(-common, common))},
      length{register_parameter("length",
                                torch::empty({classes->lengths, width}).uniform_(-common, common))},
      spread_{register_buffer("spread", classes->spread.t().contiguous())} {}

Tensor EventTableImpl::rows() {
    Tensor common = spread_.mm(torch::cat({tone, length}));
    if (const auto extra = event.size(0) - common.size(0); extra > 0)
        common = torch::cat({common, torch::zeros({extra, common.size(1)}, common.options())});
    return event + common;
}

void EventTableImpl::set(const Tensor& rows) {
    torch::NoGradGuard no_grad;
    event.copy_(rows);
    tone.zero_();
    length.zero_();
}

OneHotDenseImpl::OneHotDenseImpl(const LineScores& classes, std::int64_t recall_row_count,
                                 std::int64_t outputs)
    : event{register_module("event", EventTable(classes, 1, outputs, 0.15, 0.2))},
      position{
          register_parameter("position", table(static_cast<std::int64_t>(kBarPositions), outputs))},
      meter{register_parameter("meter", table(static_cast<std::int64_t>(kMeterClasses), outputs))},
      recall{register_parameter("recall",
                                torch::empty({recall_row_count, outputs}).uniform_(-0.1, 0.1))},
      // Nothing at first: networks that have learned without chords go on from what they know.
      chord{register_parameter("chord",
                               torch::zeros({static_cast<std::int64_t>(kChordRows), outputs}))},
      bias{register_parameter("bias", torch::zeros({outputs}))} {}

Tensor OneHotDenseImpl::forward(const Context& context) {
    const auto steps = context.last.size(0), windows = context.last.size(1);
    const auto summed = [&](const Tensor& table, const Tensor& told) {
        const Tensor rows = told.flatten();
        const Tensor bags = torch::arange(0, rows.size(0), told.size(-1), rows.options());
        return std::get<0>(torch::embedding_bag(table, rows, bags)).reshape({steps, windows, -1});
    };
    return torch::embedding(event->rows(), context.last) +
           torch::embedding(position, context.position) + torch::embedding(meter, context.meter) +
           summed(recall, context.recall_rows) + summed(chord, context.chord_rows) + bias;
}

HeadImpl::HeadImpl(const LineScores& classes, std::int64_t inputs, std::int64_t dense)
    : line_scores{register_module("line_scores", classes)},
      mid{register_module("mid", torch::nn::Linear(inputs, dense))},
      line{register_module("line", torch::nn::Linear(dense, kLineScores))},
      out{register_module(
          "out", EventTable(classes, 0, dense, 0.5 / std::sqrt(static_cast<double>(dense)), 0.0))},
      out_bias{register_parameter("out_bias", torch::zeros({classes->spread.size(1)}))} {
    // At first the line has no say, and is soon given one.
    torch::NoGradGuard no_grad;
    line->weight.zero_();
    line->bias.zero_();
}

Tensor HeadImpl::forward(const Tensor& hidden, const Context& context, Dropout& dropout) {
    const Tensor m = dropout(torch::relu(mid->forward(dropout(hidden))));
    return torch::linear(m, out->rows(), out_bias) +
           line_scores->forward(line->forward(m), context.recalled);
}

// Torch's archives name their parts like Python attributes, so a part may not be called "in".
Phase1Impl::Phase1Impl(const Vocabulary& vocabulary) {
    const LineScores classes{vocabulary};
    in = register_module("input",
                         OneHotDense(classes, recall_rows(EventClasses{vocabulary}), kPhase1Dense));
    rnn = register_module(
        "rnn", torch::nn::RNN(
                   torch::nn::RNNOptions(kPhase1Dense, kPhase1Hidden).nonlinearity(torch::kTanh)));
    head = register_module("head", Head(classes, kPhase1Hidden, kPhase1Dense));
}

Tensor Phase1Impl::forward(const Context& context, Tensor& h, Dropout& dropout) {
    const Tensor x = dropout(torch::relu(in->forward(context)));
    return head->forward(run_rnn(rnn, x, h), context, dropout);
}

Phase2Impl::Phase2Impl(std::int64_t genres, const Vocabulary& vocabulary) {
    const LineScores classes{vocabulary};
    in = register_module("input",
                         OneHotDense(classes, recall_rows(EventClasses{vocabulary}), kPhase2Dense));
    genre = register_parameter("genre", table(genres, kPhase2Dense));
    proposal = register_parameter("proposal", table(classes->spread.size(1), kPhase2Dense));
    lstm = register_module("lstm", torch::nn::LSTM(kPhase2Dense, kPhase2Hidden));
    head = register_module("head", Head(classes, kPhase2Hidden, kPhase2Dense));
    experts = register_parameter("experts", torch::ones({1}));
    // It sets out from what the genres' own networks say, and learns to say it better.
    torch::NoGradGuard no_grad;
    head->out->event.mul_(0.1);
}

Tensor Phase2Impl::forward(const Context& context, const Streams& streams, LstmState& state,
                           Dropout& dropout) {
    // What all streams of a window share is added up once per window.
    const Tensor shared = in->forward(context).index_select(1, streams.window);
    const Tensor own = torch::embedding(genre, streams.genre) + streams.proposals.matmul(proposal);
    const Tensor hidden = run_lstm(lstm, dropout(torch::relu(shared + own)), state);
    const auto mixed = [&streams](const Tensor& of_streams) {
        return streams.mix.defined() ? streams.mix.bmm(of_streams) : of_streams;
    };
    const Tensor expected = mixed(streams.proposals).clamp_min(kLeastProbability).log();
    return head->forward(mixed(hidden), context, dropout) + experts * expected;
}

}  // namespace fusion::nn
