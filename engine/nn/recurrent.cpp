#include "engine/nn/internal/recurrent.hpp"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/types.h>

namespace fusion::nn {

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Input to the gates `pre` (T, R, 4H) in the order i, f, c~, o; `weight` (4H, H).
struct LstmSequence : torch::autograd::Function<LstmSequence> {
    static variable_list forward(AutogradContext* context, const Tensor& pre, const Tensor& weight,
                                 const Tensor& h0, const Tensor& c0) {
        const auto steps = pre.size(0), rows = pre.size(1), size = weight.size(1);
        Tensor gates = pre.clone();
        Tensor h = torch::empty({steps + 1, rows, size}, pre.options());
        Tensor c = torch::empty({steps + 1, rows, size}, pre.options());
        Tensor tanh_c = torch::empty({steps, rows, size}, pre.options());
        h[0].copy_(h0);
        c[0].copy_(c0);
        const Tensor weight_t = weight.t();
        for (std::int64_t t = 0; t < steps; ++t) {
            Tensor gate = gates[t];
            gate.addmm_(h[t], weight_t);
            Tensor in_forget = gate.narrow(1, 0, 2 * size).sigmoid_();
            Tensor candidate = gate.narrow(1, 2 * size, size).tanh_();
            Tensor out = gate.narrow(1, 3 * size, size).sigmoid_();
            Tensor cell = c[t + 1], squashed = tanh_c[t], hidden = h[t + 1];
            torch::mul_out(cell, in_forget.narrow(1, size, size), c[t]);
            cell.addcmul_(in_forget.narrow(1, 0, size), candidate);
            torch::tanh_out(squashed, cell);
            torch::mul_out(hidden, out, squashed);
        }
        context->save_for_backward({gates, h, c, tanh_c, weight});
        return {h.narrow(0, 1, steps), c[steps]};
    }

    // The cell state of the last step carries no gradient: windows are cut there.
    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const variable_list saved = context->get_saved_variables();
        const Tensor &gates = saved[0], &h = saved[1], &c = saved[2], &tanh_c = saved[3];
        const Tensor& weight = saved[4];
        const auto steps = tanh_c.size(0), rows = tanh_c.size(1), size = tanh_c.size(2);
        const auto gate = [&](std::int64_t n) { return gates.narrow(2, n * size, size); };
        const Tensor in = gate(0), forget = gate(1), candidate = gate(2), out = gate(3);
        const Tensor d_in = candidate * in * (1 - in);
        const Tensor d_forget = c.narrow(0, 0, steps) * forget * (1 - forget);
        const Tensor d_candidate = in * (1 - candidate * candidate);
        const Tensor d_out = tanh_c * out * (1 - out);
        const Tensor d_cell = out * (1 - tanh_c * tanh_c);

        Tensor d_gates = torch::empty_like(gates);
        Tensor dc = torch::zeros({rows, size}, gates.options());
        Tensor dh = torch::empty({rows, size}, gates.options());
        for (std::int64_t t = steps - 1; t >= 0; --t) {
            dh.copy_(gradients[0][t]);
            if (t + 1 < steps) dh.addmm_(d_gates[t + 1], weight);
            dc.addcmul_(dh, d_cell[t]);
            const auto into = [&](std::int64_t n, const Tensor& a, const Tensor& b) {
                Tensor target = d_gates[t].narrow(1, n * size, size);
                torch::mul_out(target, a, b);
            };
            into(0, dc, d_in[t]);
            into(1, dc, d_forget[t]);
            into(2, dc, d_candidate[t]);
            into(3, dh, d_out[t]);
            dc.mul_(forget[t]);
        }
        const Tensor d_weight = d_gates.reshape({steps * rows, 4 * size})
                                    .t()
                                    .mm(h.narrow(0, 0, steps).reshape({steps * rows, size}));
        return {d_gates, d_weight, Tensor(), Tensor()};
    }
};

// `pre` (T, R, H), `weight` (H, H).
struct RnnSequence : torch::autograd::Function<RnnSequence> {
    static Tensor forward(AutogradContext* context, const Tensor& pre, const Tensor& weight,
                          const Tensor& h0) {
        const auto steps = pre.size(0), rows = pre.size(1), size = pre.size(2);
        Tensor h = torch::empty({steps + 1, rows, size}, pre.options());
        h[0].copy_(h0);
        const Tensor weight_t = weight.t();
        for (std::int64_t t = 0; t < steps; ++t) {
            Tensor next = h[t + 1];
            torch::addmm_out(next, pre[t], h[t], weight_t);
            next.tanh_();
        }
        context->save_for_backward({h, weight});
        return h.narrow(0, 1, steps);
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const variable_list saved = context->get_saved_variables();
        const Tensor &h = saved[0], &weight = saved[1];
        const auto steps = h.size(0) - 1, rows = h.size(1), size = h.size(2);
        const Tensor slope = 1 - h.narrow(0, 1, steps).square();
        Tensor d_pre = torch::empty({steps, rows, size}, h.options());
        Tensor dh = torch::empty({rows, size}, h.options());
        for (std::int64_t t = steps - 1; t >= 0; --t) {
            dh.copy_(gradients[0][t]);
            if (t + 1 < steps) dh.addmm_(d_pre[t + 1], weight);
            Tensor target = d_pre[t];
            torch::mul_out(target, dh, slope[t]);
        }
        const Tensor d_weight = d_pre.reshape({steps * rows, size})
                                    .t()
                                    .mm(h.narrow(0, 0, steps).reshape({steps * rows, size}));
        return {d_pre, d_weight, Tensor()};
    }
};

}  // namespace

Tensor run_lstm(torch::nn::LSTM& lstm, const Tensor& input, LstmState& state) {
    const auto size = lstm->options.hidden_size();
    if (!state.h.defined()) {
        state.h = torch::zeros({input.size(1), size}, input.options());
        state.c = torch::zeros_like(state.h);
    }
    if (input.is_cuda()) {
        auto [out, last] =
            lstm->forward(input, std::make_tuple(state.h.unsqueeze(0), state.c.unsqueeze(0)));
        state = {std::get<0>(last)[0].detach(), std::get<1>(last)[0].detach()};
        return out;
    }
    const auto parameters = lstm->named_parameters();
    const Tensor pre = torch::linear(input, parameters["weight_ih_l0"],
                                     parameters["bias_ih_l0"] + parameters["bias_hh_l0"]);
    const variable_list result =
        LstmSequence::apply(pre, parameters["weight_hh_l0"], state.h, state.c);
    state = {result[0][input.size(0) - 1].detach(), result[1].detach()};
    return result[0];
}

Tensor run_rnn(torch::nn::RNN& rnn, const Tensor& input, Tensor& h) {
    if (!h.defined())
        h = torch::zeros({input.size(1), rnn->options.hidden_size()}, input.options());
    if (input.is_cuda()) {
        auto [out, last] = rnn->forward(input, h.unsqueeze(0));
        h = last[0].detach();
        return out;
    }
    const auto parameters = rnn->named_parameters();
    const Tensor pre = torch::linear(input, parameters["weight_ih_l0"],
                                     parameters["bias_ih_l0"] + parameters["bias_hh_l0"]);
    Tensor out = RnnSequence::apply(pre, parameters["weight_hh_l0"], h);
    h = out[input.size(0) - 1].detach();
    return out;
}

}  // namespace fusion::nn
