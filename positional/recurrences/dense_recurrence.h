// DenseRecurrence: p_{k+1} = A p_k with any matrix A, by doubling.
//
// Source:  repeated squaring; the linear case of the recursions in Su 2021, kexue.fm/archives/8130
// Formula: p_k = A^k p_0.  With the first m codes P = [p_0 .. p_{m-1}] known, the next m are A^m times them:
//          P <- [P; P (A^m)^T],   A^m <- (A^m)^2,   until there are enough;   code_k = U p_k
// Shapes:  p: [S], A: [S, S], P: [m, S]; U: [D, S], left out when S = D; positions [T] -> codes [T, D]
// Why:     no eigenvalues to keep track of, and n codes after ceil(log2 n) products instead of n - 1. The price: S^3
//          work to square A, and nothing keeps A from making vectors longer: an eigenvalue of 1.01 is 1.01^1000 =
//          21,000 at position 1000. The rotations of linear_recurrence.h are the same family with the eigenvalues in
//          hand.
#pragma once

#include <ordinal/nn/linear.h>
#include <ordinal/positional/encoding.h>
#include <ordinal/positional/recurrences/state_output.h>

namespace ordinal {

class DenseRecurrence : public AdditiveEncoding {
public:
    // linear_dense(state=d_model)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        return std::make_shared<DenseRecurrence>(request.d_model, options.count("state", request.d_model), rng);
    }

    // A starts as a random orthogonal matrix: it rotates and keeps lengths.   state: S; 0 = d_model
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

    Parameters parameters() const override {
        Parameters all{{"start", start_}, {"matrix", matrix_}};
        for (const auto& parameter : output_.parameters()) all.push_back(parameter);
        return all;
    }

private:
    struct Running : Stream {
        explicit Running(std::shared_ptr<const DenseRecurrence> encoding) : owner(std::move(encoding)) {}
        Tensor step(const Tensor& x) override {
            const Tensor next_p = p.defined() ? owner->next(p) : reshape(owner->start_, {1, owner->state_});
            const Tensor y = added(x, owner->output(next_p));
            p = next_p;
            return y;
        }

        std::shared_ptr<const DenseRecurrence> owner;
        Tensor p;    // p_k of the last token
    };

    Index state_;
    Tensor start_;          // p_0: [S]
    Tensor matrix_;         // A: [S, S]
    StateOutput output_;    // U
};

}    // namespace ordinal
