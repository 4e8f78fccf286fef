#include "bench/gemm_shapes.h"

#include <ordinal/core/fast/parallel.h>
#include <ordinal/core/random.h>

namespace ordinal::bench {
namespace {

enum Transposed { NN, NT, TN };

GemmShape shape(std::string name, Index m, Index n, Index k, Transposed which = NN, Index batch = 1) {
    return {std::move(name), m, n, k, batch, which == TN, which == NT};
}

std::vector<Scalar> random_numbers(Index count, Rng& rng) {
    std::vector<Scalar> numbers;
    for (Index i = 0; i < count; ++i) numbers.push_back(static_cast<Scalar>(rng.uniform(-1, 1)));
    return numbers;
}

}    // namespace

const std::vector<GemmShape>& gemm_shapes() {
    static const std::vector<GemmShape> all{
        shape("square.128", 128, 128, 128),
        shape("square.256", 256, 256, 256),
        shape("square.512", 512, 512, 512),
        shape("square.1024", 1024, 1024, 1024),
        shape("square.2048", 2048, 2048, 2048),
        // W1's layers on 16 x 128 = 2048 rows: forward, d input (dX), d weight (dW)
        shape("projection.NN", 2048, 256, 256),
        shape("projection.NT", 2048, 256, 256, NT),
        shape("projection.dW", 256, 256, 2048, TN),
        shape("q_k_v_at_once", 2048, 768, 256, NT),
        shape("feed_forward1.NN", 2048, 1024, 256),
        shape("feed_forward1", 2048, 1024, 256, NT),
        shape("feed_forward1.dX", 2048, 256, 1024),
        shape("feed_forward1.dW", 1024, 256, 2048, TN),
        shape("feed_forward2", 2048, 256, 1024, NT),
        shape("feed_forward2.dX", 2048, 1024, 256),
        shape("feed_forward2.dW", 256, 1024, 2048, TN),
        shape("decoder", 2048, 2600, 256, NT),
        shape("decoder.dX", 2048, 256, 2600),
        shape("decoder.dW", 2600, 256, 2048, TN),
        // its attention: 16 sequences, 4 heads
        shape("attention.QK", 128, 128, 64, NT, 64),
        shape("attention.PV", 128, 64, 128, NN, 64),
        shape("attention.dV", 128, 64, 128, TN, 64),
        // a step of W3
        shape("rnn_step", 16, 256, 256, NT),
        shape("rnn_step.dX", 16, 256, 256),
        // 512 tokens, 4 heads
        shape("attention512.PV", 512, 64, 512, NN, 4),
        shape("attention512.QK", 512, 512, 64, NT, 4),
    };
    return all;
}

GemmProblem::GemmProblem(const GemmShape& shape) : shape_(shape) {
    Rng rng(0);
    a_ = random_numbers(shape.batch * shape.m * shape.k, rng);
    b_ = random_numbers(shape.batch * shape.k * shape.n, rng);
    c_.resize(static_cast<std::size_t>(shape.batch * shape.m * shape.n));
}

// Product i of the batch.
template <class Multiply>
void GemmProblem::one(Index i, Multiply multiply) {
    const auto& [name, m, n, k, batch, a_transposed, b_transposed] = shape_;
    const Scalar *a = a_.data() + i * m * k, *b = b_.data() + i * k * n;
    multiply(m, n, k, a_transposed ? MatrixView{a, 1, m} : MatrixView{a, k, 1},
             b_transposed ? MatrixView{b, 1, k} : MatrixView{b, n, 1}, c_.data() + i * m * n, n);
}

void GemmProblem::ours() {
    parallel_for(shape_.batch, 1, [&](Index begin, Index end) {
        for (Index i = begin; i < end; ++i)
            one(i, [](Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C, Index c_stride) {
                gemm(m, n, k, A, B, C, c_stride);
            });
    });
}

// One after the other, each on all threads: OpenBLAS 0.3.21 knows no batches, and this is how PyTorch calls it.
void GemmProblem::theirs(const OpenBlas& blas) {
    for (Index i = 0; i < shape_.batch; ++i)
        one(i, [&](Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C, Index c_stride) {
            blas.gemm(m, n, k, A, B, C, c_stride);
        });
}

}    // namespace ordinal::bench
