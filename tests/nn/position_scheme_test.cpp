// The socket: does a scheme that is plugged in really act, at each of its three places?
#include <ordinal/nn/position_scheme.h>

#include <doctest/doctest.h>

#include <ordinal/nn/bert_embeddings.h>
#include <ordinal/nn/transformer.h>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// A toy that acts everywhere:  x_ki + a k i,  (1 + b k) q_k and k_k,  a_ij + c (i - j), with learned a, b, c.
class Toy : public PositionScheme {
public:
    Toy(Scalar a, Scalar b, Scalar c)
        : a_(Tensor::parameter(NdArray({1}, a))),
          b_(Tensor::parameter(NdArray({1}, b))),
          c_(Tensor::parameter(NdArray({1}, c))) {}

    Tensor apply_to_input(const Tensor& x, const Positions& positions, const Mode&) const override {
        return x + column(positions) * Tensor(NdArray::arange(x.dim(-1))) * a_;    // [T, 1] [D] -> [T, D]
    }
    QueryKeyValue turn(const QueryKeyValue& qkv, const Positions& positions) const override {
        const Tensor factor = column(positions) * b_ + Scalar(1);    // [T, 1]
        return {qkv.query * factor, qkv.key * factor, qkv.value};
    }
    ScoreBias score_bias(const QueryKeyValue& qkv, const Tensor& x, const Positions& positions) const override {
        CHECK(qkv.query.dim(0) == x.dim(0));    // B
        CHECK(qkv.query.dim(2) == x.dim(1));    // T
        const Tensor ids = column(positions);
        const Index H = qkv.query.dim(1), T = positions.size();
        return {{c_}, [ids, H, T](const std::vector<Tensor>& sources, Index begin, Index end) {
                    const Tensor distances = slice(ids, 0, begin, end) - transpose(ids);    // [rows, T]
                    return broadcast_to(distances * sources[0], {H, end - begin, T});
                }};
    }
    Parameters parameters() const override { return {{"a", a_}, {"b", b_}, {"c", c_}}; }

private:
    static Tensor column(const Positions& positions) {
        NdArray ids = zeros({positions.size(), 1});
        for (Index i = 0; i < positions.size(); ++i) ids.mutable_data()[i] = static_cast<Scalar>(positions[i]);
        return Tensor(ids);
    }
    Tensor a_, b_, c_;
};

}    // namespace

TEST_CASE("a scheme inside attention turns queries and keys and biases the scores") {
    const Index T = 3, width = 4, heads = 2;
    Rng rng(1);
    const auto toy = std::make_shared<Toy>(0, Scalar(0.5), Scalar(0.25));
    const MultiHeadAttention layer(width, heads, rng, 0, toy);
    const NdArray x = random_normal({1, T, width}, 1, rng);
    const Positions positions = Positions::of({2, 0, 5});
    const NdArray y = layer.forward(Tensor(x), positions, NdArray(), Mode::evaluation()).values();

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

TEST_CASE("a scheme whose numbers are 0 changes nothing inside attention") {
    Rng rng(2), same(2);
    const MultiHeadAttention with(4, 2, rng, 0, std::make_shared<Toy>(1, 0, 0)), without(4, 2, same);
    const Tensor x(random_normal({2, 3, 4}, 1, rng));
    const auto run = [&](const MultiHeadAttention& layer) {
        return layer.forward(x, Positions::arange(3), NdArray(), Mode::evaluation()).values();
    };
    CHECK(same_numbers(run(with), run(without)));    // a acts at the embeddings only
}

TEST_CASE("one shared scheme acts in every layer and is listed by its owner only") {
    Rng rng(3);
    const auto toy = std::make_shared<Toy>(Scalar(0.1), Scalar(0.2), Scalar(0.3));
    const BertEmbeddings embeddings({.vocab_size = 10, .d_model = 4, .dropout = 0}, toy, rng);
    const TransformerEncoder encoder({.d_model = 4, .num_heads = 2, .d_ff = 6, .num_layers = 2}, rng, toy);
    Parameters all;
    append(all, "embeddings", embeddings);
    append(all, "encoder", encoder);
    for (const auto& parameter : toy->parameters()) {
        const auto is_it = [&](const NamedParameter& other) { return other.tensor.node() == parameter.tensor.node(); };
        CHECK(std::count_if(all.begin(), all.end(), is_it) == 1);
    }
    const Tensor x = embeddings.forward(IndexArray({1, 3}, {1, 2, 3}), Positions::arange(3), Mode::evaluation());
    const Tensor y = encoder.forward(x, Positions::arange(3), NdArray(), Mode::evaluation());
    sum(y * y * y).backward();
    for (const auto& parameter : toy->parameters()) {
        CAPTURE(parameter.name);
        CHECK(std::abs(parameter.tensor.grad().item()) > 1e-6);    // all three places are reached
    }
}

TEST_CASE("one scheme a layer acts in its own layer") {
    Rng rng(4), same(4);
    const TransformerOptions options{.d_model = 4, .num_heads = 2, .d_ff = 6, .num_layers = 2};
    const auto first = std::make_shared<Toy>(0, Scalar(0.2), Scalar(0.3)), second = std::make_shared<Toy>(0, 0, 0);
    const TransformerEncoder encoder(options, rng, std::vector<std::shared_ptr<const PositionScheme>>{first, second});
    const Tensor x(random_normal({1, 3, 4}, 1, rng));
    const Tensor y = encoder.forward(x, Positions::arange(3), NdArray(), Mode::evaluation());
    sum(y * y * y).backward();
    CHECK(first->parameters()[2].tensor.has_grad());
    CHECK(second->parameters()[2].tensor.has_grad());
    CHECK(first->parameters()[2].tensor.grad().item() != second->parameters()[2].tensor.grad().item());
}

TEST_CASE("a model with a scheme at all three places passes the gradient check" * doctest::skip(!is_double)) {
    Rng rng(5);
    const auto toy = std::make_shared<Toy>(0, 0, 0);
    const BertEmbeddings embeddings({.vocab_size = 5, .d_model = 4, .dropout = 0}, toy, rng);
    const TransformerEncoder encoder({.d_model = 4, .num_heads = 2, .d_ff = 6, .num_layers = 2}, rng, toy);
    const auto model = [&] {
        const Tensor x =
            embeddings.forward(IndexArray({2, 3}, {1, 2, 3, 4, 0, 1}), Positions::arange(3), Mode::evaluation());
        return encoder.forward(x, Positions::arange(3), NdArray(), Mode::evaluation());
    };
    std::vector<Tensor> of_encoder;
    for (const auto& parameter : encoder.parameters()) of_encoder.push_back(parameter.tensor);
    CHECK(wrong_gradients(embeddings, of_encoder, rng, model) == "");
}
