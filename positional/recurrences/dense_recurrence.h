// DenseRecurrence: p_{k+1} = A p_k with any matrix A, by doubling. Registered as `linear_dense`.
//
// Source:  repeated squaring; the linear case of the recursions in Su 2021, kexue.fm/archives/8130
// Formula: p_k = A^k p_0.  With the first m codes P = [p_0 .. p_{m-1}] known, the next m are A^m times them:
//          P <- [P; P (A^m)^T],   A^m <- (A^m)^2,   until there are enough;   code_k = U p_k
// Shapes:  p: [S], A: [S, S], P: [m, S]; U: [D, S], left out when S = D; positions [T] -> codes [T, D]
// Why:     no eigenvalues to keep track of, and n codes after ceil(log2 n) products instead of n - 1. The price: S^3
//          work to square A, and nothing keeps A from stretching: an eigenvalue of 1.01 is 1.01^1000 = 21,000 at
//          position 1000. The rotations of linear_recurrence.h are the same family with the eigenvalues in hand.
#pragma once

#include <ostream>

#include <ordinal/nn/linear.h>
#include <ordinal/positional/encoding.h>
#include <ordinal/positional/narrate.h>
#include <ordinal/positional/recurrences/state_output.h>

namespace ordinal {

class DenseRecurrence : public AdditiveEncoding {
public:
    // A starts as a random orthogonal matrix: it turns and does not stretch.   state: S; 0 = d_model
    DenseRecurrence(Index d_model, Index state, Rng& rng) : state_(state_size("DenseRecurrence", state, d_model)) {
        orthogonal_size("DenseRecurrence", state_);
        start_ = normal_parameter({state_}, 0.5, rng);
        matrix_ = Tensor::parameter(random_orthogonal(state_, rng));
        output_ = StateOutput(state_, d_model, rng);
    }

    Tensor vectors(const Positions& positions) const override {
        std::vector<Index> ids;
        Index last = 0;
        for (Index i = 0; i < positions.size(); ++i) {
            ids.push_back(positions.whole(i, "DenseRecurrence"));
            last = std::max(last, ids.back());
        }
        require_computable("DenseRecurrence", last);
        require_room<PositionOutOfRange>("DenseRecurrence", "the states on the way", {last + 1, state_},
                                         "choose a smaller state, or a scheme that computes each position alone");
        return output(gather_rows(orbit(last + 1), {{positions.size()}, ids}));
    }

    // p_0 .. p_{count - 1} by doubling, [count, S].
    Tensor orbit(Index count) const {
        Tensor P = reshape(start_, {1, state_}), power = matrix_;    // power = A^m, m = the rows of P
        while (P.dim(0) < count) {
            P = concat({P, matmul(P, transpose(power))}, 0);    // row i: p_i, row m + i: A^m p_i
            if (P.dim(0) < count) power = matmul(power, power);
        }
        return slice(P, 0, 0, count);
    }

    // One step: what the doubling must equal.   p: [1, S] -> [1, S]
    Tensor next(const Tensor& p) const { return matmul(p, transpose(matrix_)); }

    Tensor output(const Tensor& p) const { return output_.forward(p); }    // U p

    std::unique_ptr<Stream> stream() const override { return std::make_unique<Running>(kept_alive(*this)); }

    Traits traits() const override {
        return {.place = Place::input,
                .computable_up_to = most_computed,
                .depth = Depth::logarithmic,
                .ids = AcceptedIds::whole,
                .distinct = true,
                .source = "Su 2021, kexue.fm/archives/8130, the linear case"};
    }

    NdArray explain(Index k, std::ostream& out) const override;

    Parameters parameters() const override {
        Parameters all{{"start", start_}, {"matrix", matrix_}};
        for (const auto& parameter : output_.parameters()) all.push_back(parameter);
        return all;
    }

private:
    struct Running : Stream {
        explicit Running(std::shared_ptr<const DenseRecurrence> encoding) : owner(std::move(encoding)) {}
        Tensor next(const Tensor& x) override {
            p = p.defined() ? owner->next(p) : reshape(owner->start_, {1, owner->state_});
            return x + owner->output(p);
        }

        std::shared_ptr<const DenseRecurrence> owner;
        Tensor p;    // p_k of the last token
    };

    Index state_;
    Tensor start_;          // p_0: [S]
    Tensor matrix_;         // A: [S, S]
    StateOutput output_;    // U
};

// The slow way: A again and again.
inline NdArray DenseRecurrence::explain(Index k, std::ostream& out) const {
    require_story("DenseRecurrence", k);
    NoGrad guard;
    const NdArray& A = matrix_.values();
    std::vector<Scalar> p = start_.values().to_vector();
    out << "Position " << k << " by a dense linear recurrence, p_{k+1} = A p_k, A: " << A.shape()
        << "\n  p_0 = " << Shown{p} << "  (learned)\n";
    for (Index step = 1; step <= k; ++step) {
        std::vector<Scalar> next(p.size(), 0);
        for (Index i = 0; i < state_; ++i)
            for (Index j = 0; j < state_; ++j)
                next[static_cast<std::size_t>(i)] += A.at({i, j}) * p[static_cast<std::size_t>(j)];
        p = next;
        if (step <= 2 || step == k) out << "  p_" << step << " = A p_" << step - 1 << " = " << Shown{p} << "\n";
    }
    Index rounds = 0, rows = 1;
    while (rows <= k) {
        rows *= 2;
        ++rounds;
    }
    out << "  " << k << " steps here; the batch takes " << rounds << (rounds == 1 ? " doubling" : " doublings")
        << ": 1, 2, 4, ... rows\n";
    return output_.tell(p, text_of("p_", k), out);
}

}    // namespace ordinal
