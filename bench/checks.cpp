#include "bench/ordinal_side.h"

#include <algorithm>

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/recurrent.h>
#include "bench/bert_mini.h"

namespace ordinal::bench {
namespace {

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
    std::vector<Check> checks{
        {"W1: parameters", static_cast<double>(parameters), 4'526'120, 4'526'120},
        {"W1: first loss, a little over ln 2600 = 7.863", first_loss, 7.86, 7.96},
        {"matrix products against the naive loop", gemm_error(), 0, 1e-5},
        {"attention and its gradients against the whole matrix", attention_error(), 0, 1e-5},
        {"recurrence and its gradients against single steps", recurrence_error(), 0, 1e-5},
    };
    if (!openblas_description().empty())
        checks.push_back({"matrix products of OpenBLAS against the naive loop", openblas_error(), 0, 1e-5});
    return checks;
}

}    // namespace ordinal::bench
