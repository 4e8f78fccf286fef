#include <ordinal/positional/wrappers.h>

#include <doctest/doctest.h>

#include <numeric>

#include <ordinal/positional/combined/randomized.h>
#include "tests/positional/attending.h"
#include "tests/positional/contract.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

std::vector<double> trained_ids(const Encoding& encoding, Index T, Rng& rng) {
    return ids_of(encoding.position_ids(Positions::arange(T), Mode::training(rng)));
}
std::vector<double> tested_ids(const Encoding& encoding, Index T) {
    return ids_of(encoding.position_ids(Positions::arange(T), Mode::evaluation()));
}

}    // namespace

TEST_CASE("a randomized encoding gives sorted ids without repetition in training and in evaluation") {
    const auto encoding = made("sinusoidal(randomized=20)", small);
    Rng rng(1);
    for (int draw = 0; draw < 50; ++draw) {
        const std::vector<double> ids = trained_ids(*encoding, 7, rng);
        REQUIRE(ids.size() == 7);
        for (std::size_t i = 0; i + 1 < 7; ++i) CHECK(ids[i] < ids[i + 1]);
        CHECK(ids.front() >= 0);
        CHECK(ids.back() <= 19);
    }
    CHECK(trained_ids(*encoding, 7, rng) != trained_ids(*encoding, 7, rng));
    CHECK(tested_ids(*encoding, 7) == tested_ids(*encoding, 7));    // can be repeated
    CHECK(tested_ids(*encoding, 7) != ids_of(Positions::arange(7)));
    CHECK(tested_ids(*encoding, 20) == ids_of(Positions::arange(20)));    // no choice is left
    CHECK_THROWS_WITH_AS(tested_ids(*encoding, 21),
                         "Randomized: 21 tokens cannot get different ids out of 20 (0..19); train with a larger range",
                         PositionOutOfRange);
    CHECK_THROWS_WITH_AS(encoding->apply_to_input(Tensor(zeros({1, 1, 8})), Positions::of({20}), Mode::evaluation()),
                         "Randomized: position 20 is outside the range 0..19 that ids are drawn from",
                         PositionOutOfRange);
}

TEST_CASE("every sorted sample is equally likely") {
    Rng rng(2);
    std::map<std::vector<double>, int> seen;
    constexpr int draws = 10000;    // of 2 out of 5: ten samples, 1000 each, with a deviation of 30
    for (int draw = 0; draw < draws; ++draw) ++seen[ids_of(sorted_sample(2, 5, rng))];
    CHECK(seen.size() == 10);
    for (const auto& [ids, count] : seen) CHECK(std::abs(count - draws / 10) < 150);    // five deviations
}

TEST_CASE("a shifted encoding begins anywhere in training and at 0 in evaluation") {
    const auto encoding = made("sinusoidal(shift=3)", small);
    Rng rng(3);
    std::map<double, int> starts;
    for (int draw = 0; draw < 400; ++draw) {
        const std::vector<double> ids = trained_ids(*encoding, 4, rng);
        for (std::size_t i = 0; i < 4; ++i) CHECK(ids[i] == ids[0] + static_cast<double>(i));
        ++starts[ids[0]];
    }
    CHECK(starts.size() == 4);    // 0, 1, 2, 3: both ends are possible
    CHECK(starts.begin()->first == 0);
    for (const auto& [start, count] : starts) CHECK(count > 50);
    CHECK(tested_ids(*encoding, 4) == ids_of(Positions::arange(4)));
}

TEST_CASE("a shift that may lead past the last row is refused before it happens") {
    const auto encoding = made("table(shift=10)", small);    // 40 rows
    Rng rng(3);
    CHECK(trained_ids(*encoding, 30, rng).size() == 30);
    CHECK_THROWS_WITH_AS(trained_ids(*encoding, 31, rng),
                         "Shifted: position 30 moves on by up to 10 in training, and this scheme ends at 39; use a "
                         "smaller shift, shorter texts or a longer table",
                         PositionOutOfRange);
    CHECK(tested_ids(*encoding, 40).size() == 40);    // in evaluation nothing is shifted
}

// 8 tokens and a shift of 6 fit 32 rows; tokens 20 .. 27 do not, and half of the draws would have hidden it.
TEST_CASE("a shifted table is refused for its largest id and not for its number of tokens") {
    const auto encoding = made("table(shift=6)", {.d_model = 8, .max_length = 32, .num_heads = 2});
    Rng rng(3);
    for (int draw = 0; draw < 50; ++draw) {
        CHECK(ids_of(encoding->position_ids(Positions::arange(6, 20), Mode::training(rng))).back() < 32);
        CHECK_THROWS_WITH_AS(encoding->position_ids(Positions::arange(8, 20), Mode::training(rng)),
                             "Shifted: position 26 moves on by up to 6 in training, and this scheme ends at 31; use a "
                             "smaller shift, shorter texts or a longer table",
                             PositionOutOfRange);
        CHECK_THROWS_AS(encoding->position_ids(Positions::of({26, 3}), Mode::training(rng)), PositionOutOfRange);
    }
    CHECK(encoding->position_ids(Positions::arange(0), Mode::training(rng)).size() == 0);
}

TEST_CASE("log_n multiplies queries by log n over log N and no keys and no biases") {
    const auto plain = made("rope", small), sharp = made("rope(log_n=16)", small);
    for (const Index n : {1, 2, 16, 40}) {
        const QueryKeyValue qkv = example_heads(n, 2, 4);
        const QueryKeyValue a = plain->apply_to_queries_and_keys(qkv, {Positions::arange(n)}),
                            b = sharp->apply_to_queries_and_keys(qkv, {Positions::arange(n)});
        const double factor = n == 1 ? 1 : std::log(static_cast<double>(n)) / std::log(16.0);
        CHECK(largest_error(b.query.values(), a.query.values() * static_cast<Scalar>(factor)) <=
              tolerance(5e-7, 1e-15));
        CHECK(same_numbers(b.key.values(), a.key.values()));
        CHECK(same_numbers(b.value.values(), a.value.values()));
    }
    // Where tokens see no future, query i sees i + 1 keys; and padding is no key.
    AttentionContext context{.positions = Positions::arange(9), .causal = true};
    const QueryKeyValue nine = example_heads(9, 2, 4);
    NdArray all = sharp->apply_to_queries_and_keys(nine, context).query.values();
    for (const Index n : {2, 5, 9}) {
        const NdArray shorter =
            sharp->apply_to_queries_and_keys(example_heads(n, 2, 4), {Positions::arange(n)}).query.values();
        CHECK(largest_error(slice(all, 2, n - 1, n), slice(shorter, 2, n - 1, n)) <= tolerance(5e-7, 1e-15));
    }
    context = {.positions = Positions::arange(9), .padding = NdArray({1, 9}, {0, 0, 0, 0, 0, 1, 1, 1, 1})};
    all = sharp->apply_to_queries_and_keys(nine, context).query.values();
    CHECK(largest_error(
              slice(all, 2, 0, 5),
              sharp->apply_to_queries_and_keys(example_heads(5, 2, 4), {Positions::arange(5)}).query.values()) <=
          tolerance(5e-7, 1e-15));
    // A bias that reads queries reads these (composed_biases_test.cpp), and one that does not stays as it is.
    CHECK(same_numbers(bias_at(*made("alibi(log_n=16)", small), 2, 9), bias_at(*made("alibi", small), 2, 9)));
}

TEST_CASE("ssmax begins as log_n and learns a factor for each head") {
    const auto fixed = made("rope(log_n=16)", small), learned = made("rope(ssmax=16)", small);
    REQUIRE(names(*learned) == std::vector<std::string>{"ssmax"});
    CHECK(names(*made("table(ssmax=16)", small)) == std::vector<std::string>{"ssmax", "weight"});
    const QueryKeyValue qkv = example_heads(40, 2, 4);
    const AttentionContext context{.positions = Positions::arange(40), .causal = true};
    const auto query = [&](const Encoding& encoding) { return encoding.apply_to_queries_and_keys(qkv, context).query; };
    const NdArray start = query(*fixed).values();
    CHECK(same_numbers(query(*learned).values(), start));
    parameter_of(*learned, "ssmax").set_values(NdArray({2}, {2, 0.5}));
    const NdArray now = query(*learned).values();
    CHECK(same_numbers(slice(now, 1, 0, 1), slice(start, 1, 0, 1) * Scalar(2)));
    CHECK(same_numbers(slice(now, 1, 1, 2), slice(start, 1, 1, 2) * Scalar(0.5)));
    // Its source says q s log n: with s = g / log 16, query i of a causal text gets s log(i + 1).
    const NdArray plain = query(*made("rope", small)).values();
    const double s = 2 / std::log(16.0);
    CHECK(std::abs(static_cast<double>(now.at({0, 0, 39, 1})) -
                   s * std::log(40.0) * static_cast<double>(plain.at({0, 0, 39, 1}))) <= tolerance(1e-6, 1e-14));
    std::ostringstream out;
    learned->explain(3, out);    // g = 2 for head 0
    CHECK(out.str().find("  in a text of 4 tokens head 0's queries are then multiplied by log 4 / log 16 and what this "
                         "head has learned = 1\n") != std::string::npos);
    fixed->explain(3, out);
    CHECK(out.str().find("  in a text of 4 tokens all queries are then multiplied by log 4 / log 16 = 0.5\n") !=
          std::string::npos);
    CHECK_THROWS_WITH_AS(learned->apply_to_queries_and_keys(example_heads(3, 1, 8), {Positions::arange(3)}),
                         "Rotary: expected queries [B, 2, 3, 4], got [1, 1, 3, 8]", ShapeError);
    CHECK_THROWS_WITH_AS(
        made("none(ssmax=16)", small)->apply_to_queries_and_keys(example_heads(3, 1, 8), {Positions::arange(3)}),
        "LogN: expected queries of 2 heads, got [1, 1, 3, 8]", ShapeError);
    CHECK_THROWS_WITH_AS(made("rope(log_n=9, ssmax=9)", small),
                         "rope: 'log_n' and 'ssmax' are one factor, fixed or learned; take one", OptionError);
}

TEST_CASE("log_n keeps the entropy of attention about the same while the text grows") {
    // Scores of independent tokens. The entropy of the weights over log n, at 32 and at 1024 tokens.
    const auto share = [](Index n, double factor) {
        Rng rng(4);
        const Tensor w = softmax(Tensor(random_normal({20, n}, 2 * factor, rng)));
        return -sum_all(w.values() * log(w).values()) / 20;
    };
    const auto sharpened = [](Index n) { return std::log(static_cast<double>(n)) / std::log(32.0); };
    const double at_32 = share(32, 1), plain = share(1024, 1), sharp = share(1024, sharpened(1024));
    CHECK(plain - at_32 > 2.5);
    CHECK(std::abs(sharp - at_32) < 1.5);
    CHECK(std::abs(sharp - at_32) < 0.5 * (plain - at_32));
}

TEST_CASE("wrapped encodings keep their promises") {
    for (const std::string specification :
         {"sinusoidal(randomized=160)", "sinusoidal(gain=0.5, randomized=200)", "table(randomized=40)",
          "rope(randomized=160)", "alibi(randomized=160)", "t5(randomized=160)", "sinusoidal(shift=9)", "rnn(shift=3)",
          "rope(shift=5)", "table(gain=2, shift=10)", "none(shift=2)", "rope(log_n=16, shift=5)",
          "rope(log_n=9, randomized=160)", "sinusoidal(log_n=16)", "none(log_n=16)", "none(ssmax=16)",
          "rope(ssmax=16, randomized=160)", "rope(group=3, window=4, randomized=160)"}) {
        CAPTURE(specification);
        CHECK(Contract(*made(specification, small), small).broken() == "");
        if (is_double && specification.rfind("none", 0) != 0)
            CHECK(wrong_encoding_gradients(*made(specification, small), small) == "");
    }
    // log_n multiplies the queries of schemes that act elsewhere, and a trait says so.
    CHECK(made("sinusoidal(log_n=16)", small)->traits().sharpens_queries);
    CHECK_FALSE(made("sinusoidal", small)->traits().sharpens_queries);
}

TEST_CASE("a wrapper of codes that are added is additive with the same codes and parameters") {
    for (const std::string option : {"shift=3", "randomized=40", "log_n=16", "log_n=16, shift=3"}) {
        CAPTURE(option);
        const auto plain = made("table", small), wrapped = made("table(" + option + ")", small);
        REQUIRE(wrapped->is_additive());
        const Positions positions = Positions::of({3, 0, 7});
        CHECK(same_numbers(wrapped->vectors(positions).values(), plain->vectors(positions).values()));
        CHECK(names(*wrapped) == names(*plain));
        CHECK(names(*made("table(gain=1, " + option + ")", small)) == std::vector<std::string>{"gain", "weight"});
    }
    const auto rope = made("rope(shift=3)", small);
    CHECK_FALSE(rope->is_additive());
    CHECK_THROWS_WITH_AS(
        rope->vectors(Positions::arange(2)),
        "Encoding: this scheme adds no codes to the input, so it has no vectors; ask is_additive() first", OptionError);
}

TEST_CASE("what a scheme shows in training only passes through its wrapper") {
    class Noisy : public AdditiveEncoding {
    public:
        Tensor vectors(const Positions& p) const override { return Tensor(NdArray({p.size(), 2}, 1)); }
        Tensor training_vectors(const Positions& p, Rng&) const override { return Tensor(NdArray({p.size(), 2}, 5)); }
        Traits traits() const override { return {.source = "this test"}; }
        Parameters parameters() const override { return {}; }
    };
    EncodingOptions options("noisy", {{"shift", "3"}});
    const auto wrapped = ordinal::wrapped(std::make_shared<Noisy>(), "noisy", options);
    Rng rng(1);
    const Tensor x(zeros({1, 2, 2}));
    const NdArray trained = wrapped->apply_to_input(x, Positions::arange(2), Mode::training(rng)).values();
    CHECK(trained.to_vector() == std::vector<Scalar>{5, 5, 5, 5});
    const NdArray tested = wrapped->apply_to_input(x, Positions::arange(2), Mode::evaluation()).values();
    CHECK(tested.to_vector() == std::vector<Scalar>{1, 1, 1, 1});
}

TEST_CASE("options that do not fit a scheme are refused with the reason") {
    CHECK_THROWS_WITH_AS(
        made("rnn_over_inputs(shift=3)", small),
        "rnn_over_inputs: option 'shift' needs a scheme that takes any ids; this one runs along the tokens",
        OptionError);
    CHECK_THROWS_WITH_AS(made("cope(randomized=100)", small),
                         "cope: option 'randomized' needs a scheme that takes any ids; this one runs along the tokens",
                         OptionError);
    CHECK_THROWS_WITH_AS(made("table(randomized=2048)", small),
                         "table: option 'randomized' asks for ids up to 2047, and this scheme ends at 39", OptionError);
    CHECK_THROWS_WITH_AS(made("table(shift=40)", small),
                         "table: option 'shift' asks for ids up to 40, and this scheme ends at 39", OptionError);
    CHECK_THROWS_WITH_AS(made("sinusoidal(shift=4, randomized=100)", small),
                         "sinusoidal: 'shift' and 'randomized' both choose the ids; take one", OptionError);
    CHECK_THROWS_WITH_AS(made("cope(segments=place)", small),
                         "cope: option 'segments' needs a scheme that takes any ids; this one runs along the tokens",
                         OptionError);
    CHECK_THROWS_WITH_AS(made("rope(segments=number, shift=3)", small),
                         "rope: option 'shift' needs a scheme that takes any ids; this one runs along the tokens",
                         OptionError);
    CHECK_THROWS_WITH_AS(made("rope(log_n=1)", small), "LogN: expected a training length > 1, got 1", OptionError);
    CHECK_THROWS_WITH_AS(made("rope(gain=2)", small), "rope: option 'gain' works for additive encodings only",
                         OptionError);
    CHECK_NOTHROW(made("rope(log_n=16)", small)->stream());    // what a token counts is behind it
    CHECK_THROWS_AS(made("sinusoidal(randomized=100)", small)->stream(), OptionError);
}

TEST_CASE("padding behind every text does not change the ids that a randomized encoding chooses") {
    const auto encoding = made("table(randomized=16)", small);
    const std::vector<double> alone = tested_ids(*encoding, 5);
    const Positions padded = Positions::arange(12).with_lengths({5, 3});
    const Positions ids = encoding->position_ids(padded, Mode::evaluation());
    CHECK(ids_of(ids.first(5)) == alone);
    CHECK(ids.size() == 12);
    CHECK(ids.lengths() == std::vector<Index>{5, 3});
    CHECK_NOTHROW(encoding->position_ids(Positions::arange(40).with_lengths({5}), Mode::evaluation()));
}
