// One, two or four threads: the same bits. The naive loop: the same numbers up to rounding. And no such number: a
// sentence.
#include <iostream>

#include <ordinal/core/fast/gemm.h>
#include <ordinal/core/fast/parallel.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/core/random.h>

int main() {
    using namespace ordinal;
    Rng rng(1);
    const Index m = 200, k = 1000, n = 300;
    const NdArray A = random_normal({m, k}, 1, rng), B = random_normal({k, n}, 1, rng);
    const auto product = [&](decltype(&gemm) multiply, int threads) {
        set_num_threads(threads);
        NdArray C = zeros({m, n});
        multiply(m, n, k, {A.data(), k, 1}, {B.data(), n, 1}, C.mutable_data(), n, false, nullptr);
        return C;
    };
    const NdArray one = product(gemm, 1);
    for (int threads : {2, 4})
        std::cout << threads
                  << " threads, largest difference from one: " << max_abs_difference(one, product(gemm, threads))
                  << "\n";
    const Scalar rounding = max_abs_difference(one, product(naive_gemm, 1));
    std::cout << "naive: other bits: " << (rounding > 0) << ", difference below 0.001: " << (rounding < 0.001) << "\n";
    try {
        set_num_threads(1000);
    } catch (const OptionError& error) {
        std::cout << error.what() << "\n";
    }
}
