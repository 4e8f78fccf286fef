#include <ordinal/core/fast/instruction_set.h>

#include <doctest/doctest.h>

#include <cstring>
#include <vector>

#include <ordinal/core/error.h>
#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/random.h>
#include "tests/core/instruction_sets.h"

using namespace ordinal;

TEST_CASE("the portable set is on every processor and a set that is chosen is in use") {
    CHECK(has_instruction_set(InstructionSet::portable));
    CHECK(has_instruction_set(instruction_set()));
    int sets = 0;
    for_instruction_sets([&] { ++sets; });
    CHECK(sets >= 1);
    const InstructionSet before = instruction_set();
    for (int i = 0; i < 3; ++i) {
        const auto set = static_cast<InstructionSet>(i);
        if (has_instruction_set(set)) {
            set_instruction_set(set);
            CHECK(instruction_set() == set);
        } else {
            CHECK_THROWS_AS(set_instruction_set(set), OptionError);
            CHECK(instruction_set() != set);
        }
    }
    set_instruction_set(before);
}

TEST_CASE("instruction sets have names") {
    for (int i = 0; i < 3; ++i) CHECK(instruction_set_named(set_names[i]) == static_cast<InstructionSet>(i));
    CHECK_THROWS_WITH_AS(instruction_set_named("sse"), "ORDINAL_ISA: expected portable, avx2 or avx512, got 'sse'",
                         OptionError);
}

// Of all kernels: what they wrote and returned.
static std::vector<Scalar> results(const std::vector<Scalar>& x, const std::vector<Scalar>& dy) {
    const auto n = static_cast<Index>(x.size());
    std::vector<Scalar> all, y(x.size());
    const auto keep = [&] { all.insert(all.end(), y.begin(), y.end()); };
    for (auto kernel : {kernels::exp, kernels::tanh, kernels::gelu}) {
        kernel(x.data(), y.data(), n);
        keep();
    }
    kernels::gelu_backward(x.data(), dy.data(), y.data(), n);
    keep();
    const std::vector<double> angles(x.begin(), x.end());
    std::vector<Scalar> pairs(2 * x.size());
    kernels::sin_cos(1000, angles.data(), pairs.data(), n);
    all.insert(all.end(), pairs.begin(), pairs.end());
    Scalar largest;
    all.push_back(kernels::exp_minus_max(x.data(), y.data(), n, &largest));
    all.push_back(largest);
    keep();
    for (double total : {kernels::sum(x.data(), n), kernels::dot(x.data(), dy.data(), n)}) {
        all.push_back(static_cast<Scalar>(total));
        all.push_back(static_cast<Scalar>(total - static_cast<double>(all.back())));    // its lower digits
    }
    kernels::center(x.data(), y.data(), n);
    keep();
    std::vector<double> sums(x.size(), 0.1);
    kernels::add_to(x.data(), sums.data(), n);
    for (double sum : sums) all.push_back(static_cast<Scalar>(sum));
    return all;
}

TEST_CASE("the kernels give the same bits on every instruction set") {
    Rng rng(1);
    for (Index n : {1, 7, 31, 32, 33, 64, 1000}) {
        std::vector<Scalar> x, dy;
        for (Index i = 0; i < n; ++i) {
            x.push_back(static_cast<Scalar>(rng.uniform(-8, 8)));
            dy.push_back(static_cast<Scalar>(rng.uniform(-1, 1)));
        }
        const std::vector<Scalar> expected = results(x, dy);
        for_instruction_sets([&] {
            const std::vector<Scalar> got = results(x, dy);
            INFO("n ", n);
            CHECK(std::memcmp(got.data(), expected.data(), got.size() * sizeof(Scalar)) == 0);
        });
    }
}
