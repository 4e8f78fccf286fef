// The same seed gives the same bytes: in every run, for every number of threads, and on which instruction sets. The
// table in docs/07-why-it-is-fast.md names these tests.
#include "tests/core/sanitizers.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <ordinal/core/fast/gemm_kernel.h>
#include <ordinal/core/ops.h>
#include "tests/core/instruction_sets.h"
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

// A sanitizer's checks come between a product and its sum, which then are no longer one instruction everywhere.
#if !defined(__SANITIZE_ADDRESS__)

// (1 + e)(1 - e) - 1 is -e^2 where multiplication and addition are one instruction, and 0 where the product is rounded.
static bool products_are_fused() {
    const Scalar e = std::sqrt(std::numeric_limits<Scalar>::epsilon()) / 2;
    return matmul(NdArray({1, 2}, {-1, 1 + e}), NdArray({2, 1}, {1, 1 - e})).item() != 0;
}

TEST_CASE("training gives the same bytes on all instruction sets that fuse multiplication and addition") {
    std::vector<std::vector<Scalar>> traces[2];    // of sets that do not, and of those that do
    for_instruction_sets([&] { traces[products_are_fused()].push_back(train_a_little()); });
    for (const auto& alike : traces)
        for (const auto& trace : alike) CHECK(trace == alike.front());
#if defined(NDEBUG) && defined(__x86_64__)    // without optimisation nothing is fused
    CHECK(traces[false].size() == 1);         // the portable set
    if (!traces[true].empty()) CHECK(traces[true].front() != traces[false].front());
#elif defined(NDEBUG) && defined(__aarch64__)
    CHECK(traces[true].size() == 1);    // the portable set, of a processor that always has the instruction
#endif
}

// What products are to the last bit, on every system: chains of 64, of which each term is rounded once or twice; sums
// of up to 4 chains, in their order; and where there are more than 4096 terms, a sum in double of those of 1024 each.
static Scalar product_by_the_rule(const Scalar* a, const Scalar* b, Index k, bool fused) {
    const bool is_long = k > 4096;
    double all = 0;
    Scalar sum_of_blocks = 0;
    for (Index p = 0; p < k;) {
        Scalar block = 0;
        for (const Index end_of_block = std::min(p + 256, k); p < end_of_block;) {
            Scalar chain = 0;
            for (const Index end = std::min(p + GemmKernel::chain, end_of_block); p < end; ++p)
                chain = fused ? std::fma(a[p], b[p], chain) : chain + a[p] * b[p];
            block += chain;
        }
        sum_of_blocks += block;
        if (!is_long || (p % 1024 != 0 && p < k)) continue;
        all += static_cast<double>(sum_of_blocks);
        sum_of_blocks = 0;
    }
    return is_long ? static_cast<Scalar>(all) : sum_of_blocks;
}

TEST_CASE("a product has the bits of its rule on every instruction set") {
    Rng rng(2);
    for_instruction_sets([&] {
        const bool fused = products_are_fused();
        for (const Index k : {1, 64, 65, 256, 300, 1000, 4096, 4097, 5000})
            for (const Index m : {1, 2, 9, 70}) {
                const NdArray A = random_normal({m, k}, 1, rng), B = random_normal({35, k}, 1, rng);
                const NdArray C = matmul(A, transpose(B)), D = matmul(A, contiguous(transpose(B)));
                Index wrong = 0;
                for (Index i = 0; i < m; ++i)
                    for (Index j = 0; j < 35; ++j) {
                        const Scalar right = product_by_the_rule(A.data() + i * k, B.data() + j * k, k, fused);
                        wrong += C.at({i, j}) != right || D.at({i, j}) != right;
                    }
                INFO("m ", m, ", k ", k, ", fused ", fused);
                CHECK(wrong == 0);
            }
    });
}

#endif

// Everything but products: functions, reductions and their gradients, look-ups.
static std::vector<Scalar> compute_without_products() {
    Rng rng(6);
    const Tensor x = Tensor::parameter(random_normal({40, 77}, 2, rng)),
                 row = Tensor::parameter(random_normal({77}, 1, rng));
    std::vector<Index> ids;
    for (Index i = 0; i < 40; ++i) ids.push_back(rng.below(40));
    const Tensor y = layer_norm(gelu(x) + tanh(x * row), row, row, 1e-5) + exp(x) / (x * x + 1) - softmax(x);
    const Tensor z = gather_rows(y, IndexArray({40}, ids)) + mean(y, 0) * max(y, 1) + sum(sqrt(x * x), 0);
    const Tensor loss = cross_entropy(z, IndexArray({40}, ids)) + mean(z);
    loss.backward();
    std::vector<Scalar> all{loss.item()};
    for (const NdArray& part : {z.values(), x.grad(), row.grad()})
        for (const Scalar number : part.to_vector()) all.push_back(number);
    return all;
}

TEST_CASE("what is no product has the same bytes on every instruction set") {
    const auto expected = compute_without_products();
    CHECK(std::all_of(expected.begin(), expected.end(), [](Scalar number) { return std::isfinite(number); }));
    for_instruction_sets([&] { CHECK(compute_without_products() == expected); });
}
