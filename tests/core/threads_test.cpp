// What tensor.h promises to programs with several threads. ThreadSanitizer watches these tests, too.
#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops.h>
#include "tests/core/check_near.h"

using namespace ordinal;

namespace {

void on_threads(int count, const std::function<void(int)>& body) {
    std::vector<std::thread> threads;
    for (int id = 0; id < count; ++id) threads.emplace_back(body, id);
    for (auto& thread : threads) thread.join();
}

}    // namespace

TEST_CASE("graphs on several threads that share parameters lose no gradient") {
    constexpr int threads = 4, repetitions = 2000;
    const Tensor w = Tensor::parameter(NdArray({2}, {1, 2})), v = Tensor::parameter(NdArray({2}, {3, 4}));
    on_threads(threads, [&](int) {
        for (int i = 0; i < repetitions; ++i) sum(w * v + w + scale(w, 2)).backward();    // w is met three times
    });
    check_equal(w.grad(), NdArray({2}, {6 * threads * repetitions, 7 * threads * repetitions}));
    check_equal(v.grad(), NdArray({2}, {1 * threads * repetitions, 2 * threads * repetitions}));
}

TEST_CASE("gradients that are added directly from several threads all arrive") {
    const Tensor w = Tensor::parameter(NdArray({1}, {1}));
    on_threads(4, [&](int id) {
        for (int i = 0; i < 1000; ++i) {
            if (id % 2 == 0)
                w.accumulate_grad(NdArray({1}, {1}));
            else
                w.accumulate_grad([](NdArray& d) { d.mutable_data()[0] += 1; });
        }
    });
    CHECK(w.grad().item() == 4000);
}

// Each thread reads its copy and lets go of it; whoever is the last to hold the numbers may write them in place.
TEST_CASE("a copy that another thread holds is never written") {
    std::atomic<int> wrong{0};
    for (int repetition = 0; repetition < 500; ++repetition) {
        NdArray array({64}, Scalar(repetition));
        std::vector<std::thread> readers;
        for (int reader = 0; reader < 2; ++reader)
            readers.emplace_back([copy = array, repetition, &wrong]() mutable {
                for (Index i = 0; i < 64; ++i) wrong += copy.data()[i] != Scalar(repetition);
                copy = NdArray();
            });
        for (int write = 0; write < 10; ++write) array.mutable_data()[write] = -1;
        for (auto& reader : readers) reader.join();
    }
    CHECK(wrong == 0);
}

TEST_CASE("threads may compute with the same tensors at once") {
    Rng rng(1);
    const Tensor W = Tensor::parameter(random_normal({32, 32}, 1, rng)), X(random_normal({64, 32}, 1, rng));
    const NdArray expected = tanh(matmul(X, W)).values();
    std::atomic<int> wrong{0};
    on_threads(3, [&](int) {
        for (int i = 0; i < 20; ++i) wrong += max_abs_difference(tanh(matmul(X, W)).values(), expected) != 0;
    });
    CHECK(wrong == 0);
}
