#include "bench/ordinal_side.h"

#include <cmath>

#include <ordinal/core/fast/gemm.h>
#include <ordinal/core/nd_math.h>
#include "bench/bert_mini.h"

namespace ordinal::bench {
namespace {

// The largest difference of products from the naive loop, over sizes that leave odd edges, relative to sqrt(k).
double product_error() {
    constexpr Index m = 67, n = 129, k = 300;
    Rng rng(2);
    const NdArray a = random_normal({m, k}, 1, rng), b = random_normal({k, n}, 1, rng);
    NdArray c = zeros({m, n});
    naive_gemm(m, n, k, {a.data(), k, 1}, {b.data(), n, 1}, c.mutable_data(), n);
    double worst = 0;
    for (const NdArray& A : {a, transpose(contiguous(transpose(a)))})
        for (const NdArray& B : {b, transpose(contiguous(transpose(b)))}) {
            const auto error = static_cast<double>(max_abs_difference(matmul(A, B), c));
            if (!(error <= worst)) worst = error;    // NaN is the worst
        }
    return worst / std::sqrt(double(k));
}

}    // namespace

std::vector<Check> check_results() {
    const BertMiniTraining training;
    Index parameters = 0;
    for (const auto& parameter : training.model.parameters()) parameters += parameter.tensor.size();
    const double first_loss = [&] {
        NoGrad guard;
        return static_cast<double>(training.loss().item());
    }();
    return {
        {"W1: parameters", static_cast<double>(parameters), 4'526'120, 4'526'120},
        {"W1: first loss, a little over ln 2600 = 7.863", first_loss, 7.86, 7.96},
        {"matrix products against the naive loop", product_error(), 0, 1e-5},
    };
}

}    // namespace ordinal::bench
