// The socket: does a scheme that is plugged in really act, at each of its three places?
#include <ordinal/nn/position_scheme.h>

#include <doctest/doctest.h>

#include <set>

#include <ordinal/nn/model.h>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// A toy that acts everywhere:  x_ki + a k i,  (1 + b k) q_k and k_k,  a_ij + c (i - j), with learned a, b, c.
class Toy : public PositionScheme {
public:
    static constexpr Place inside = Place::queries_and_keys | Place::scores;    // attention
    explicit Toy(Scalar a, Scalar b, Scalar c, Place places = inside | Place::input)
        : places_(places),
          a_(Tensor::parameter(NdArray({1}, a))),
          b_(Tensor::parameter(NdArray({1}, b))),
          c_(Tensor::parameter(NdArray({1}, c))) {}

    Tensor apply_to_input(const Tensor& x, const Positions& positions, const Mode&) const override {
        return x + column(positions) * Tensor(NdArray::arange(x.dim(-1))) * a_;    // [T, 1] [D] -> [T, D]
    }
    QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        const Tensor factor = column(context.positions.last(qkv.query.dim(2))) * b_ + Scalar(1);    // [Tq, 1]
        return {qkv.query * factor, qkv.key * factor, qkv.value};
    }
    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        CHECK(qkv.query.dim(0) == context.x.dim(0));    // B
        CHECK(qkv.key.dim(2) == context.x.dim(1));      // T
        const Tensor ids = column(context.positions);
        const Index H = qkv.query.dim(1), T = context.positions.size();
        return {{c_}, [ids, H, T](const std::vector<Tensor>& sources, Index begin, Index end) {
                    const Tensor distances = slice(ids, 0, begin, end) - transpose(ids);    // [rows, T]
                    return broadcast_to(distances * sources[0], {H, end - begin, T});
                }};
    }
    Place acts_at() const override { return places_; }
    Parameters parameters() const override { return {{"a", a_}, {"b", b_}, {"c", c_}}; }

private:
    static Tensor column(const Positions& positions) {
        NdArray ids = zeros({positions.size(), 1});
        for (Index i = 0; i < positions.size(); ++i) ids.mutable_data()[i] = static_cast<Scalar>(positions[i]);
        return Tensor(ids);
    }
    Place places_;
    Tensor a_, b_, c_;
};

constexpr TransformerOptions tiny{.d_model = 4, .num_heads = 2, .d_ff = 6, .num_layers = 2};

}    // namespace

TEST_CASE("a scheme inside attention turns queries and keys and biases the scores") {
    const Index T = 3, width = 4, heads = 2;
    Rng rng(1);
    const auto toy = std::make_shared<Toy>(0, Scalar(0.5), Scalar(0.25), Toy::inside);
    const MultiHeadAttention layer(width, heads, rng, 0, toy);
    const NdArray x = random_normal({1, T, width}, 1, rng);
    const Positions positions = Positions::of({2, 0, 5});
    const NdArray y = layer.forward(Tensor(x), Mode::evaluation(), {.positions = positions}).values();

    // By hand, with loops and in double.
    const auto project = [&](const std::string& name, Index t, Index i) {
        double out = static_cast<double>(parameter_of(layer, name + ".bias").values().at({i}));
        for (Index j = 0; j < width; ++j)
            out += static_cast<double>(parameter_of(layer, name + ".weight").values().at({i, j})) *
                   static_cast<double>(x.at({0, t, j}));
        return out;
    };
    std::vector<std::vector<double>> mixed(static_cast<std::size_t>(T),
                                           std::vector<double>(static_cast<std::size_t>(width)));
    for (Index h = 0; h < heads; ++h)
        for (Index i = 0; i < T; ++i) {
            std::vector<double> weights;
            double total = 0;
            for (Index j = 0; j < T; ++j) {
                double score = 0;
                for (Index c = 2 * h; c < 2 * h + 2; ++c)
                    score += (1 + 0.5 * positions[i]) * project("query", i, c) * (1 + 0.5 * positions[j]) *
                             project("key", j, c);
                weights.push_back(std::exp(score / std::sqrt(2.0) + 0.25 * (positions[i] - positions[j])));
                total += weights.back();
            }
            for (Index j = 0; j < T; ++j)
                for (Index c = 2 * h; c < 2 * h + 2; ++c)
                    mixed[static_cast<std::size_t>(i)][static_cast<std::size_t>(c)] +=
                        weights[static_cast<std::size_t>(j)] / total * project("value", j, c);
        }
    for (Index t = 0; t < T; ++t)
        for (Index i = 0; i < width; ++i) {
            double expected = static_cast<double>(parameter_of(layer, "out_proj.bias").values().at({i}));
            for (Index j = 0; j < width; ++j)
                expected += static_cast<double>(parameter_of(layer, "out_proj.weight").values().at({i, j})) *
                            mixed[static_cast<std::size_t>(t)][static_cast<std::size_t>(j)];
            CHECK(std::abs(static_cast<double>(y.at({0, t, i})) - expected) <=
                  tolerance(2e-6, 1e-14));    // some 20 roundings
        }
}

// Else a table handed to one call of attention would be ignored without a word: nobody would call its first two hooks.
TEST_CASE("only an encoder can lend attention a scheme for one call") {
    CHECK_FALSE(std::is_constructible_v<LentScheme, const PositionScheme*>);
    CHECK_FALSE(std::is_convertible_v<const PositionScheme*, LentScheme>);
    CHECK(LentScheme().get() == nullptr);
}

TEST_CASE("a scheme whose numbers are 0 changes nothing inside attention") {
    Rng rng(2), same(2);
    const MultiHeadAttention with(4, 2, rng, 0, std::make_shared<Toy>(1, 0, 0, Toy::inside)), without(4, 2, same);
    const Tensor x(random_normal({2, 3, 4}, 1, rng));
    const auto run = [&](const MultiHeadAttention& layer) { return layer.forward(x, Mode::evaluation()).values(); };
    CHECK(same_numbers(run(with), run(without)));
}

TEST_CASE("a model calls all hooks of its scheme and lists its parameters once") {
    Rng rng(3);
    const auto toy = std::make_shared<Toy>(Scalar(0.1), Scalar(0.2), Scalar(0.3));
    const Transformer model({.vocab_size = 10, .encoder = tiny}, rng, toy);
    const Parameters all = model.parameters();
    for (const auto& parameter : toy->parameters()) {
        const auto is_it = [&](const NamedParameter& other) { return other.tensor.node() == parameter.tensor.node(); };
        CHECK(std::count_if(all.begin(), all.end(), is_it) == 1);
    }
    const Tensor y = model.forward(IndexArray({1, 3}, {1, 2, 3}), Mode::evaluation());
    CHECK(unlisted_parameters(model, y) == 0);
    sum(y * y * y).backward();
    for (const auto& parameter : toy->parameters()) {
        CAPTURE(parameter.name);
        CHECK(std::abs(parameter.tensor.grad().item()) > 1e-6);    // all three places are reached
    }
}

TEST_CASE("a parameter that a model uses and does not list is found") {
    class Forgetful : public Module {
    public:
        Parameters parameters() const override { return {{"listed", listed}}; }
        Tensor listed = Tensor::parameter(NdArray({2}, 1)), forgotten = Tensor::parameter(NdArray({2}, 2));
    };
    const Forgetful module;
    CHECK(unlisted_parameters(module, module.listed * module.listed) == 0);
    CHECK(unlisted_parameters(module, module.listed * module.forgotten + module.forgotten) == 1);
}

TEST_CASE("every model lists what it uses - whatever the scheme and the head") {
    for (const Head head : {Head::none, Head::linear, Head::masked_lm})
        for (const bool one_a_layer : {false, true})
            for (const NormPlacement norm : {NormPlacement::pre, NormPlacement::post}) {
                Rng rng(6);
                ModelOptions options{.vocab_size = 5, .num_segments = 2, .head = head, .encoder = tiny};
                options.encoder.norm = norm;
                options.encoder.input_norm = true;
                const auto toy = [] { return std::make_shared<Toy>(Scalar(0.1), Scalar(0.2), Scalar(0.3)); };
                const Transformer model = one_a_layer ? Transformer(options, rng, one_each_layer({toy(), toy()}))
                                                      : Transformer(options, rng, toy());
                CHECK(unlisted_parameters(model, model.forward(IndexArray({1, 3}, {1, 2, 3}), Mode::evaluation())) ==
                      0);
                std::set<std::string> different;
                for (const std::string& name : names(model)) different.insert(name);
                CHECK(different.size() == model.parameters().size());
            }
}

TEST_CASE("one scheme a layer acts in its own layer") {
    Rng rng(4);
    const auto first = std::make_shared<Toy>(Scalar(0.1), Scalar(0.2), Scalar(0.3)),
               second = std::make_shared<Toy>(0, 0, 0);
    const TransformerEncoder encoder(tiny, rng, one_each_layer({first, second}));
    const Tensor x(random_normal({1, 3, 4}, 1, rng));
    const Tensor y = encoder.forward(x, Mode::evaluation());
    sum(y * y * y).backward();
    for (std::size_t hook = 0; hook < 3; ++hook) {
        const Scalar a = first->parameters()[hook].tensor.grad().item(),
                     b = second->parameters()[hook].tensor.grad().item();
        CHECK(a != 0);
        CHECK(b != 0);
        CHECK(a != b);
    }
    CHECK(names(encoder).front() == "layers.0.self_attn.query.weight");
    CHECK(names(encoder).back() == "layers.1.position.c");
    const auto again = TransformerEncoder(tiny, rng, one_each_layer({first, first}));
    CHECK(again.parameters().size() + 3 == encoder.parameters().size());    // listed once
    CHECK_NOTHROW(TransformerEncoder(tiny, rng, one_each_layer({nullptr, first})).forward(x, Mode::evaluation()));
}

TEST_CASE("a part that would ignore a hook refuses the scheme") {
    Rng rng(7);
    for (const Place place : {Place::ids, Place::input, Place::input | Place::scores})
        CHECK_THROWS_WITH_AS(
            MultiHeadAttention(4, 2, rng, 0, std::make_shared<Toy>(1, 1, 1, place)),
            "MultiHeadAttention: this position scheme acts on the ids or at the input, where attention "
            "does not ask it; give it to TransformerEncoder or Transformer, which ask it everywhere",
            OptionError);
    CHECK(names(MultiHeadAttention(4, 2, rng, 0, std::make_shared<Toy>(1, 1, 1, Toy::inside))).back() == "position.c");
    CHECK_THROWS_WITH_AS(MultiHeadAttention(4, 2, rng, 0, one_each_layer({nullptr, nullptr})),
                         "MultiHeadAttention: this position scheme is another one in each layer; give it to "
                         "TransformerEncoder or Transformer",
                         OptionError);
}

TEST_CASE("an encoder with a scheme at its input knows where tokens are") {
    Rng rng(8);
    const auto toy = std::make_shared<Toy>(Scalar(0.5), 0, 0, Place::input);
    const TransformerEncoder with(tiny, rng, toy), without(tiny, rng);
    const NdArray x = random_normal({1, 3, 4}, 1, rng);
    const NdArray swapped = concat({slice(x, 1, 2, 3), slice(x, 1, 1, 2), slice(x, 1, 0, 1)}, 1);
    const auto moved = [&](const TransformerEncoder& encoder) {
        const NdArray y = encoder.forward(Tensor(x), Mode::evaluation()).values();
        const NdArray z = encoder.forward(Tensor(swapped), Mode::evaluation()).values();
        return largest_error(slice(z, 1, 0, 1), slice(y, 1, 2, 3));
    };
    CHECK(moved(without) < 1e-5);
    CHECK(moved(with) > 1e-2);
}

TEST_CASE("a query counts the keys that it sees") {
    AttentionContext context{.positions = Positions::arange(4)};
    CHECK(context.visible_keys(4).to_vector() == std::vector<Scalar>{4, 4, 4, 4});
    context.causal = true;
    CHECK(context.visible_keys(4).to_vector() == std::vector<Scalar>{1, 2, 3, 4});
    CHECK(context.visible_keys(2).to_vector() == std::vector<Scalar>{3, 4});    // of the last two tokens
    context.padding = NdArray({2, 4}, {0, 0, 0, 1, 1, 0, 0, 0});
    CHECK(context.visible_keys(4).to_vector() == std::vector<Scalar>{1, 2, 3, 3, 0, 1, 2, 3});
    CHECK(context.visible_keys(4).shape() == Shape{2, 1, 4, 1});
    context.causal = false;
    CHECK(context.visible_keys(1).to_vector() == std::vector<Scalar>{3, 3});
}

TEST_CASE("a model with a scheme at all three places passes the gradient check" * doctest::skip(!is_double)) {
    Rng rng(5);
    const auto toy = std::make_shared<Toy>(0, 0, 0);
    for (const Head head : {Head::linear, Head::masked_lm}) {
        ModelOptions options{.vocab_size = 5, .num_segments = 2, .head = head, .encoder = tiny};
        options.encoder.input_norm = true;
        const Transformer model(options, rng, toy);
        const auto run = [&] { return model.forward(IndexArray({2, 3}, {1, 2, 3, 4, 0, 1}), Mode::evaluation()); };
        CHECK(wrong_gradients(model, {}, rng, run) == "");
    }
}
