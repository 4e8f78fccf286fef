#include <ordinal/nn/transformer.h>

#include <doctest/doctest.h>

#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

TransformerOptions small(NormPlacement norm, double eps = 1e-5) {
    return {.d_model = 4, .num_heads = 2, .d_ff = 6, .num_layers = 2, .layer_norm_eps = eps, .norm = norm};
}

}    // namespace

TEST_CASE("an encoder layer computes what torch computes - post-LN and pre-LN and padded") {
    const Figures figures("encoder_layer");
    for (const std::string group : {"post_ln", "pre_ln", "post_ln_padded"}) {
        CAPTURE(group);
        Rng rng(1);
        const NormPlacement norm = group == "pre_ln" ? NormPlacement::pre : NormPlacement::post;
        const TransformerEncoderLayer layer(small(norm, figures.number(group + ".eps")), rng);
        load(layer, figures, group);
        const Tensor x = Tensor::parameter(figures[group + ".x"]);
        const NdArray padding = group == "post_ln_padded" ? padding_mask(figures.ids("padding"), 1) : NdArray();
        const Tensor out = layer.forward(x, Mode::evaluation(), {.padding = padding});
        // Attention and two normalisations of rows of 4 numbers, whose deviation (down to 0.2) divides the roundings.
        CHECK(error_against_torch(out, layer, {{"x", x}}, figures, group) <= tolerance(5e-5, 1e-12));
    }
}

TEST_CASE("an encoder lists its parameters layer by layer - and pre-LN has one more norm") {
    const std::vector<std::string> of_a_layer = {"self_attn.query.weight",
                                                 "self_attn.query.bias",
                                                 "self_attn.key.weight",
                                                 "self_attn.key.bias",
                                                 "self_attn.value.weight",
                                                 "self_attn.value.bias",
                                                 "self_attn.out_proj.weight",
                                                 "self_attn.out_proj.bias",
                                                 "linear1.weight",
                                                 "linear1.bias",
                                                 "linear2.weight",
                                                 "linear2.bias",
                                                 "norm1.weight",
                                                 "norm1.bias",
                                                 "norm2.weight",
                                                 "norm2.bias"};
    std::vector<std::string> expected;
    for (const std::string layer : {"layers.0.", "layers.1."})
        for (const std::string& name : of_a_layer) expected.push_back(layer + name);
    Rng rng(2);
    CHECK(names(TransformerEncoder(small(NormPlacement::post), rng)) == expected);
    expected.insert(expected.end(), {"norm.weight", "norm.bias"});
    CHECK(names(TransformerEncoder(small(NormPlacement::pre), rng)) == expected);
}

TEST_CASE("an encoder is its layers one after the other") {
    Rng rng(3), same(3);
    const TransformerEncoder encoder(small(NormPlacement::post), rng);
    const TransformerEncoderLayer first(small(NormPlacement::post), same), second(small(NormPlacement::post), same);
    const Tensor x(random_normal({2, 3, 4}, 1, rng));
    const auto run = [&](const auto& part, const Tensor& t) { return part.forward(t, Mode::evaluation()); };
    CHECK(same_numbers(run(encoder, x).values(), run(second, run(first, x)).values()));
}

TEST_CASE("the last norm of a pre-LN encoder normalises its output") {
    Rng rng(4);
    const TransformerEncoder encoder(small(NormPlacement::pre), rng);
    const Tensor x(random_normal({1, 3, 4}, 5, rng));
    const NdArray y = encoder.forward(x, Mode::evaluation()).values();
    CHECK(largest_error(sum(y, 2), zeros({1, 3, 1})) <= tolerance(1e-6, 1e-14));    // mean 0 but for 4 roundings
}

TEST_CASE("an encoder with one scheme a layer counts them") {
    Rng rng(5);
    CHECK_THROWS_WITH_AS(
        TransformerEncoder(small(NormPlacement::post), rng, one_each_layer({nullptr, nullptr, nullptr})),
        "TransformerEncoder: this position scheme is another one in each of 3 layers, and the model "
        "has 2; name as many schemes as layers",
        OptionError);
}

TEST_CASE("FeedForward is two linear maps with a gelu between them") {
    Rng rng(6);
    const FeedForward layer(3, 5, rng);
    CHECK(names(layer) == std::vector<std::string>{"linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias"});
    const Tensor x(random_normal({2, 3}, 1, rng));
    const auto linear = [&](const std::string& name, const Tensor& t) {
        return matmul(t, transpose(parameter_of(layer, name + ".weight"))) + parameter_of(layer, name + ".bias");
    };
    CHECK(same_numbers(layer.forward(x).values(), linear("linear2", gelu(linear("linear1", x))).values()));
}

TEST_CASE("an encoder passes the gradient check in both placements of the norm" * doctest::skip(!is_double)) {
    Rng rng(7);
    for (const NormPlacement norm : {NormPlacement::post, NormPlacement::pre}) {
        TransformerOptions options = small(norm);
        options.causal = options.input_norm = true;
        const TransformerEncoder encoder(options, rng);
        const Tensor x = random_parameter({2, 3, 4}, rng);
        CHECK(wrong_gradients(encoder, {x}, rng, [&] { return encoder.forward(x, Mode::evaluation()); }) == "");
    }
}
