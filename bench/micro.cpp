// Single operations under Google Benchmark, for whoever tunes one of them:  build/release/bin/bench_micro
// --benchmark_filter=gelu
#include <benchmark/benchmark.h>

#include <ordinal/core/fast/gemm.h>
#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/nn/layer_norm.h>

using namespace ordinal;

namespace {

NdArray numbers(const Shape& shape) {
    Rng rng(0);
    return random_normal(shape, 1, rng);
}

// C = A B, square
void product(benchmark::State& state) {
    const Index n = state.range(0);
    const NdArray A = numbers({n, n}), B = numbers({n, n});
    NdArray C = zeros({n, n});
    Scalar* c = C.mutable_data();
    for (auto _ : state) gemm(n, n, n, {A.data(), n, 1}, {B.data(), n, 1}, c, n);
    state.counters["FLOP/s"] =
        benchmark::Counter(2.0 * static_cast<double>(n * n * n), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(product)->RangeMultiplier(2)->Range(16, 1024)->UseRealTime();    // on all threads; ORDINAL_THREADS=1: on one

using RowLoop = void (*)(const Scalar* x, Scalar* y, Index n);

// y_i = f(x_i) in the first-level cache
void row_loop(benchmark::State& state, RowLoop f) {
    const NdArray x = numbers({1024});
    NdArray y(x.shape());
    Scalar* out = y.mutable_data();
    for (auto _ : state) {
        f(x.data(), out, x.size());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * x.size());
}
BENCHMARK_CAPTURE(row_loop, exp, kernels::exp);
BENCHMARK_CAPTURE(row_loop, tanh, kernels::tanh);
BENCHMARK_CAPTURE(row_loop, gelu, kernels::gelu);

// One operation of W1, [2048, 256], forward and backward
template <class Operation>
void forward_and_backward(benchmark::State& state, Operation operation) {
    const Tensor x = Tensor::parameter(numbers({2048, 256}));
    const NdArray d_out = numbers(x.shape());
    for (auto _ : state) {
        operation(x).backward(d_out);
        x.clear_grad();
    }
}
BENCHMARK_CAPTURE(forward_and_backward, softmax, [](const Tensor& x) { return softmax(x); });
BENCHMARK_CAPTURE(forward_and_backward, gelu, [](const Tensor& x) { return gelu(x); });
BENCHMARK_CAPTURE(forward_and_backward, add, [](const Tensor& x) { return x + x; });
BENCHMARK_CAPTURE(forward_and_backward, layer_norm,
                  [norm = LayerNorm(256)](const Tensor& x) { return norm.forward(x); });

}    // namespace

BENCHMARK_MAIN();
