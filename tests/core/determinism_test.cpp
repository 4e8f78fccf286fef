// The same seed gives the same bytes, whatever the number of threads.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include <ordinal/core/ops.h>
#include "tests/core/thread_count.h"

using namespace ordinal;

// Two steps of gradient descent on something that has every kind of kernel in it, large enough to be cut for threads:
// matrix products, batched ones, softmax, layer_norm, sums along all axes, broadcasting, row look-ups, dropout.
static std::vector<Scalar> train_a_little() {
    Rng rng(1);
    const Index batch = 4, length = 48, width = 96, words = 200;
    const Tensor table = Tensor::parameter(random_normal({words, width}, 1, rng));
    const Tensor W = Tensor::parameter(random_normal({width, 3 * width}, 0.1, rng));
    const Tensor bias = Tensor::parameter(random_normal({3 * width}, 0.1, rng));
    const Tensor gamma = Tensor::parameter(NdArray({width}, 1)), beta = Tensor::parameter(NdArray({width}, 0));
    std::vector<Index> ids;
    for (Index i = 0; i < batch * length; ++i) ids.push_back(rng.below(words));
    const IndexArray tokens({batch, length}, ids);

    std::vector<Scalar> trace;
    for (int step = 0; step < 2; ++step) {
        const Tensor x = layer_norm(gather_rows(table, tokens), gamma, beta, 1e-5);                 // [B, T, D]
        const Tensor mixed = gelu(matmul(x, W) + bias);                                             // [B, T, 3 D]
        const auto third = [&](Index i) { return slice(mixed, 2, i * width, (i + 1) * width); };    // [B, T, D]
        const Tensor attention = softmax(matmul(third(0), transpose(third(1))) * Scalar(0.1));      // [B, T, T]
        const Tensor hidden = dropout(matmul(attention, third(2)) + mean(x, 1) * sum(x, 0), 0.1, rng);
        const Tensor loss = cross_entropy(matmul(hidden, transpose(table)), tokens) + mean(max(hidden, 1) * hidden);
        for (const Tensor& parameter : {table, W, bias, gamma, beta}) parameter.clear_grad();
        loss.backward();
        trace.push_back(loss.item());
        for (const Tensor& parameter : {table, W, bias, gamma, beta}) {
            const std::vector<Scalar> grad = parameter.grad().to_vector(), values = parameter.values().to_vector();
            trace.insert(trace.end(), grad.begin(), grad.end());
            std::vector<Scalar> next;
            for (std::size_t i = 0; i < grad.size(); ++i) next.push_back(values[i] - Scalar(0.01) * grad[i]);
            parameter.set_values(NdArray(parameter.shape(), next));
        }
    }
    return trace;
}

TEST_CASE("training gives the same bytes for 1 and 2 and 4 threads and when repeated") {
    const auto one = with_threads(1, train_a_little);
    CHECK(std::all_of(one.begin(), one.end(), [](Scalar number) { return std::isfinite(number); }));
    CHECK(one.front() != one[one.size() / 2]);    // the second step started from other weights
    CHECK(with_threads(1, train_a_little) == one);
    CHECK(with_threads(2, train_a_little) == one);
    CHECK(with_threads(4, train_a_little) == one);
}
