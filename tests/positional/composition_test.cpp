#include <ordinal/positional/combined/composition.h>

#include <doctest/doctest.h>

#include <ordinal/nn/model.h>
#include <ordinal/positional/positional.h>
#include "tests/core/sanitizers.h"
#include "tests/positional/attending.h"
#include "tests/positional/contract.h"
#include "tests/positional/vectors.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// Steps before the input or the scores of so many tokens are known.
std::array<Index, 2> depths_of(const Encoding& encoding, Index length) {
    Rng rng(1);
    const Tensor x = random_parameter({1, length, 8}, rng);
    const Effect e = effect(encoding, x, Positions::arange(length), 2);
    return {graph_depth(e.input), graph_depth(e.scores)};
}

}    // namespace

TEST_CASE("a composition does at each place what its parts do there") {
    Rng rng(7);    // the parts draw one after the other
    const auto table = make_encoding("table", small, rng), rope = make_encoding("rope", small, rng),
               forgetting = make_encoding("forgetting", small, rng);
    const auto all = made("table + rope + forgetting");
    const NdArray x = example_tokens(6, 8);
    CHECK(same_numbers(input_of(*all, x), input_of(*table, x)));
    const QueryKeyValue qkv = example_heads(6, 2, 4);
    const AttentionContext context{.positions = Positions::arange(6), .x = Tensor(x)};
    CHECK(same_numbers(all->apply_to_queries_and_keys(qkv, context).query.values(),
                       rope->apply_to_queries_and_keys(qkv, context).query.values()));
    CHECK(same_numbers(bias_of(*all, qkv, Tensor(x), context.positions),
                       bias_of(*forgetting, qkv, Tensor(x), context.positions)));
    CHECK(all->acts_at() == (Place::input | Place::queries_and_keys | Place::scores));
    CHECK(names(*all) == std::vector<std::string>{"0.weight", "2.weight", "2.bias"});
}

TEST_CASE("biases add up and codes add up and rotations follow each other") {
    const Tensor x(example_tokens(5, 8));
    const QueryKeyValue qkv = example_heads(5, 2, 4);
    const Positions positions = Positions::arange(5);
    const NdArray once = bias_of(*made("alibi"), qkv, x, positions);
    CHECK(same_numbers(bias_of(*made("alibi + alibi"), qkv, x, positions), once * 2));
    const NdArray rotated_twice = made("rope + rope")->apply_to_queries_and_keys(qkv, {positions}).query.values();
    const NdArray doubled = made("rope")->apply_to_queries_and_keys(qkv, {positions.scaled(2)}).query.values();
    CHECK(largest_error(rotated_twice, doubled) <= tolerance(1e-6, 1e-14));
    const Composition both({made("sinusoidal"), made("sinusoidal(base=20)")});
    CHECK(same_numbers(both.vectors(positions).values(), made("sinusoidal")->vectors(positions).values() +
                                                             made("sinusoidal(base=20)")->vectors(positions).values()));
}

TEST_CASE("where parts only add their order is no matter and a part that does nothing is none") {
    const auto a = made("table", small, 1), b = made("linear", small, 2);
    const NdArray x = example_tokens(9, 8);
    CHECK(same_numbers(input_of(Composition({a, b}), x), input_of(Composition({b, a}), x)));
    CHECK(same_numbers(input_of(Composition({a, made("none")}), x), input_of(*a, x)));
    const auto alibi = made("alibi"), t5 = made("t5");
    const auto bias = [&](const Encoding& e) {
        return bias_of(e, example_heads(9, 2, 4), Tensor(x), Positions::arange(9));
    };
    CHECK(same_numbers(bias(Composition({alibi, t5})), bias(Composition({t5, alibi}))));
    CHECK(same_numbers(bias(Composition({made("none"), alibi})), bias(*alibi)));
    CHECK_FALSE(made("none + none")->score_bias(example_heads(2, 2, 4), {Positions::arange(2)}).defined());
    CHECK(made("none + none")->acts_at() == Place::nowhere);
}

// The gates of a forgetting bias that forgets nothing: sigmoid(100) is 1.
TEST_CASE("a bias that forgets nothing leaves its partner alone to the last bit") {
    Rng rng(3);
    const auto plain = made("rope"), both = made("rope + forgetting");
    parameter_of(*both, "1.weight").set_values(zeros({2, 8}));
    parameter_of(*both, "1.bias").set_values(NdArray({2}, {1000, 1000}));
    const auto logits = [&](const std::shared_ptr<Encoding>& scheme) {
        Rng own(5);
        const Transformer model(
            {.vocab_size = 11, .encoder = {.d_model = 8, .num_heads = 2, .d_ff = 12, .causal = true}}, own, scheme);
        return model.forward(IndexArray({1, 7}, {1, 5, 2, 9, 9, 0, 3}), Mode::evaluation()).values();
    };
    CHECK(same_numbers(logits(plain), logits(both)));
}

// q . e of CoPE and q . r of Shaw are content beside the rotation: were they read off rotated queries, the same two
// tokens would have another bias elsewhere in the text.
TEST_CASE("a bias reads queries and keys as the layer made them") {
    for (const std::string bias : {"shaw(clip=3)", "cope(counts=8)"}) {
        CAPTURE(bias);
        const QueryKeyValue qkv = example_heads(6, 2, 4);
        const Tensor x(example_tokens(6, 8));
        const auto alone = made(bias), turned = made("rope + " + bias);
        CHECK(same_numbers(bias_of(*turned, qkv, x, Positions::arange(6)),
                           bias_of(*alone, qkv, x, Positions::arange(6))));
        CHECK(turned->traits().translation_invariant == alone->traits().translation_invariant);
    }
}

TEST_CASE("a part that chooses ids chooses them for itself") {
    const auto all = made("ring(rows=16) + rnn + sinusoidal(shift=1000) + rope");
    Rng rng(3);
    const Positions ids = all->position_ids(Positions::arange(5).with_lengths({3, 5}), Mode::training(rng));
    CHECK(ids_of(ids) == std::vector<double>{0, 1, 2, 3, 4});
    CHECK(ids.of_part(1).is_arange());
    CHECK(ids.of_part(3).is_arange());
    CHECK(ids.of_part(0)[0] < 16);
    CHECK(ids.of_part(2)[0] > 16);    // one in 60 seeds would not
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(ids.of_part(i).lengths() == std::vector<Index>{3, 5});
        CHECK(ids.of_part(i)[4] == ids.of_part(i)[0] + 4);
        CHECK(ids.first(2).of_part(i).size() == 2);
        CHECK(ids.last(2).of_part(i)[1] == ids.of_part(i)[4]);
        CHECK(ids.shifted(10).of_part(i)[0] == ids.of_part(i)[0] + 10);
    }
    CHECK(includes(all->acts_at(), Place::ids));
    // What comes out at the input is then made of these ids.
    const auto& parts = dynamic_cast<const Composition&>(*all).parts();
    const NdArray expected = parts[0]->vectors(ids.of_part(0)).values() +
                             parts[1]->vectors(Positions::arange(5)).values() +
                             parts[2]->vectors(ids.of_part(2)).values();
    CHECK(same_numbers(all->vectors(ids).values(), expected));
    CHECK_THROWS_WITH_AS(Positions::arange(3).with_parts({Positions::arange(2)}),
                         "Positions: each part needs ids for 3 tokens, got 2", ShapeError);
}

TEST_CASE("the laws of traits") {
    const auto traits = [](const std::string& specification) { return made(specification)->traits(); };
    const Traits t = traits("table + rnn");
    CHECK(t.max_length == 40);
    CHECK(t.computable_up_to == most_computed);
    CHECK(t.depth == Depth::linear);
    CHECK(t.ids == AcceptedIds::whole);
    CHECK_FALSE(t.distinct);    // of two codes nothing is promised
    CHECK_FALSE(traits("sinusoidal + sinusoidal(gain=-1)").distinct);
    CHECK(traits("table(rows=9) + extended_table + random_walk(nodes=20)").max_length == 9);
    CHECK(traits("linear_dense + rope").depth == Depth::logarithmic);
    CHECK(traits("rope + forgetting").causal_only);
    CHECK(traits("rope + forgetting").content_dependent);
    CHECK_FALSE(traits("rope + forgetting").cacheable);
    CHECK_FALSE(traits("table + laplacian_path").streams);
    CHECK(traits("table + laplacian_path").length_dependent);
    // Only distances inside attention stay distances. Codes at the input meet each other, and biases read them.
    CHECK(traits("rope + alibi").translation_invariant);
    CHECK(traits("none + sinusoidal").translation_invariant);
    CHECK_FALSE(traits("sinusoidal + sinusoidal(base=20)").translation_invariant);
    CHECK_FALSE(traits("sinusoidal + forgetting").translation_invariant);
    CHECK_FALSE(traits("rope + table").translation_invariant);
    CHECK_FALSE(traits("none + none").translation_invariant);
    CHECK(traits("alibi + kerple").fades);
    CHECK(traits("rope + alibi").fades);
    CHECK_FALSE(traits("alibi + t5").fades);
    CHECK_FALSE(traits("rope + table").fades);
    CHECK_FALSE(traits("table + message_passing + rope").distinct);
    CHECK(traits("table + rope").distinct);
    CHECK_FALSE(traits("message_passing + rope").distinct);    // codes at the input tell, and these do not
}

TEST_CASE("compositions keep their promises") {
    for (const std::string specification : {"ring(rows=32) + forgetting",
                                            "ring(rows=32) + alibi",
                                            "ring(rows=12, random_start=no) + forgetting",
                                            "rnn(init=orthogonal, gain=0.15) + forgetting",
                                            "rnn(init=orthogonal, gain=0.15) + rope + forgetting",
                                            "linear(state=4, noise=0.5) + gated",
                                            "table(rows=32, beyond=zero, drop=0.5) + linear(state=4, gain=0.15)",
                                            "sinusoidal + table(std=0, beyond=zero)",
                                            "rope + cope",
                                            "rope + shaw",
                                            "xpos + alibi",
                                            "gated + rnn_over_inputs",
                                            "rope(log_n=16) + forgetting",
                                            "rnn + causal",
                                            "path + forgetting",
                                            "path + alibi + none(log_n=16)",
                                            "cope + shaw + none(ssmax=9)",
                                            "rope(group=3, window=2) + none(log_n=16)",
                                            "forgetting + none(log_n=16)",
                                            "rope(layout=half) + rope",
                                            "rnn(init=orthogonal) + forgetting(form=two_sided)",
                                            "table(rows=64, shift=8) + rope(randomized=100)"}) {
        CAPTURE(specification);
        CHECK(Contract(*made(specification), small).broken() == "");
        if (is_double) CHECK(wrong_encoding_gradients(*made(specification), small) == "");
    }
}

TEST_CASE("two schemes whose keys grow are refused") {
    CHECK_THROWS_WITH_AS(
        made("xpos + rope + xpos(scale=64)"),
        "Composition: expected at most one scheme whose keys grow with the position, such as xpos, got "
        "2; together they leave the range of a float",
        OptionError);
    CHECK_THROWS_AS(Composition({made("xpos + alibi"), made("rope + xpos")}), OptionError);
    CHECK_THROWS_AS(made("xpos(shift=3) + xpos"), OptionError);
    CHECK(made("xpos + alibi")->traits().keys_grow);
}

TEST_CASE("random compositions keep their promises") {
    std::vector<std::string> all = encoding_names();
    for (const std::string more :
         {"table(gain=2)", "sinusoidal(drop=0.5)", "rope(log_n=16)", "alibi(shift=9)", "table(beyond=zero, rows=8)",
          "ring(rows=7)", "rope(randomized=100)", "rope(group=3, window=2)", "path(log_n=16)"})
        all.push_back(more);
    Rng rng(2026);
    for (int round = 0; round < repetitions(60, 12); ++round) {
        std::string specification;
        Index growing = 0, replacing = 0, at_product = 0;
        for (Index parts = 2 + rng.below(3); parts > 0; --parts) {
            const std::string& part = all[static_cast<std::size_t>(rng.below(static_cast<Index>(all.size())))];
            specification += (specification.empty() ? "" : " + ") + part;
            growing += part == "xpos";
            const Traits traits = made(part)->traits();
            replacing += traits.replaces_product;
            at_product += traits.replaces_product || includes(traits.place, Place::queries_and_keys);
        }
        CAPTURE(specification);
        if (growing > 1 || (replacing > 0 && at_product > 1)) {    // see above
            CHECK_THROWS_AS(made(specification), OptionError);
            continue;
        }
        const auto both = made(specification);
        CHECK(Contract(*both, small).broken() == "");
        for (const Index length : {5, 32}) {    // as deep as the deepest part, or as all of them in a row
            const std::array<Index, 2> measured = depths_of(*both, length);
            std::array<Index, 2> deepest{}, in_a_row{};
            for (const auto& part : dynamic_cast<const Composition&>(*both).parts())
                for (const std::size_t at : {std::size_t(0), std::size_t(1)}) {
                    const Index alone = depths_of(*part, length)[at];
                    deepest[at] = std::max(deepest[at], alone);
                    in_a_row[at] += alone + 1;
                }
            for (const std::size_t at : {std::size_t(0), std::size_t(1)}) {
                CHECK(measured[at] >= deepest[at]);
                CHECK(measured[at] <= in_a_row[at]);
            }
        }
    }
}

TEST_CASE("a composition explains all of its parts") {
    const Composition both(
        {std::make_shared<LearnedTable>(NdArray({1, 2}, {1, 2}), Beyond::zero), std::make_shared<Sinusoidal>(2)});
    std::ostringstream out;
    CHECK(both.explain(0, out).to_vector() == std::vector<Scalar>{1, 3});
    CHECK(out.str().find("Position 0 by 2 schemes, one after the other.\nPosition 0 ") == 0);
    CHECK(out.str().find("Position 0 by waves of 1 frequency:\n") != std::string::npos);
    CHECK(out.str().find("Together, as the batch computes it: [+1.0000, +3.0000]\n") != std::string::npos);
}

TEST_CASE("the same part twice has its parameters once and nothing is no part") {
    const auto table = made("table");
    CHECK(names(Composition({table, table})) == std::vector<std::string>{"0.weight"});
    const auto nested = std::make_shared<Composition>(std::vector<Composition::Part>{table});
    CHECK(names(Composition({table, nested, std::make_shared<Gain>(table, 1)})) ==
          std::vector<std::string>{"0.weight", "2.gain"});
    Rng rng(1);
    const Composition uneven({table, std::make_shared<LearnedTable>(4, 1, rng)});
    CHECK_THROWS_WITH_AS(uneven.vectors(Positions::arange(2)),
                         "Composition: expected codes of one width, got [2, 8] and [2, 1]", ShapeError);
    CHECK_THROWS_WITH_AS(Composition({}), "Composition: expected at least one scheme, got none", OptionError);
    CHECK_THROWS_WITH_AS(Composition({table, nullptr}), "Composition: expected schemes, got none for one of them",
                         OptionError);
}

TEST_CASE("a specification of several parts") {
    CHECK(made("  rope+forgetting ")->traits().causal_only);
    CHECK(made("sinusoidal(base=1e+3) + rope")->parameters().empty());    // this plus belongs to a number
    for (const std::string empty : {"rope + ", "+ rope", "rope + + alibi", "+"})
        CHECK_THROWS_WITH_AS(
            made(empty), text_of("make_encoding: a part of '", empty, "' is empty; write A + B").c_str(), OptionError);
    CHECK_THROWS_WITH_AS(made("rope + roap"), "make_encoding: unknown encoding 'roap'; did you mean rope?",
                         OptionError);
    CHECK_THROWS_AS(made("rope(base=10 + alibi"), OptionError);
    CHECK_THROWS_WITH_AS(made("table_plus_linear(rows=3)"),
                         "make_encoding: 'table_plus_linear' is a composition today: write table(beyond=zero) + linear",
                         OptionError);
    CHECK_THROWS_AS(register_encoding("a+b", LearnedTable::make), OptionError);
}

TEST_CASE("a table past its rows is an error or nothing as one likes") {
    Rng rng(1);
    const NdArray R = random_normal({6, 4}, 1, rng);
    const LearnedTable table(R), silent(R, Beyond::zero);
    CHECK(same_numbers(silent.vectors(Positions::of({5, 0, 3})).values(),
                       table.vectors(Positions::of({5, 0, 3})).values()));
    CHECK(same_numbers(silent.vectors(Positions::of({6, 1e9, 7})).values(), zeros({3, 4})));
    CHECK_THROWS_AS(silent.vectors(Positions::of({0.5})), PositionOutOfRange);
    CHECK_THROWS_AS(table.vectors(Positions::of({6})), PositionOutOfRange);
    sum(silent.vectors(Positions::of({1, 6, 9}))).backward();    // past the rows no row gets a gradient
    const NdArray gradient = parameter_of(silent, "weight").grad();
    for (Index row = 0; row < 6; ++row) CHECK(gradient.at({row, 0}) == (row == 1 ? 1 : 0));
    for (const std::string specification : {"table(beyond=zero)", "table(beyond=zero, rows=6)"})
        CHECK(Contract(*made(specification), small).broken() == "");
    std::ostringstream out;
    CHECK(made("sinusoidal + table(beyond=zero, rows=6)")->explain(40, out).size() == 8);    // past the rows, too
}

TEST_CASE("a part is dropped for all positions at once or not at all") {
    const auto table = made("table(rows=10, std=1, beyond=zero, drop=0.3)");
    const Positions positions = Positions::arange(12);
    const NdArray r = table->vectors(positions).values(), nothing = zeros({12, 8});
    Rng rng(1);
    int dropped = 0;
    for (int batch = 0; batch < 1000; ++batch) {
        const NdArray p = table->training_vectors(positions, rng).values();
        const bool without = same_numbers(p, nothing);
        CHECK((without || same_numbers(p, r)));    // no factor, and nothing in between
        dropped += without;
    }
    CHECK(std::abs(dropped - 300) < 60);    // 4 standard deviations
    const auto both = made("table(beyond=zero, drop=0.999) + rnn");
    sum(both->apply_to_input(Tensor(zeros({1, 5, 8})), Positions::arange(5), Mode::training(rng))).backward();
    CHECK_FALSE(parameter_of(*both, "0.weight").has_grad());
    CHECK(parameter_of(*both, "1.start").has_grad());
    CHECK_THROWS_WITH_AS(made("table(drop=1)"), "Dropped: expected 0 <= probability < 1, got 1", OptionError);
    CHECK_THROWS_AS(made("table(drop=-0.1)"), OptionError);
    CHECK_THROWS_WITH_AS(made("rope(drop=0.5)"), "rope: option 'drop' works for additive encodings only", OptionError);
}

TEST_CASE("a stream of several parts does not go on where one of them stopped") {
    const auto all = made("rnn + table(rows=2)");
    const auto stream = all->stream();
    const Tensor token(zeros({1, 1, 8}));
    stream->next(token);
    stream->next(token);
    CHECK_THROWS_AS(stream->next(token), PositionOutOfRange);
    CHECK_THROWS_WITH_AS(stream->next(token),
                         "Composition: a part refused an earlier token and others had taken it; begin a new stream",
                         OptionError);
}
