#include "bench/checks.h"

#include <algorithm>
#include <limits>

#include <ordinal/core/fast/gemm.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/nn/recurrent.h>
#include "bench/bert_mini.h"

namespace ordinal::bench {
namespace {

// The largest difference from the naive product, over sizes that leave odd edges, relative to sqrt(k).
double gemm_error() {
    Rng rng(1);
    double worst = 0;
    struct Sizes {
        Index m, n, k;
    };
    for (const auto& [m, n, k] : {Sizes{1, 33, 5}, Sizes{67, 129, 300}, Sizes{130, 31, 515}})
        for (const bool a_transposed : {false, true})
            for (const bool b_transposed : {false, true}) {
                const NdArray A = random_normal({m, k}, 1, rng), B = random_normal({k, n}, 1, rng);
                const MatrixView a = a_transposed ? MatrixView{A.data(), 1, m} : MatrixView{A.data(), k, 1};
                const MatrixView b = b_transposed ? MatrixView{B.data(), 1, k} : MatrixView{B.data(), n, 1};
                NdArray fast = zeros({m, n}), naive = zeros({m, n});
                gemm(m, n, k, a, b, fast.mutable_data(), n);
                naive_gemm(m, n, k, a, b, naive.mutable_data(), n);
                const double difference = static_cast<double>(max_abs_difference(fast, naive));
                worst = std::max(worst, difference / std::sqrt(static_cast<double>(k)));
            }
    return worst;
}

// The same random numbers through two functions: the largest difference of the results and of all gradients.
template <class F, class G>
double difference(const std::vector<Shape>& shapes, F f, G g) {
    Rng rng(2);
    std::vector<Tensor> one, other;
    for (const Shape& shape : shapes) {
        const NdArray values = random_normal(shape, 1, rng);
        one.push_back(Tensor::parameter(values));
        other.push_back(Tensor::parameter(values));
    }
    const Tensor y = f(one), z = g(other);
    const NdArray d_out = random_normal(y.shape(), 1, rng);
    y.backward(d_out);
    z.backward(d_out);
    double worst = static_cast<double>(max_abs_difference(y.values(), z.values()));
    for (std::size_t i = 0; i < one.size(); ++i)
        worst = std::max(worst, static_cast<double>(max_abs_difference(one[i].grad(), other[i].grad())));
    return worst;
}

double attention_error() {
    const Shape shape{2, 2, 100, 16};    // 100: one whole block of rows and a part
    return difference(
        {shape, shape, shape}, [](const auto& qkv) { return attention(qkv[0], qkv[1], qkv[2]); },
        [](const auto& qkv) { return naive_attention(qkv[0], qkv[1], qkv[2]); });
}

double recurrence_error() {
    Rng rng(3);
    const RnnCell cell(24, 24, rng);
    return difference(
        {{5, 40, 24}, {5, 24}}, [&](const auto& in) { return cell.run(in[0], in[1]); },
        [&](const auto& in) { return run_cell(cell, in[0], in[1]); });
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
        {"matrix products against the naive loop", gemm_error(), 0, 1e-5},
        {"attention and its gradients against the whole matrix", attention_error(), 0, 1e-5},
        {"recurrence and its gradients against single steps", recurrence_error(), 0, 1e-5},
    };
}

}    // namespace ordinal::bench
