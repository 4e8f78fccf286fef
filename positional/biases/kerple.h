// Kerple: biases that fade with the distance, with a learned speed and shape for each head.
//
// Source:  Chi et al. 2022, arXiv 2205.09921, section 4 (conditionally positive definite kernels)
// Formula: log:    b_h(i, j) = -r1 log(1 + r2 |i - j|)     a weight of 1 / (1 + r2 |i - j|)^r1
//          power:  b_h(i, j) = -r1 |i - j|^r2,  0 < r2 <= 2
// Shapes:  r1, r2: one number for each head; rows of [H, T, T]
// Why:     ALiBi's line is one choice of a shape; here two numbers a head are learned, and the logarithm lets far keys
//          keep a little weight. No bound. The price: left and right are the same, and no head can ask for "exactly
//          three back".
// Learned are raw numbers with r1 = e^raw_r1, and r2 = e^raw_r2 (log) or 2 / (1 + e^-raw_r2) (power), so that training
// cannot leave the allowed range. Our start, not the paper's: with ALiBi's slopes m_h, log begins with r1 = 1 and
// r2 = m_h; power begins with r1 = m_h and r2 = 1, which is ALiBi.
#pragma once

#include <ordinal/nn/init.h>
#include <ordinal/positional/biases/alibi.h>

namespace ordinal {

enum class KerpleKernel { log, power };

class Kerple : public Encoding {
public:
    // kerple(kernel=log)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng&) {
        const auto kernel =
            options.choice<KerpleKernel>("kernel", {{"log", KerpleKernel::log}, {"power", KerpleKernel::power}});
        return std::make_shared<Kerple>(request.num_heads, kernel);
    }

    explicit Kerple(Index num_heads, KerpleKernel kernel = KerpleKernel::log) : kernel_(kernel) {
        const std::vector<double> slopes = Alibi::slopes(num_heads);
        NdArray log_slopes = zeros({num_heads, 1, 1});
        for (Index h = 0; h < num_heads; ++h)
            log_slopes.mutable_data()[h] = static_cast<Scalar>(std::log(slopes[static_cast<std::size_t>(h)]));
        const NdArray nothing = zeros({num_heads, 1, 1});    // e^0 = 1, and 2 / (1 + e^0) = 1
        raw_r1_ = Tensor::parameter(kernel == KerpleKernel::log ? nothing : log_slopes);
        raw_r2_ = Tensor::parameter(kernel == KerpleKernel::log ? log_slopes : nothing);
    }

    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Positions& positions = context.positions;
        require_heads("Kerple", qkv, raw_r1_.dim(0), positions);
        require_usable("raw_r1", raw_r1_);
        if (kernel_ == KerpleKernel::log) require_usable("raw_r2", raw_r2_);
        const auto rows = [kernel = kernel_, positions](const std::vector<Tensor>& sources, Index begin, Index end) {
            const Tensor r1 = exp(sources[0]);                          // [H, 1, 1]
            NdArray D = distances(positions, begin, end), apart = D;    // [rows, T]
            for (Index e = 0; e < D.size(); ++e) D.mutable_data()[e] = std::abs(D.data()[e]);
            if (kernel == KerpleKernel::log) return -r1 * log1p(exp(sources[1]) * Tensor(D));
            const Tensor r2 = sigmoid(sources[1]) * 2;
            // d^r2 = e^(r2 log d), but log 0 is not finite: distance 0 takes log 1 and is set to 0 afterwards.
            for (Index e = 0; e < D.size(); ++e) apart.mutable_data()[e] = D.data()[e] > 0 ? 1 : 0;
            const Tensor log_distance = log(where(apart, Tensor(D), Tensor(NdArray(Shape{}, 1))));
            return -r1 * exp(r2 * log_distance) * Tensor(apart);    // [H, rows, T]
        };
        return {.sources = {raw_r1_, raw_r2_}, .rows = rows};
    }

    Traits traits() const override {
        return {.place = Place::scores,
                .translation_invariant = true,
                .distinct = true,
                .fades = true,
                .source = "Chi et al. 2022, arXiv 2205.09921, section 4"};
    }

    Parameters parameters() const override { return {{"raw_r1", raw_r1_}, {"raw_r2", raw_r2_}}; }

private:
    // e^raw is a number from 1e-26 to 1e26, whose products with distances are numbers, too.
    static void require_usable(const char* name, const Tensor& raw) {
        for (const Scalar number : raw.values().to_vector())
            require<OptionError>(std::abs(number) <= 60, "Kerple: expected ", name, " between -60 and 60, got ", number,
                                 "; its exponential counts. Train with a smaller learning rate");
    }

    KerpleKernel kernel_;
    Tensor raw_r1_, raw_r2_;    // [H, 1, 1]
};

}    // namespace ordinal
