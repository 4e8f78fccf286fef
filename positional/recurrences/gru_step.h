// GruStep: gates decide how much of the state is replaced.
//
// Source:  Cho et al. 2014, arXiv 1406.1078; on positions: Liu et al. 2020, arXiv 2003.09229, as a baseline
// Formula: p_{k+1} = n + z (p_k - n), with r, z and n as in GruCell (nn/recurrent.h), of no inputs
// Shapes:  p: [S], all three gates below each other: weights [3 S, S], two biases [3 S] each
// Why:     a closed gate keeps the state, so it may change slowly and far gradients survive. The price: three times the
//          numbers of tanh(W p + b) and ten small operations a step; and untrained it falls to a fixed point as well.
#pragma once

#include <ordinal/positional/recurrences/recursion_step.h>
#include <ordinal/positional/recurrences/scan.h>

namespace ordinal {

inline MakeStep gru_step();

class GruStep : public RecursionStep {
public:
    static constexpr const char* source = TanhStep::source;
    static MakeStep from(EncodingOptions&) { return gru_step(); }    // gru

    GruStep(Index state, Rng& rng) : cell_(0, matrix_size("GruStep", state, 3), rng) {}

    Tensor next(const Tensor& p) const override { return cell_.forward(Tensor(zeros({p.dim(0), 0})), p); }

    static constexpr bool has_jacobians = true;
    // next = n + z (p - n), see GruCell; with a = W_n p + b_n, the part of n that r multiplies:
    // J = diag(z) + diag((p - n) z (1 - z)) W_z + diag((1 - z) (1 - n^2)) (diag(r) W_n + diag(a r (1 - r)) W_r)
    NdArray jacobians(const NdArray& P) const override {
        NoGrad guard;
        const Index S = P.dim(1);
        const Parameters all = cell_.parameters();    // W_ih, of no inputs, W_hh, b_ih, b_hh
        const Tensor W = all[1].tensor, p(P), from_state = linear(p, W, all[3].tensor);
        // of r, z and n, which stand below each other
        const auto gate = [&](const Tensor& t, Index axis, Index i) { return slice(t, axis, i * S, (i + 1) * S); };
        const auto from_input = [&](Index i) { return gate(all[2].tensor, 0, i); };
        const Tensor r = sigmoid(from_input(0) + gate(from_state, 1, 0));
        const Tensor z = sigmoid(from_input(1) + gate(from_state, 1, 1));
        const Tensor a = gate(from_state, 1, 2), n = tanh(from_input(2) + r * a);
        const auto rows = [](const Tensor& t) { return unsqueeze(t, 2); };    // diag(t) times a matrix: [T, S, 1]
        const Tensor of_n = rows(r) * gate(W, 0, 2) + rows(a * r * (1 - r)) * gate(W, 0, 0);
        const Tensor J = rows((p - n) * z * (1 - z)) * gate(W, 0, 1) + rows((1 - z) * (1 - n * n)) * of_n;
        return (J + rows(z) * Tensor(identity_matrix(S))).values();
    }

    std::string formula() const override { return "GRU(p_k)"; }

    Parameters parameters() const override {
        Parameters all;
        append(all, "gru", cell_);
        return all;
    }

private:
    GruCell cell_;
};

inline MakeStep gru_step() {
    return [](Index state, Rng& rng) { return std::make_unique<GruStep>(state, rng); };
}

}    // namespace ordinal
