// A model that writes with a scheme, token by token with keys and values kept, is the model that reads the whole text.
#include <ordinal/nn/generate.h>

#include <doctest/doctest.h>

#include <ordinal/positional/combined/gain.h>
#include <ordinal/positional/registry.h>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

constexpr EncodingRequest for_64_tokens{.d_model = 8, .max_length = 64, .num_heads = 2};
constexpr Index text_length = 40;    // longer than anything that a scheme below knows of training

Transformer writer(const std::string& specification) {
    Rng rng(7);
    const auto scheme = make_encoding(specification, for_64_tokens, rng);
    return Transformer({.vocab_size = 11,
                        .token_std = 1,
                        .encoder = {.d_model = 8, .num_heads = 2, .d_ff = 12, .num_layers = 2, .causal = true}},
                       rng, scheme);
}

IndexArray text() {
    Rng rng(3);
    std::vector<Index> ids;
    for (Index i = 0; i < 2 * text_length; ++i) ids.push_back(rng.below(11));
    return {{2, text_length}, ids};
}

IndexArray columns(const IndexArray& ids, Index begin, Index end) {
    std::vector<Index> part;
    for (Index b = 0; b < ids.shape[0]; ++b)
        for (Index t = begin; t < end; ++t) part.push_back(ids[b * ids.shape[1] + t]);
    return {{ids.shape[0], end - begin}, part};
}

// The largest difference between reading all and writing in chunks, as a share of the largest logit.
double gap(const Transformer& model, const std::vector<Index>& chunks) {
    NoGrad guard;
    const IndexArray ids = text();
    const NdArray whole = model.forward(ids, Mode::evaluation()).values();
    Scalar largest = 0;
    for (const Scalar x : whole.to_vector()) largest = std::max(largest, std::abs(x));
    KeyValueCache cache;
    double worst = 0;
    Index done = 0;
    for (std::size_t i = 0; done < text_length; ++i) {
        const Index n = std::min(chunks[i % chunks.size()], text_length - done);
        const NdArray part = model.next(columns(ids, done, done + n), cache).values();
        worst = std::max(worst, static_cast<double>(max_abs_difference(part, slice(whole, 1, done, done + n))));
        done += n;
    }
    return worst / static_cast<double>(largest);
}

const double allowed = tolerance(1e-5, 1e-10);

}    // namespace

TEST_CASE("every scheme that streams writes what it reads and the others say that they cannot") {
    std::vector<std::string> all = encoding_names();
    all.insert(all.end(), {"rope(log_n=8)",
                           "alibi(log_n=8)",
                           "shaw(log_n=8)",
                           "sinusoidal(gain=0.3)",
                           "table(shift=4)",
                           "rnn(init=orthogonal, gain=0.5)",
                           "rope(layout=half)",
                           "alibi(form=one_sided)",
                           "rope(scaling=yarn, factor=4)",
                           "gru(state=4)",
                           "rnn_over_inputs(output=replace)",
                           "sinusoidal(randomized=100)",
                           "laplacian_path(nodes=64)",
                           "forgetting(log_n=8)",
                           "t5(sides=past)",
                           "kerple(kernel=power)",
                           "fire(threshold=10)",
                           "cope(counts=5)",
                           "cope(log_n=8)",
                           "shaw(clip=3)",
                           "xpos(log_n=8)",
                           "rope(scaling=ntk, factor=4)",
                           "rope(scaling=linear, factor=2)",
                           "rope(randomized=100)",
                           "alibi(shift=3)",
                           "extended_table(freeze=yes)",
                           "extended_table(strategy=linear)",
                           "extended_table(rows=16, strategy=anchored, freeze=yes)",
                           "table(log_n=8, gain=0.5)",
                           "linear(state=4, decay=0.9)",
                           "linear_dense(state=4)",
                           "message_passing(rounds=3)",
                           "ode(method=euler, step=0.5)",
                           "gated(output=replace)",
                           "gru_over_inputs(output=replace)",
                           "random_walk(nodes=64)",
                           "laplacian_cycle(nodes=64, gain=2)",
                           "laplacian_path(gain=2)",
                           "sinusoidal(gain=0.5) + table(rows=16, std=0, beyond=zero)",
                           "table(rows=16, beyond=zero, drop=0.5) + linear",
                           "ring(rows=7) + forgetting",
                           "rnn(init=orthogonal) + rope + forgetting",
                           "rope(part=0.5)",
                           "rope(part=0.5, spectrum=whole, layout=half)",
                           "rope(scaling=llama3, factor=4, trained=16)",
                           "rope(scaling=dynamic, factor=2, trained=16)",
                           "rope(ssmax=8)",
                           "rope(group=4, window=6)",
                           "rope(ssmax=8, group=3, window=4)",
                           "selective_rope(layout=half)",
                           "selective_rope + forgetting",
                           "path(log_n=8)",
                           "path + none(ssmax=8) + forgetting",
                           "rope(group=3, window=4) + none(log_n=8)",
                           "rope + cope",
                           "rope + shaw(clip=3)",
                           "rnn_over_inputs + rope + alibi"});
    Index writing = 0;
    for (const std::string& name : all) {
        CAPTURE(name);
        Rng rng(7);
        const bool streams = make_encoding(name, for_64_tokens, rng)->traits().streams;
        writing += streams;
        if (streams)
            CHECK(gap(writer(name), {1}) <= allowed);
        else
            CHECK_THROWS_AS(gap(writer(name), {1}), OptionError);
    }
    CHECK(writing > 40);
}

TEST_CASE("tokens may come in chunks of any size") {
    for (const std::string name :
         {"table", "rope", "alibi", "shaw", "forgetting", "cope", "rnn_over_inputs", "t5", "selective_rope",
          "rope(group=4, window=6)", "selective_rope + forgetting", "path(log_n=8)"}) {
        CAPTURE(name);
        for (const std::vector<Index>& chunks : {std::vector<Index>{2}, {5}, {3, 1, 4}, {text_length}})
            CHECK(gap(writer(name), chunks) <= allowed);
    }
}

TEST_CASE("another scheme in each layer writes as well") {
    for (const std::string specification : {"by_layer(gru_over_inputs, rope)", "by_layer(forgetting, none)",
                                            "by_layer(none, rnn + rope + forgetting)", "by_layer(gated, none)"})
        for (const Index chunk : {1, 7}) {
            CAPTURE(specification);
            CHECK(gap(writer(specification), {chunk}) <= allowed);
        }
}

TEST_CASE("a stream keeps its encoding alive") {
    Rng rng(9);
    const Tensor x(zeros({1, 1, 8}));
    for (const std::string& name : encoding_names()) {
        CAPTURE(name);
        const auto encoding = make_encoding(name, for_64_tokens, rng);
        if (!encoding->traits().streams) continue;
        const NdArray expected = encoding->apply_to_input(x, Positions::arange(1), Mode::evaluation()).values();
        const auto stream = make_encoding(name, for_64_tokens, rng)->stream();    // nobody else holds it
        CHECK(stream->next(x).shape() == Shape{1, 1, 8});
        CHECK(largest_error(encoding->stream()->next(x).values(), expected) <= allowed);
    }
}

TEST_CASE("a layer alone knows the tokens of each text by its padding") {
    for (const std::string name : {"rope(log_n=8)", "rope(ssmax=8)", "rope(scaling=dynamic, factor=2, trained=4)",
                                   "rope(group=2, window=3)", "alibi(log_n=8)"}) {
        CAPTURE(name);
        for (const bool causal : {false, true}) {
            Rng rng(7);
            const MultiHeadAttention layer(8, 2, rng, 0, make_encoding(name, for_64_tokens, rng));
            const NdArray x = random_normal({2, 12, 8}, 1, rng);
            NdArray padding = zeros({2, 12});
            for (Index t = 5; t < 12; ++t) padding.set({0, t}, 1);
            const auto forward = [&](const NdArray& tokens, const NdArray& hidden) {
                return layer.forward(Tensor(tokens), Mode::evaluation(), {.causal = causal, .padding = hidden})
                    .values();
            };
            const auto row = [](const NdArray& a, Index b, Index end) {
                return contiguous(slice(slice(a, 0, b, b + 1), 1, 0, end));
            };
            const NdArray padded = forward(x, padding);
            CHECK(largest_error(row(padded, 0, 5), forward(row(x, 0, 5), {})) <= tolerance(1e-5, 1e-13));
            CHECK(largest_error(row(padded, 1, 12), forward(row(x, 1, 12), {})) <= tolerance(1e-5, 1e-13));
        }
    }
}

TEST_CASE("padding behind the tokens changes nothing - also for schemes that look at the length") {
    for (const std::string name :
         {"rope(log_n=8)", "rope(ssmax=8)", "rope(scaling=dynamic, factor=2, trained=4)", "rope(group=2, window=3)",
          "selective_rope", "alibi(log_n=8)", "forgetting(log_n=8)", "cope(log_n=8)", "laplacian_path", "random_walk",
          "sinusoidal", "message_passing", "laplacian_cycle", "rnn_over_inputs", "t5",
          "by_layer(rope(log_n=8), laplacian_path)"}) {
        CAPTURE(name);
        for (const bool causal : {false, true}) {
            Rng rng(7);
            const Transformer model({.vocab_size = 11,
                                     .token_std = 1,
                                     .encoder = {.d_model = 8, .num_heads = 2, .d_ff = 12, .causal = causal}},
                                    rng, make_encoding(name, for_64_tokens, rng));
            const IndexArray ids({2, 12}, {5, 1, 7, 3, 9, 0, 0, 0, 0, 0, 0, 0, 2, 8, 1, 4, 6, 3, 5, 9, 7, 1, 2, 8});
            const NdArray padded = model.forward(ids, Mode::evaluation(), {.padding = padding_mask(ids, 0)}).values();
            const NdArray alone = model.forward(columns(ids, 0, 5), Mode::evaluation()).values();
            const NdArray all = model.forward(ids, Mode::evaluation()).values();
            const auto row = [](const NdArray& a, Index b, Index end) {
                return contiguous(slice(slice(a, 0, b, b + 1), 1, 0, end));
            };
            CHECK(largest_error(row(padded, 0, 5), row(alone, 0, 5)) <= tolerance(1e-5, 1e-13));
            CHECK(largest_error(row(padded, 1, 12), row(all, 1, 12)) <= tolerance(1e-5, 1e-13));    // it has none
        }
    }
}

TEST_CASE("wrappers pass every hook on") {
    Rng rng(10);
    const auto inner = make_encoding("sinusoidal(randomized=100)", for_64_tokens, rng);
    const auto ids_of = [](const Positions& positions) {
        std::vector<double> ids;
        for (Index i = 0; i < positions.size(); ++i) ids.push_back(positions[i]);
        return ids;
    };
    const auto drawn = ids_of(inner->position_ids(Positions::arange(6), Mode::evaluation()));
    CHECK(drawn != ids_of(Positions::arange(6)));
    const auto gain = std::make_shared<Gain>(inner, 0.5);
    CHECK(ids_of(gain->position_ids(Positions::arange(6), Mode::evaluation())) == drawn);
    CHECK(includes(gain->acts_at(), Place::ids));
}

TEST_CASE("a scheme that cannot write says so every time") {
    const Transformer model = writer("rope(randomized=100)");
    KeyValueCache cache;
    for (int time = 0; time < 2; ++time) CHECK_THROWS_AS(model.next(IndexArray({1, 1}, {3}), cache), OptionError);
    CHECK_NOTHROW(writer("table").next(IndexArray({1, 1}, {3}), cache));    // nobody had begun
}

TEST_CASE("a stream takes the next token of each text and a refused one counts for nothing") {
    const EncodingRequest request{.d_model = 8, .max_length = 64, .num_heads = 2};
    Rng rng(3);
    const Tensor x(random_normal({2, 3, 8}, 1, rng));
    const auto token = [&](Index t) { return slice(x, 1, t, t + 1); };
    for (const char* name :
         {"rnn", "gru", "rnn(state=4)", "residual", "ode", "linear_dense", "gated", "rnn_over_inputs",
          "gru_over_inputs", "table", "sinusoidal", "sinusoidal + table(beyond=zero)", "rnn(gain=2)"}) {
        INFO(name);
        const auto encoding = make_encoding(name, request, rng);
        const auto disturbed = encoding->stream(), calm = encoding->stream();
        const auto refused = [&](const Shape& shape) {
            CHECK_THROWS_AS(disturbed->next(Tensor(zeros(shape))), ShapeError);
        };
        for (Index t = 0; t < 3; ++t) {
            for (const Shape& wrong :
                 {Shape{2, 2, 8}, Shape{2, 8}, Shape{2, 0, 8}, Shape{2, 1, 9}, Shape{2, 1, 1}, Shape{8}})
                refused(wrong);
            if (t > 0) refused({3, 1, 8});    // another number of texts
            CHECK(same_numbers(disturbed->next(token(t)).values(), calm->next(token(t)).values()));
        }
    }
    const auto stream = make_encoding("rnn", request, rng)->stream();
    CHECK_THROWS_WITH_AS(stream->next(Tensor(zeros({2, 2, 8}))),
                         "Stream: expected the next token [B, 1, D], got [2, 2, 8]", ShapeError);
    CHECK_THROWS_WITH_AS(stream->next(Tensor(zeros({2, 1, 1}))),
                         "Stream: a token [2, 1, 1] needs a code of its width, got [1, 8]", ShapeError);
    stream->next(token(0));
    CHECK_THROWS_WITH_AS(stream->next(Tensor(zeros({1, 1, 8}))),
                         "Stream: expected the next token [2, 1, 8], got [1, 1, 8]", ShapeError);
}
