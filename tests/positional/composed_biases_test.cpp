// Biases that read queries and keys, beside parts that rotate or sharpen these: the scores are what the formulas say,
// or the composition is refused.
#include <doctest/doctest.h>

#include <ordinal/positional/positional.h>
#include "tests/positional/attending.h"
#include "tests/positional/contract.h"

using namespace ordinal;
using namespace ordinal::testing;

// b = q . (M - I) k takes the product out of the scores and puts another in. Rotations do not commute with reflections,
// and a product cannot be taken out twice.
TEST_CASE("beside what replaces the product of queries and keys nothing else rotates or replaces them") {
    const std::vector<std::string> replacing{"path", "path(log_n=16)", "rope(group=4, window=16)"},
        others{"rope",           "rope(log_n=16)",       "xpos", "rope(group=2, window=3)", "rope(part=0.5)",
               "selective_rope", "rope(randomized=100)", "path"};
    for (const std::string& one : replacing)
        for (const std::string& other : others)
            for (const std::string& specification : {one + " + " + other, other + " + alibi + " + one}) {
                CAPTURE(specification);
                CHECK_THROWS_WITH_AS(made(specification),
                                     "Composition: expected no other scheme that rotates queries and keys beside one "
                                     "that replaces their product, as path and far keys in groups do, got 1; give them "
                                     "to layers of their own: by_layer(A, B)",
                                     OptionError);
            }
    CHECK_THROWS_AS(Composition({made("path + alibi"), made("rope")}), OptionError);
    CHECK_THROWS_WITH_AS(made("path(group=2, window=3)"),
                         "Grouped: expected a scheme without a bound that only rotates queries and keys, at any "
                         "position, such as rope",
                         OptionError);
    CHECK(made("by_layer(rope, path)")->traits().replaces_product);
    CHECK(made("path + forgetting")->traits().replaces_product);
}

// With q -> f q, f = log n / log 16, all scores that are products with q are f times as large. n are the keys that the
// query sees: i + 1 where a part hides the future, else all of them.
TEST_CASE("a bias that reads queries reads them sharpened wherever log_n stands") {
    const Index T = 9;
    const Tensor x(example_tokens(T, 8));
    for (const std::string name : {"path", "shaw(clip=3)", "rope(group=3, window=2)", "cope(counts=8)"}) {
        CAPTURE(name);
        const auto plain = made(name);
        NdArray f = zeros({T, 1});
        for (Index i = 0; i < T; ++i) {
            const Index n = plain->traits().causal_only ? i + 1 : T;
            f.mutable_data()[i] = n < 2 ? 1 : static_cast<Scalar>(std::log(static_cast<double>(n)) / std::log(16.0));
        }
        const QueryKeyValue qkv = example_heads(T, 2, 4), sharp{qkv.query * Tensor(f), qkv.key, qkv.value};
        const NdArray expected = bias_of(*plain, sharp, x, Positions::arange(T));
        const NdArray scores = effect(*plain, x, Positions::arange(T), 2).scores.values();
        const bool gates = name.starts_with("cope");    // they are no products, but a function of them
        const std::string inside =
            name.ends_with(")") ? name.substr(0, name.size() - 1) + ", log_n=16)" : name + "(log_n=16)";
        for (const std::string& specification : {inside, name + " + none(log_n=16)", "none(log_n=16) + " + name}) {
            CAPTURE(specification);
            const auto sharpened = made(specification);
            CHECK(largest_error(bias_of(*sharpened, qkv, x, Positions::arange(T)), expected) <= tolerance(1e-5, 1e-13));
            const NdArray now = effect(*sharpened, x, Positions::arange(T), 2).scores.values();
            if (!gates) CHECK(largest_error(now, scores * f) <= tolerance(1e-5, 1e-13));
        }
        // Twice is twice, and in a composition inside another one.
        const auto twice = made(name + " + none(log_n=16) + alibi(log_n=16)");
        const Composition nested({made(name + " + none(log_n=16)"), made("alibi(log_n=16)")});
        CHECK(
            same_numbers(bias_of(*twice, qkv, x, Positions::arange(T)), bias_of(nested, qkv, x, Positions::arange(T))));
        const LogN around(made(name + " + alibi"), 16);
        const NdArray together = bias_of(around, qkv, x, Positions::arange(T));
        CHECK(largest_error(together, expected + bias_of(*made("alibi"), qkv, x, Positions::arange(T))) <=
              tolerance(1e-5, 1e-13));
    }
}

TEST_CASE("where one part hides the future the others count the keys that are left") {
    const auto all = made("none(log_n=16) + causal");
    const QueryKeyValue qkv = example_heads(20, 2, 4);
    const NdArray q = all->apply_to_queries_and_keys(qkv, {Positions::arange(20)}).query.values();
    CHECK(same_numbers(slice(q, 2, 15, 16), slice(qkv.query.values(), 2, 15, 16)));    // it sees 16 keys
    CHECK(largest_error(slice(q, 2, 3, 4), slice(qkv.query.values(), 2, 3, 4) * Scalar(0.5)) <= tolerance(1e-6, 1e-15));
    CHECK_FALSE(all->traits().length_dependent);
    CHECK_FALSE(all->traits().translation_invariant);
    CHECK(made("none(log_n=16) + alibi")->traits().length_dependent);
    CHECK(made("none(log_n=16) + causal + laplacian_path")->traits().length_dependent);
    CHECK(made("sinusoidal(randomized=100) + causal")->traits().length_dependent);    // it does not stream
}

// R R' k and R' R k are the same only where both rotate the same pairs.
TEST_CASE("two rotations do not promise that only distances count") {
    const auto differs = [](const std::string& specification) {
        const auto both = made(specification);
        const Tensor x(contiguous(broadcast_to(example_tokens(1, 8), {1, 9, 8})));
        const NdArray S = effect(*both, x, Positions::arange(9), 2).scores.values();
        return largest_error(slice(slice(S, 2, 3, 4), 3, 1, 2), slice(slice(S, 2, 7, 8), 3, 5, 6));
    };
    CHECK(differs("rope + rope") <= tolerance(1e-5, 1e-13));
    CHECK(differs("rope(layout=half) + rope") > 1e-3);
    CHECK_FALSE(made("rope(layout=half) + rope")->traits().translation_invariant);
    CHECK_FALSE(made("rope + selective_rope(layout=half)")->traits().translation_invariant);
}
