// Positions counted in segments: the place of a token in its own, and the number of that segment.
#include <ordinal/positional/combined/segmented.h>

#include <doctest/doctest.h>

#include <ordinal/nn/generate.h>
#include <ordinal/positional/positional.h>
#include "tests/positional/attending.h"
#include "tests/positional/contract.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

using Segments = std::vector<std::vector<Index>>;

// A scheme with texts whose segments all have two tokens. It is not explained: explain() knows no segments.
class Pairs : public Wrapper {
public:
    using Wrapper::Wrapper;
    NdArray narrate(Index, std::ostream&) const override { return {}; }

private:
    Positions accepted(const Positions& positions) const override {
        std::vector<Index> segments;
        for (Index t = 0; t < positions.size(); ++t) segments.push_back(t / 2);
        return positions.with_segments({segments});
    }
};

NdArray added(const Encoding& encoding, const Positions& positions, Index texts = 1) {
    const Tensor x(zeros({texts, positions.size(), 8}));
    return encoding.apply_to_input(x, positions, Mode::evaluation()).values();
}

}    // namespace

// As get_bilevel_ids of the authors' code has them: a separator is the last token of its segment.
TEST_CASE("a segment ends with its separator") {
    const IndexArray ids({2, 8}, {3, 5, 0, 2, 2, 0, 0, 1, 9, 4, 4, 4, 4, 4, 4, 4});
    CHECK(segments_of(ids, {0}) == Segments{{0, 0, 0, 1, 1, 1, 2, 3}, {0, 0, 0, 0, 0, 0, 0, 0}});
    CHECK(segments_of(ids, {0, 9}) == Segments{{0, 0, 0, 1, 1, 1, 2, 3}, {0, 1, 1, 1, 1, 1, 1, 1}});
    CHECK(segments_of(IndexArray(Shape{2, 0}, std::vector<Index>{}), {0}) == Segments{{}, {}});
    CHECK_THROWS_WITH_AS(segments_of(IndexArray(Shape{3}, {1, 2, 3}), {0}), "segments_of: expected ids [B, T], got [3]",
                         ShapeError);

    const Positions positions = Positions::arange(8).with_segments(segments_of(ids, {0}));
    const auto table = made("table", small), places = made("table(segments=place)", small),
               numbers = made("table(segments=number)", small);
    const auto rows = [&](const std::vector<double>& r) { return table->vectors(Positions::of(r)).values(); };
    CHECK(same_numbers(added(*places, positions, 2)[0], rows({0, 1, 2, 0, 1, 2, 0, 0})));
    CHECK(same_numbers(added(*places, positions, 2)[1], rows({0, 1, 2, 3, 4, 5, 6, 7})));
    CHECK(same_numbers(added(*numbers, positions, 2)[0], rows({0, 0, 0, 1, 1, 1, 2, 3})));
}

TEST_CASE("a table of eight places serves a text of a thousand tokens") {
    const auto places = made("table(rows=8, segments=place)", small);
    std::vector<Index> lines;
    for (Index t = 0; t < 1000; ++t) lines.push_back(t / 8);
    const NdArray all = added(*places, Positions::arange(1000).with_segments({lines}));
    CHECK(same_numbers(slice(all, 1, 992, 1000), slice(all, 1, 0, 8)));
    CHECK_FALSE(places->traits().max_length);
    CHECK_THROWS_AS(added(*places, Positions::arange(9).with_segments({{0, 0, 0, 0, 0, 0, 0, 0, 0}})),
                    PositionOutOfRange);
}

TEST_CASE("a bias and a rotation of numbers know how many segments apart two tokens are") {
    const std::vector<Index> s{0, 0, 1, 1, 1, 2, 4};
    const Positions positions = Positions::arange(7).with_segments({s});
    const QueryKeyValue qkv = example_heads(7, 2, 4);
    const Tensor x(example_tokens(7, 8));
    const NdArray b = bias_of(*made("alibi(segments=number)", small), qkv, x, positions);
    for (Index h = 0; h < 2; ++h)
        for (Index i = 0; i < 7; ++i)
            for (Index j = 0; j < 7; ++j) {
                const auto apart = static_cast<double>(s[static_cast<std::size_t>(i)] - s[static_cast<std::size_t>(j)]);
                const double expected = -Alibi::slopes(2)[static_cast<std::size_t>(h)] * std::abs(apart);
                CHECK(std::abs(static_cast<double>(b.at({0, h, i, j})) - expected) <= tolerance(1e-6, 1e-15));
            }
    std::vector<double> ids(s.begin(), s.end());
    const auto rope = made("rope", small), numbers = made("rope(segments=number)", small);
    CHECK(same_numbers(numbers->apply_to_queries_and_keys(qkv, {positions, x}).key.values(),
                       rope->apply_to_queries_and_keys(qkv, {Positions::of(ids), x}).key.values()));
}

// Three segments more in front, and no code and no score inside the text is another.
TEST_CASE("segments in front of a text change nothing in it") {
    const auto both = made("table(segments=place) + rope(segments=number)", small);
    const std::vector<Index> text{0, 0, 0, 1, 1, 2, 2, 2};
    std::vector<Index> longer{0, 0, 1, 2, 2, 2};
    for (const Index s : text) longer.push_back(s + 3);
    const NdArray x = example_tokens(14, 8);
    const Effect behind = effect(*both, Tensor(x), Positions::arange(14).with_segments({longer}), 2),
                 alone = effect(*both, Tensor(contiguous(slice(x, 1, 6, 14))),
                                Positions::arange(8).with_segments({text}), 2);
    CHECK(same_numbers(slice(behind.input.values(), 1, 6, 14), alone.input.values()));
    CHECK(largest_error(slice(slice(behind.scores.values(), 2, 6, 14), 3, 6, 14), alone.scores.values()) <=
          tolerance(1e-5, 1e-13));
}

TEST_CASE("each text of a batch has its own segments") {
    for (const std::string specification :
         {"table(segments=place) + alibi(segments=number)", "rope(segments=number, log_n=16)",
          "table(gain=2, segments=place) + rope + forgetting", "t5(sides=past, segments=number)"}) {
        CAPTURE(specification);
        const auto scheme = made(specification, small);
        Rng rng(4);
        const Tensor x(random_normal({3, 6, 8}, 1, rng));
        const Segments s{{0, 0, 1, 1, 1, 2}, {0, 1, 2, 3, 4, 5}, {0, 0, 0, 0, 0, 0}};
        const Effect all = effect(*scheme, x, Positions::arange(6).with_segments(s), 2);
        for (Index b = 0; b < 3; ++b) {
            const Positions own = Positions::arange(6).with_segments({s[static_cast<std::size_t>(b)]});
            const Effect one = effect(*scheme, slice(x, 0, b, b + 1), own, 2);
            CHECK(largest_error(slice(all.input.values(), 0, b, b + 1), one.input.values()) == 0);
            CHECK(largest_error(slice(all.scores.values(), 0, b, b + 1), one.scores.values()) <=
                  tolerance(1e-6, 1e-14));
        }
    }
}

TEST_CASE("schemes that count in segments keep their promises") {
    for (const std::string specification :
         {"table(segments=place)", "table(rows=100, segments=number)", "sinusoidal(gain=0.5, segments=place)",
          "rope(segments=number)", "rope(log_n=16, segments=number)", "alibi(segments=number)",
          "kerple(segments=place)", "shaw(segments=number)", "rope(group=2, window=1, segments=number)",
          "table(segments=place) + alibi(segments=number)", "table(segments=place) + rope(segments=number)",
          "table(segments=place) + rope + forgetting"}) {
        CAPTURE(specification);
        const Pairs told(made(specification, small));
        CHECK(Contract(told, small).broken() == "");
        if (is_double) CHECK(wrong_encoding_gradients(told, small) == "");
    }
    // No segment of two has a third place.
    const Pairs few(made("table(rows=2, segments=place)", small));
    CHECK(Contract(few, small).broken() == "");
}

TEST_CASE("a model is told with each batch where segments end") {
    Rng rng(3);
    const auto scheme = make_encoding("table(segments=place) + rope(segments=number)", small, rng);
    const Transformer model({.vocab_size = 11, .encoder = {.d_model = 8, .num_heads = 2, .d_ff = 12, .causal = true}},
                            rng, scheme);
    const IndexArray ids({2, 6}, {1, 0, 4, 5, 0, 7, 2, 3, 0, 1, 1, 0});
    const Positions told = Positions::arange(6).with_segments(segments_of(ids, {0}));
    const NdArray logits = model.forward(ids, Mode::evaluation(), {.positions = told}).values();
    const NdArray none =
        model.forward(ids, Mode::evaluation(), {.positions = told.with_segments({{0, 0, 0, 0, 0, 0}})}).values();
    CHECK_FALSE(same_numbers(logits, none));
    NdArray padding = zeros({2, 6});
    for (const Index t : {4, 5}) padding.set({0, t}, 1);    // the first text ends after four tokens
    const NdArray padded = model.forward(ids, Mode::evaluation(), {.positions = told, .padding = padding}).values();
    CHECK(largest_error(slice(slice(padded, 0, 0, 1), 1, 0, 4), slice(slice(logits, 0, 0, 1), 1, 0, 4)) <=
          tolerance(1e-5, 1e-13));
    CHECK_THROWS_WITH_AS(model.forward(ids, Mode::evaluation()),
                         "Segmented: nobody has said where segments end; give the model "
                         "Positions::arange(T).with_segments(segments_of(ids, ends))",
                         OptionError);
    CHECK_THROWS_WITH_AS(generate(model, ids, 3, {}, rng),
                         "Segmented: a model that writes is not told where segments end; encode the whole sequence",
                         OptionError);
}

TEST_CASE("segments that do not fit are refused") {
    const auto places = made("table(segments=place)", small);
    const auto ask = [&](const Positions& positions, Index texts) { return added(*places, positions, texts); };
    CHECK_THROWS_WITH_AS(ask(Positions::arange(3).with_segments({{0, 0}}), 1),
                         "Segmented: expected a segment for each of 3 tokens, got 2", ShapeError);
    CHECK_THROWS_WITH_AS(ask(Positions::arange(2).with_segments({{0, 0}, {0, 1}}), 3),
                         "Segmented: 3 texts need the segments of each, got those of 2", ShapeError);
    CHECK_THROWS_WITH_AS(ask(Positions::arange(2, 5).with_segments({{0, 0}}), 1),
                         "Segmented: it counts along the tokens, so positions must be 0, 1, ..., T - 1",
                         PositionOutOfRange);
    CHECK_THROWS_WITH_AS(ask(Positions::arange(2).with_segments({{0, 0}}).with_lengths({1}), 2),
                         "Segmented: 2 texts need the lengths of each, got those of 1", ShapeError);
    CHECK_THROWS_AS(places->vectors(Positions::arange(3)), OptionError);
    CHECK_THROWS_WITH_AS(made("ring(rows=4, segments=place)", small),
                         "Segmented: expected a scheme that takes ids in any order and chooses none itself",
                         OptionError);
    CHECK_NOTHROW(made("ring(rows=4, random_start=no, segments=place)", small));
    // Whoever chooses other ids, for a part of its own, leaves the segments alone.
    const Positions told = Positions::arange(4).with_segments({{0, 0, 1, 1}});
    CHECK(told.with_lengths({3}).segments() == told.segments());
    CHECK(told.shifted(2).segments() == told.segments());
    Rng rng(1);
    const Positions ids =
        made("sinusoidal(randomized=50) + table(segments=place)", small)->position_ids(told, Mode::training(rng));
    CHECK(ids.of_part(1).segments() == told.segments());
}

namespace {

// Remembers what it was told of each text, at the queries and keys and at the scores.
class Listener : public Encoding {
public:
    QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        check(qkv, context);
        return qkv;
    }
    ScoreBias score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const override {
        check(qkv, context);
        return {};
    }
    Traits traits() const override {
        return {.place = Place::queries_and_keys | Place::scores, .content_dependent = true, .source = "this test"};
    }
    Parameters parameters() const override { return {}; }

    mutable Index texts = 0;    // heard of

private:
    // Of text b everything is b: queries, keys, values, x and padding; it has b + 1 tokens and one segment more.
    void check(const QueryKeyValue& qkv, const AttentionContext& context) const {
        const Index b = texts++ % 3;
        const auto all_are = [&](const NdArray& a, const Shape& shape) {
            return same_numbers(a, NdArray(shape, static_cast<Scalar>(b)));
        };
        CHECK(all_are(qkv.query.values(), {1, 2, 4, 4}));
        CHECK(all_are(qkv.key.values(), {1, 2, 4, 4}));
        CHECK(all_are(qkv.value.values(), {1, 2, 4, 4}));
        CHECK(all_are(context.x.values(), {1, 4, 8}));
        CHECK(all_are(context.padding, {1, 4}));
        CHECK(context.causal);
        CHECK(context.positions.lengths() == std::vector<Index>{b + 1});
        CHECK(ids_of(context.positions) == std::vector<double>(4, static_cast<double>(b)));
    }
};

}    // namespace

TEST_CASE("the scheme inside is told of each text what is that text's") {
    const auto listener = std::make_shared<Listener>();
    const Segmented segmented(listener, SegmentCount::number);
    const auto numbered = [](const Shape& shape) {    // entry b of the first axis is b everywhere
        const Index rest = shape.size() / shape[0];
        NdArray a(shape);
        for (Index i = 0; i < a.size(); ++i) a.mutable_data()[i] = static_cast<Scalar>(i / rest);
        return a;
    };
    const Tensor heads(numbered({3, 2, 4, 4}));
    const AttentionContext context{.positions = Positions::arange(4).with_lengths({1, 2, 3}).with_segments(
                                       {{0, 0, 0, 0}, {1, 1, 1, 1}, {2, 2, 2, 2}}),
                                   .x = Tensor(numbered({3, 4, 8})),
                                   .causal = true,
                                   .padding = numbered({3, 4})};
    const QueryKeyValue rotated = segmented.apply_to_queries_and_keys({heads, heads, heads}, context);
    CHECK(listener->texts == 3);
    for (const Tensor& same : {rotated.query, rotated.key, rotated.value})
        CHECK(same_numbers(same.values(), heads.values()));
    segmented.score_bias({heads, heads, heads}, context);
    CHECK(listener->texts == 6);
}
