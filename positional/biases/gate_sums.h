// GateSums: what the tokens on the way forget, as differences of cumulative sums.
#pragma once

#include <cmath>

#include <ordinal/positional/recurrences/scan.h>

namespace ordinal {

// log_gates l: [B, H, T], all <= 0.   F_t = l_0 + ... + l_t, so l_{j+1} + ... + l_i = F_i - F_j.
// A gate of 0 forgets all: minus infinity minus itself would be no number. So F is the sum of the other gates, and
// closed ones are counted: what has one on the way is hidden.
class GateSums {
public:
    explicit GateSums(const Tensor& log_gates) : closed_(log_gates.shape()) {
        const NdArray l = contiguous(log_gates.values());
        NdArray is_closed(l.shape());
        const Index T = l.dim(2);
        for (Index at = 0; at < l.size(); ++at) {
            is_closed.mutable_data()[at] = std::exp(l.data()[at]) == 0 ? 1 : 0;
            closed_.mutable_data()[at] = is_closed.data()[at] + (at % T > 0 ? closed_.data()[at - 1] : 0);
        }
        const Tensor others = masked_fill(log_gates, is_closed, 0);
        const Bundle F = parallel_scan<LogDecay>({others, Tensor(zeros(l.shape()))}, 2);
        sums_ = F[0];
        lost_ = contiguous(F[1].values());
    }

    const Tensor& sums() const { return sums_; }    // F without the closed gates: [B, H, T]

    // For the queries i = begin .. end - 1 and all keys j, made of `sums`: [B, H, rows, T].
    Tensor back(const Tensor& sums, Index begin, Index end) const {    // F_i - F_j, of use where j <= i
        return between(sums, begin, end, 1);
    }
    Tensor ahead(const Tensor& sums, Index begin, Index end) const {    // F_j - F_i, of use where j >= i
        return between(sums, begin, end, -1);
    }

private:
    Tensor between(const Tensor& sums, Index begin, Index end, Scalar sign) const {
        const Index B = sums.dim(0), H = sums.dim(1), T = sums.dim(2);
        const Tensor to = reshape(slice(sums, 2, begin, end), {B, H, end - begin, 1});
        const Tensor from = reshape(sums, {B, H, 1, T});
        NdArray hidden = NdArray::uninitialized({B, H, end - begin, T}), rest = NdArray::uninitialized(hidden.shape());
        Scalar *h = hidden.mutable_data(), *r = rest.mutable_data();
        for (Index pair = 0; pair < B * H; ++pair) {
            const Scalar *count = closed_.data() + pair * T, *low = lost_.data() + pair * T;
            for (Index i = begin; i < end; ++i)
                for (Index j = 0; j < T; ++j) {
                    *h++ = count[i] != count[j] ? 1 : 0;
                    *r++ = sign * (low[i] - low[j]);
                }
        }
        return masked_fill((sign > 0 ? to - from : from - to) + Tensor(rest), hidden, hidden_score);
    }

    NdArray closed_, lost_;    // closed gates so far, and what the sums lost by rounding: [B, H, T]
    Tensor sums_;
};

}    // namespace ordinal
