#include <ordinal/positional/combined/by_layer.h>

#include <doctest/doctest.h>

#include <ordinal/nn/model.h>
#include <ordinal/nn/optimizer.h>
#include <ordinal/positional/positional.h>
#include "tests/positional/attending.h"
#include "tests/positional/contract.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// The same weights for every scheme.
Transformer model_of(const std::shared_ptr<const PositionScheme>& scheme, Index num_layers = 2, bool causal = false) {
    Rng rng(5);
    return {{.vocab_size = 11,
             .token_std = 1,
             .encoder = {.d_model = 8, .num_heads = 2, .d_ff = 12, .num_layers = num_layers, .causal = causal}},
            rng,
            scheme};
}

const IndexArray nine_tokens({1, 9}, {1, 5, 2, 9, 9, 0, 3, 1, 5});

Activations seen(const std::shared_ptr<const PositionScheme>& scheme) {
    Activations kept;
    model_of(scheme).forward(nine_tokens, Mode::evaluation(), {.watch = {&kept}});
    return kept;
}

NdArray logits(const std::string& specification, bool causal = false) {
    return model_of(made(specification), 2, causal).forward(nine_tokens, Mode::evaluation()).values();
}

}    // namespace

TEST_CASE("each layer has its own scheme and no other") {
    const Activations plain = seen(nullptr), first = seen(made("by_layer(rope, none)")),
                      second = seen(made("by_layer(none, rope)")), both = seen(made("rope"));
    const std::string layer0 = "encoder.layers.0.hidden", layer1 = "encoder.layers.1.hidden";
    CHECK(same_numbers(second[layer0], plain[layer0]));
    CHECK_FALSE(same_numbers(second[layer1], plain[layer1]));
    CHECK(same_numbers(first[layer0], both[layer0]));
    CHECK_FALSE(same_numbers(first[layer1], both[layer1]));
}

TEST_CASE("the same scheme in all layers is that scheme where it acts inside attention only") {
    for (const std::string scheme : {"rope", "alibi", "none", "causal", "xpos"}) {
        CAPTURE(scheme);
        CHECK(same_numbers(logits("by_layer(" + scheme + ", " + scheme + ")"), logits(scheme)));
    }
    // A code at the input acts once, in the first layer, when the scheme is one for all.
    CHECK(same_numbers(logits("by_layer(table, none)"), logits("table")));
    CHECK(same_numbers(logits("by_layer(rnn + rope, rope)"), logits("rnn + rope")));
    CHECK_FALSE(same_numbers(logits("by_layer(sinusoidal, sinusoidal)"), logits("sinusoidal")));
}

TEST_CASE("a scheme for another number of layers is refused") {
    for (const Index layers : {1, 3})
        CHECK_THROWS_WITH_AS(model_of(made("by_layer(rope, none)"), layers),
                             text_of("TransformerEncoder: this position scheme is another one in each of 2 layers, and "
                                     "the model has ",
                                     layers, "; name as many schemes as layers")
                                 .c_str(),
                             OptionError);
    Rng rng(1);
    CHECK_THROWS_WITH_AS(MultiHeadAttention(8, 2, rng, 0, made("by_layer(rope, none)")),
                         "MultiHeadAttention: this position scheme is another one in each layer; give it to "
                         "TransformerEncoder or Transformer",
                         OptionError);
}

TEST_CASE("parameters stand with their layers and each once") {
    const Transformer model = model_of(made("by_layer(table + forgetting, t5)"));
    std::vector<std::string> of_schemes;
    for (const std::string& name : names(model))
        if (name.find(".position.") != std::string::npos) of_schemes.push_back(name);
    CHECK(of_schemes == std::vector<std::string>{"encoder.layers.0.position.0.weight",
                                                 "encoder.layers.0.position.1.weight",
                                                 "encoder.layers.0.position.1.bias",
                                                 "encoder.layers.1.position.relative_attention_bias.weight"});
    CHECK(names(*made("by_layer(table, t5)")) ==
          std::vector<std::string>{"0.weight", "1.relative_attention_bias.weight"});
}

TEST_CASE("a table that two layers share stands with the first and is learned once") {
    const auto table = made("table");
    const auto with = [&](const std::string& other) {
        return std::make_shared<Composition>(std::vector<Composition::Part>{table, made(other)});
    };
    const Transformer model =
        model_of(std::make_shared<ByLayer>(std::vector<Composition::Part>{with("t5"), with("kerple")}));
    std::vector<std::string> of_schemes;
    for (const std::string& name : names(model))
        if (name.find(".position.") != std::string::npos) of_schemes.push_back(name);
    CHECK(of_schemes == std::vector<std::string>{"encoder.layers.0.position.0.weight",
                                                 "encoder.layers.0.position.1.relative_attention_bias.weight",
                                                 "encoder.layers.1.position.1.raw_r1",
                                                 "encoder.layers.1.position.1.raw_r2"});
    const AdamW optimizer(model.parameters(), 0.1, {});    // which refuses a tensor that is listed twice
}

// Else the second layer would hand down what the first one hid.
TEST_CASE("a part that hides the future needs a model that does") {
    CHECK(made("by_layer(forgetting, none)")->traits().causal_only);
    IndexArray other = nine_tokens;
    other.values.back() = 7;
    const auto moved = [&](bool causal) {
        const Transformer model = model_of(made("by_layer(forgetting, none)"), 2, causal);
        const auto first = [&](const IndexArray& ids) {
            return slice(model.forward(ids, Mode::evaluation()).values(), 1, 0, 1);
        };
        return max_abs_difference(first(nine_tokens), first(other));
    };
    CHECK(moved(true) == 0);
    CHECK(moved(false) > Scalar(1e-3));
}

TEST_CASE("the traits of all layers follow from each") {
    const auto traits = [](const std::string& specification) { return made(specification)->traits(); };
    CHECK(traits("by_layer(rope, none)").translation_invariant);
    CHECK_FALSE(
        traits("by_layer(sinusoidal, rope)").translation_invariant);    // rope meets the codes in what it rotates
    CHECK(traits("by_layer(table(rows=9), rnn)").max_length == 9);
    CHECK(traits("by_layer(none, rnn)").depth == Depth::linear);
    CHECK(traits("by_layer(none, laplacian_path)").length_dependent);
    CHECK_FALSE(traits("by_layer(none, laplacian_path)").streams);
    CHECK(traits("by_layer(alibi, none)").fades);
    CHECK_FALSE(traits("by_layer(alibi, t5)").fades);
    CHECK(traits("by_layer(rope, none)").source.find("by layer: Yang et al. 2025, arXiv 2501.18795; Su et al.") == 0);
}

TEST_CASE("schemes by layer keep their promises") {
    for (const std::string specification :
         {"by_layer(rope, rope, rope, none)", "by_layer(gated, none)", "by_layer(rnn + forgetting, none)",
          "by_layer(table)", "by_layer(none, ring(rows=7), alibi)", "by_layer(rope(log_n=16), none)",
          "by_layer(rnn_over_inputs, shaw)", "by_layer(sinusoidal(shift=9), rope(randomized=100))"}) {
        CAPTURE(specification);
        CHECK(Contract(*made(specification), small).broken() == "");
        if (is_double) CHECK(wrong_encoding_gradients(*made(specification), small) == "");
    }
}

TEST_CASE("a model with another scheme in each layer passes the gradient check" * doctest::skip(!is_double)) {
    Rng rng(6);
    const Transformer model = model_of(made("by_layer(rnn + rope, t5)"));
    CHECK(wrong_gradients(model, {}, rng, [&] { return model.forward(nine_tokens, Mode::evaluation()); }) == "");
}

TEST_CASE("explain goes through the layers") {
    std::ostringstream out;
    const NdArray code = made("by_layer(table, none)")->explain(3, out);
    CHECK(code.size() == 8);
    CHECK(out.str().find("Position 3 in a model of 2 layers.\nLayer 0: Position 3 in a learned table P [40, 8]:\n") ==
          0);
    CHECK(out.str().find("\nLayer 1: Position 3 as the batch computes it:\n") != std::string::npos);
}

TEST_CASE("a specification by layer") {
    const auto layers = [](const std::string& specification) { return made(specification)->of_layers().size(); };
    CHECK(layers(" by_layer( rope(base=100, layout=half),none , rnn+rope ) ") == 3);
    CHECK(layers("by_layer(rope)") == 1);
    CHECK(layers("rope") == 0);
    const auto refusal = [](const std::string& specification) -> std::string {
        try {
            made(specification);
        } catch (const OptionError& error) {
            return error.what();
        }
        return "taken";
    };
    for (const std::string empty : {"by_layer", "by_layer()", "by_layer(rope, )", "by_layer(, rope)"})
        CHECK(refusal(empty) == "make_encoding: a layer of '" + empty +
                                    "' is empty; write by_layer(A, B), with none for a layer without positions");
    CHECK(refusal("by_layer(rope, none") == "make_encoding: 'by_layer(rope, none' has no closing parenthesis");
    CHECK(refusal("by_layer(rope, none) + forgetting") ==
          "make_encoding: by_layer stands around everything else, got 'by_layer(rope, none)' as a part; write "
          "by_layer(A + C, B + C)");
    CHECK(refusal("by_layer(by_layer(rope, none), none)").find("got 'by_layer(rope, none)' as a part") !=
          std::string::npos);
    CHECK(refusal("by_layer(rope, roap)") == "make_encoding: unknown encoding 'roap'; did you mean rope?");
    CHECK(refusal("bylayer(rope)") == "make_encoding: unknown encoding 'bylayer'; did you mean by_layer?");
    CHECK_THROWS_WITH_AS(register_encoding("by_layer", LearnedTable::make),
                         "register_encoding: 'by_layer' is registered already", OptionError);
}

TEST_CASE("what is another scheme in each layer is no part of something else") {
    const auto layers = made("by_layer(rope, none)");
    CHECK_THROWS_WITH_AS(Composition({layers}),
                         "Composition: one of the schemes is another one in each layer; compose inside: "
                         "by_layer(A + C, B + C)",
                         OptionError);
    CHECK_THROWS_WITH_AS(Shifted(layers, 3),
                         "Wrapper: the scheme inside is another one in each layer; wrap those: by_layer(A(gain=1), "
                         "B(gain=1))",
                         OptionError);
}
