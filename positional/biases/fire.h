// Fire: a small network draws the bias as a function of the distance - measured by how much text there is so far.
//
// Source:  Li et al. 2024, arXiv 2310.04418, section 3 ("functional interpolation")
// Formula: b(i, j) = f( psi(|i - j|) / psi(max(L, i)) ),  psi(d) = log(c d + 1)
//          f(u) = W2 relu(W1 u + b1) + b2, one output for each head
//          The authors learn a factor on a fixed L; here L itself is learned. Adam moves a factor of 1 by its rate, and
//          with it L by 512 rates, but moves our L by one rate: it stays near its start, so choose it well.
// Shapes:  c, L: single learned numbers (their absolute values count); W1: [32, 1], W2: [H, 32]; rows of [H, T, T]
// Why:     T5, ALiBi and Kerple are some of the functions that f can learn. Dividing by psi(i) keeps its input within
//          0 .. 1 at any length, so f never meets a number that it has not seen. The price: past position L the same
//          distance means something else at each position (not translation invariant), and T T 32 more products.
//          The paper has causal models. Without a mask, keys ahead of an early query can lie past 1, and |i - j| does
//          not tell left from right.
#pragma once

#include <cmath>

#include <ordinal/nn/linear.h>
#include <ordinal/positional/biases/distances.h>
#include <ordinal/positional/encoding.h>

namespace ordinal {

class Fire : public Encoding {
public:
    // fire(threshold=512)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        return std::make_shared<Fire>(request.num_heads, options.number("threshold", 512), rng);
    }

    // threshold: L at the start. c starts at 0.1 and the network has 32 hidden numbers, as in the paper.
    Fire(Index num_heads, double threshold, Rng& rng)
        : c_(constant_parameter({}, Scalar(0.1))),
          L_(constant_parameter({}, static_cast<Scalar>(threshold))),
          hidden_(1, 32, rng),
          output_(32, allowed(num_heads), rng) {
        require<OptionError>(L_.item() > 0 && fits(threshold),
                             "Fire: expected a threshold > 0 that fits this build's numbers, got ", threshold);
    }

    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Positions& positions = context.positions;
        require_heads("Fire", qkv, output_.bias().dim(0), positions);
        for (Index i = 0; i < positions.size(); ++i)
            require<PositionOutOfRange>(fits(positions[i]), "Fire: position ", positions[i],
                                        " is too large for this build's numbers");
        const auto rows = [positions](const std::vector<Tensor>& sources, Index begin, Index end) {
            const Tensor c = absolute(sources[0]), L = absolute(sources[1]);
            const Tensor &W1 = sources[2], &b1 = sources[3], &W2 = sources[4], &b2 = sources[5];
            const auto psi = [&](const Tensor& distance) { return log1p(c * distance); };
            NdArray i = zeros({end - begin, 1});
            for (Index row = begin; row < end; ++row)
                i.mutable_data()[row - begin] = static_cast<Scalar>(positions[row]);
            const Tensor distance = absolute(Tensor(distances(positions, begin, end)));    // [rows, T]
            const Tensor u = psi(distance) / (psi(maximum(L, Tensor(i))) + epsilon);       // 0 .. 1
            const Tensor h = relu(reshape(u, {end - begin, positions.size(), 1}) * reshape(W1, {-1}) + b1);
            return permute(matmul(h, transpose(W2)) + b2, {2, 0, 1});    // [rows, T, H] -> [H, rows, T]
        };
        std::vector<Tensor> sources;
        for (const auto& parameter : parameters()) sources.push_back(parameter.tensor);
        return {.sources = sources, .rows = rows};
    }

    Traits traits() const override {
        return {.place = Place::scores, .distinct = true, .source = "Li et al. 2024, arXiv 2310.04418, section 3"};
    }

    Parameters parameters() const override {
        Parameters all{{"c", c_}, {"L", L_}};
        append(all, "hidden", hidden_);
        append(all, "output", output_);
        return all;
    }

private:
    static Index allowed(Index num_heads) {
        require_room("Fire", "an output", {num_heads, 32}, "take fewer heads");
        return num_heads;
    }
    static Tensor absolute(const Tensor& x) { return maximum(x, -x); }
    static constexpr Scalar epsilon = Scalar(1e-6);    // should training ever bring L to 0

    Tensor c_, L_;
    Linear hidden_, output_;
};

}    // namespace ordinal
