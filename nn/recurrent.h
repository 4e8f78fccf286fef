// Recurrent cells: one step from the state h_{t-1} and the input x_t to the state h_t.
#pragma once

#include <ordinal/core/ops.h>
#include <ordinal/nn/init.h>
#include <ordinal/nn/module.h>

namespace ordinal {

// What a cell with a bias has in PyTorch: gates * H rows, for the input and for the state.
class RecurrentCell : public Module {
public:
    RecurrentCell(Index input_size, Index hidden_size, Index gates, Rng& rng)
        : weight_ih_(uniform_parameter({gates * hidden_size, input_size}, hidden_size, rng)),
          weight_hh_(uniform_parameter({gates * hidden_size, hidden_size}, hidden_size, rng)),
          bias_ih_(uniform_parameter({gates * hidden_size}, hidden_size, rng)),
          bias_hh_(uniform_parameter({gates * hidden_size}, hidden_size, rng)) {}

    // One step.   x: [B, input_size]   h: [B, hidden_size]   ->   [B, hidden_size]
    virtual Tensor forward(const Tensor& x, const Tensor& h) const = 0;

    // All steps of a sequence.   x: [B, T, input_size]   h0: [B, hidden_size]   ->   all states [B, T, hidden_size]
    // As run_cell below, unless a cell knows a faster way to the same numbers, up to rounding.
    virtual Tensor run(const Tensor& x, const Tensor& h0) const;

    Parameters parameters() const override {
        return {{"weight_ih", weight_ih_}, {"weight_hh", weight_hh_}, {"bias_ih", bias_ih_}, {"bias_hh", bias_hh_}};
    }
    Index input_size() const { return weight_ih_.dim(1); }
    Index hidden_size() const { return weight_hh_.dim(1); }

    // Broadcasting would hide a state of another batch: both are compared.
    void check_step(const Tensor& x, const Tensor& h, const char* who) const {
        require(x.ndim() == 2 && x.dim(1) == input_size() && h.shape() == Shape{x.dim(0), hidden_size()}, who,
                ": expected x [B, ", input_size(), "] and h [B, ", hidden_size(), "], got x ", x.shape(), " and h ",
                h.shape());
    }
    void check_sequence(const Tensor& x, const Tensor& h0, const char* who) const {
        require(
            x.ndim() == 3 && x.dim(1) > 0 && x.dim(2) == input_size() && h0.shape() == Shape{x.dim(0), hidden_size()},
            who, ": expected x [B, T, ", input_size(), "] with T > 0 and h0 [B, ", hidden_size(), "], got x ",
            x.shape(), " and h0 ", h0.shape());
    }

protected:
    Tensor from_input(const Tensor& x) const { return linear(x, weight_ih_, bias_ih_); }    // [B, gates H]
    Tensor from_state(const Tensor& h) const { return linear(h, weight_hh_, bias_hh_); }    // [B, gates H]

    Tensor weight_ih_, weight_hh_, bias_ih_, bias_hh_;
};

// Runs a cell over a sequence, one step after the other.   x: [B, T, D], h0: [B, H]   ->   all states [B, T, H]
inline Tensor run_cell(const RecurrentCell& cell, const Tensor& x, const Tensor& h0) {
    cell.check_sequence(x, h0, "run_cell");
    std::vector<Tensor> states;
    Tensor h = h0;
    for (const Tensor& x_t : unstack(x, 1)) states.push_back(h = cell.forward(x_t, h));    // T of [B, D]
    return stack(states, 1);
}

inline Tensor RecurrentCell::run(const Tensor& x, const Tensor& h0) const { return run_cell(*this, x, h0); }

// h' = tanh(W_ih x + b_ih + W_hh h + b_hh)          Elman 1990, doi 10.1207/s15516709cog1402_1
class RnnCell : public RecurrentCell {
public:
    RnnCell(Index input_size, Index hidden_size, Rng& rng) : RecurrentCell(input_size, hidden_size, 1, rng) {}
    Tensor forward(const Tensor& x, const Tensor& h) const override {
        check_step(x, h, "RnnCell");
        return tanh(from_input(x) + from_state(h));
    }

    // The inputs of all steps in one product, the recursion in one operation.
    Tensor run(const Tensor& x, const Tensor& h0) const override {
        check_sequence(x, h0, "RnnCell::run");
        return tanh_recurrence(from_input(x) + bias_hh_, weight_hh_, h0);
    }
};

// r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)          how much of the old state the candidate sees
// z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)          how much of the old state stays
// n = tanh(W_in x + b_in + r (W_hn h + b_hn))         the candidate
// h' = (1 - z) n + z h                                Cho et al. 2014, arXiv 1406.1078, in PyTorch's form and gate
// order
class GruCell : public RecurrentCell {
public:
    GruCell(Index input_size, Index hidden_size, Rng& rng) : RecurrentCell(input_size, hidden_size, 3, rng) {}

    Tensor forward(const Tensor& x, const Tensor& h) const override {
        check_step(x, h, "GruCell");
        const Tensor input = from_input(x), state = from_state(h);    // [B, 3 H]
        const auto gate = [H = hidden_size()](const Tensor& t, Index i) { return slice(t, 1, i * H, (i + 1) * H); };
        const Tensor r = sigmoid(gate(input, 0) + gate(state, 0));
        const Tensor z = sigmoid(gate(input, 1) + gate(state, 1));
        const Tensor n = tanh(gate(input, 2) + r * gate(state, 2));
        return n + z * (h - n);    // = (1 - z) n + z h
    }
};

}    // namespace ordinal
