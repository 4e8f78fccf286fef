#include <ordinal/nn/attention.h>

#include <doctest/doctest.h>

#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// Five matrix products and a softmax in a row: some 20 roundings of numbers up to about 5, through sums of 4 to 8.
constexpr double rounding_of_attention = tolerance(1e-5, 1e-13);

AttendOptions options_of(const std::string& group, const IndexArray& padding) {
    AttendOptions options{.causal = group.find("causal") != std::string::npos};
    if (group.find("padded") == 0) options.padding = padding_mask(padding, 1);
    return options;
}

NdArray attend(const MultiHeadAttention& layer, const NdArray& x, const AttendOptions& options = {}) {
    return layer.forward(Tensor(x), Mode::evaluation(), options).values();
}

// x with other tokens from index `begin` on.
NdArray with_other_end(const NdArray& x, Index begin, Rng& rng) {
    return concat({slice(x, 1, 0, begin), random_normal({x.dim(0), x.dim(1) - begin, x.dim(2)}, 3, rng)}, 1);
}

}    // namespace

TEST_CASE("MultiHeadAttention computes what torch computes - plain and padded and causal") {
    const Figures figures("attention");
    const IndexArray padding = figures.ids("padding");
    for (const std::string group : {"plain", "padded", "causal", "padded_causal"}) {
        CAPTURE(group);
        Rng rng(1);
        const MultiHeadAttention layer(4, 2, rng);
        load(layer, figures, group);
        const Tensor x = Tensor::parameter(figures[group + ".x"]);
        const Tensor out = layer.forward(x, Mode::evaluation(), options_of(group, padding));
        // Also key.bias.grad, which is 0 in exact arithmetic (it moves all scores of a row alike): numbers below 1 are
        // compared absolutely.
        CHECK(error_against_torch(out, layer, {{"x", x}}, figures, group) <= rounding_of_attention);
    }
}

TEST_CASE("MultiHeadAttention lists its parameters by their names in torch") {
    Rng rng(1);
    CHECK(names(MultiHeadAttention(4, 2, rng)) == std::vector<std::string>{"query.weight", "query.bias", "key.weight",
                                                                           "key.bias", "value.weight", "value.bias",
                                                                           "out_proj.weight", "out_proj.bias"});
}

TEST_CASE("padding_mask hides the padding") {
    const NdArray mask = padding_mask(IndexArray({2, 3}, {5, 6, 0, 7, 0, 0}), 0);
    CHECK(mask.shape() == Shape{2, 3});
    CHECK(mask.to_vector() == std::vector<Scalar>{0, 0, 1, 0, 1, 1});
    CHECK_THROWS_WITH_AS(padding_mask(IndexArray({3}, {1, 2, 3}), 0), "padding_mask: expected ids [B, T], got [3]",
                         ShapeError);
    IndexArray broken({1, 2}, {0, 1});
    broken.shape = Shape{1, 3};
    CHECK_THROWS_WITH_AS(padding_mask(broken, 0), "padding_mask: the shape [1, 3] needs 3 ids, got 2", ShapeError);
}

TEST_CASE("under a causal mask no output depends on later tokens") {
    Rng rng(2);
    const MultiHeadAttention layer(8, 2, rng);
    const NdArray x = random_normal({2, 6, 8}, 1, rng), y = attend(layer, x, {.causal = true});
    for (Index i = 0; i < 5; ++i) {
        const NdArray other = attend(layer, with_other_end(x, i + 1, rng), {.causal = true});
        CHECK(same_numbers(slice(other, 1, 0, i + 1), slice(y, 1, 0, i + 1)));    // hidden weighs exactly 0
        CHECK_FALSE(same_numbers(slice(other, 1, i + 1, i + 2), slice(y, 1, i + 1, i + 2)));
    }
    CHECK_FALSE(
        same_numbers(slice(attend(layer, with_other_end(x, 5, rng)), 1, 0, 1), slice(attend(layer, x), 1, 0, 1)));
}

TEST_CASE("what stands in the padding does not matter") {
    Rng rng(3);
    const MultiHeadAttention layer(8, 4, rng);
    const NdArray x = random_normal({1, 5, 8}, 1, rng);
    const NdArray mask = padding_mask(IndexArray({1, 5}, {1, 1, 1, 0, 0}), 0);
    const NdArray y = slice(attend(layer, x, {.padding = mask}), 1, 0, 3);
    CHECK(same_numbers(slice(attend(layer, with_other_end(x, 3, rng), {.padding = mask}), 1, 0, 3), y));
    // Without the padding at all the sums are shorter, so they round differently.
    CHECK(largest_error(attend(layer, slice(x, 1, 0, 3)), y) <= tolerance(1e-6, 1e-14));
}

TEST_CASE("a row whose keys are all hidden makes no NaN - forward or backward") {
    Rng rng(4);
    const MultiHeadAttention layer(4, 2, rng);
    const Tensor x = random_parameter({1, 3, 4}, rng);
    const Tensor y = layer.forward(x, Mode::evaluation(), {.padding = padding_mask(IndexArray({1, 3}, {0, 0, 0}), 0)});
    const NdArray bias = parameter_of(layer, "out_proj.bias").values();
    CHECK(same_numbers(y.values(), contiguous(broadcast_to(bias, {1, 3, 4}))));    // nothing was mixed
    sum(y * y).backward();
    CHECK(all_finite(x.grad()));
    for (const auto& parameter : layer.parameters()) CHECK(all_finite(parameter.tensor.grad()));
}

TEST_CASE("without positions attention sees a bag of tokens") {
    Rng rng(5);
    const MultiHeadAttention layer(8, 2, rng);
    const NdArray x = random_normal({1, 4, 8}, 1, rng);
    const NdArray swapped = concat({slice(x, 1, 2, 4), slice(x, 1, 0, 2)}, 1);
    const NdArray y = attend(layer, x);
    // The same terms in another order of summation.
    CHECK(largest_error(attend(layer, swapped), concat({slice(y, 1, 2, 4), slice(y, 1, 0, 2)}, 1)) <=
          tolerance(1e-6, 1e-14));
}

TEST_CASE("attention drops weights in training only and by the seed") {
    Rng rng(6);
    const MultiHeadAttention layer(8, 2, rng, 0.5);
    const NdArray x = random_normal({1, 4, 8}, 1, rng);
    const auto train = [&](std::uint64_t seed) {
        Rng dice(seed);
        return layer.forward(Tensor(x), Mode::training(dice)).values();
    };
    CHECK(same_numbers(attend(layer, x), attend(layer, x)));
    CHECK(same_numbers(train(1), train(1)));
    CHECK_FALSE(same_numbers(train(1), train(2)));
    CHECK_FALSE(same_numbers(train(1), attend(layer, x)));
    // A pass draws one seed. Without dropout it draws nothing: else every later draw of a program would be another one.
    Rng dice(1), same(1);
    layer.forward(Tensor(x), Mode::training(dice));
    same.bits();
    CHECK(dice.state() == same.state());
    MultiHeadAttention(8, 2, rng).forward(Tensor(x), Mode::training(dice));
    CHECK(dice.state() == same.state());
}

TEST_CASE("MultiHeadAttention explains what does not fit") {
    Rng rng(7);
    CHECK_THROWS_WITH_AS(MultiHeadAttention(10, 4, rng),
                         "MultiHeadAttention: d_model 10 cannot be cut into 4 equal heads", OptionError);
    CHECK_THROWS_WITH_AS(MultiHeadAttention(10, 0, rng),
                         "MultiHeadAttention: d_model 10 cannot be cut into 0 equal heads", OptionError);
    const MultiHeadAttention layer(4, 2, rng);
    const auto forward = [&](const Shape& shape, Index positions) {
        return layer.forward(Tensor(NdArray(shape)), Mode::evaluation(), {.positions = Positions::arange(positions)});
    };
    CHECK_THROWS_WITH_AS(forward({1, 0, 4}, 0), "MultiHeadAttention: expected x [B, T, D] with T > 0, got x [1, 0, 4]",
                         ShapeError);
    CHECK_THROWS_WITH_AS(forward({3, 4}, 3), "MultiHeadAttention: expected x [B, T, D] with T > 0, got x [3, 4]",
                         ShapeError);
    CHECK_THROWS_WITH_AS(forward({1, 3, 4}, 2), "MultiHeadAttention: x [1, 3, 4] needs as many positions, got 2",
                         ShapeError);
    const Tensor x(zeros({1, 3, 4})), next(zeros({1, 1, 4})), memory(zeros({1, 2, 4}));
    KeptTokens kept;
    const auto go_on = [&](const Tensor& tokens, const AttendOptions& options) {
        return layer.forward(tokens, Mode::evaluation(), options);
    };
    CHECK_THROWS_WITH_AS(go_on(x, {.causal = true, .memory = memory, .kept = &kept}),
                         "MultiHeadAttention: between two sequences there are no positions and nothing is kept",
                         OptionError);
    go_on(x, {.causal = true, .kept = &kept});
    CHECK_THROWS_WITH_AS(go_on(next, {.positions = Positions::arange(1), .causal = true, .kept = &kept}),
                         "MultiHeadAttention: x [1, 1, 4] behind 3 kept tokens needs as many positions, got 1",
                         ShapeError);
    CHECK_THROWS_WITH_AS(go_on(Tensor(zeros({2, 1, 4})), {.causal = true, .kept = &kept}),
                         "MultiHeadAttention: 1 texts were begun, 2 go on", ShapeError);
    CHECK(kept.x.dim(1) == 3);    // none of these was taken
}

TEST_CASE("MultiHeadAttention passes the gradient check with and without masks" * doctest::skip(!is_double)) {
    Rng rng(8);
    const MultiHeadAttention layer(6, 3, rng);
    const Tensor x = random_parameter({2, 3, 6}, rng);
    const NdArray padding = padding_mask(IndexArray({2, 3}, {1, 1, 1, 1, 1, 0}), 0);
    const Tensor memory = random_parameter({2, 5, 6}, rng);
    for (const AttendOptions& options : {AttendOptions{}, AttendOptions{.causal = true},
                                         AttendOptions{.padding = padding}, AttendOptions{.memory = memory}})
        CHECK(wrong_gradients(layer, {x, memory}, rng, [&] { return layer.forward(x, Mode::evaluation(), options); }) ==
              "");
}
