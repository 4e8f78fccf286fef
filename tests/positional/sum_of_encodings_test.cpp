#include <ordinal/positional/combined/sum_of_encodings.h>

#include <doctest/doctest.h>

#include <ordinal/positional/recurrences/recurrent_positions.h>
#include <ordinal/positional/tables/learned_table.h>
#include <ordinal/positional/tables/residual_table.h>
#include <ordinal/positional/waves/sinusoidal.h>
#include "tests/positional/contract.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

const EncodingRequest small{.d_model = 8, .max_length = 40, .num_heads = 2};

std::shared_ptr<Encoding> make(const std::string& specification, std::uint64_t seed = 7) {
    Rng rng(seed);
    return make_encoding(specification, small, rng);
}

// A rule whose training codes differ from its evaluation codes, so that one can see which of them was taken.
class Shifted : public Sinusoidal {
public:
    using Sinusoidal::Sinusoidal;
    Tensor training_vectors(const Positions& positions, Rng&) const override {
        return vectors(positions) + Scalar(100);
    }
};

}    // namespace

TEST_CASE("a sum is the sum of its parts") {
    const auto table = make("table"), rule = make("sinusoidal");
    const SumOfEncodings both(table, rule);
    const Positions positions = Positions::of({3, 0, 39});
    CHECK(same_numbers(both.vectors(positions).values(),
                       table->vectors(positions).values() + rule->vectors(positions).values()));
}

TEST_CASE("the table is dropped for all positions at once or not at all") {
    Rng rng(1);
    const auto table = std::make_shared<ResidualTable>(random_normal({10, 8}, 1, rng));
    const auto rule = std::make_shared<Shifted>(8);
    const SumOfEncodings both(table, rule, 0.3);
    const Positions positions = Positions::arange(12);
    const NdArray f = rule->training_vectors(positions, rng).values(), r = table->vectors(positions).values();
    int dropped = 0;
    for (int batch = 0; batch < 1000; ++batch) {
        const NdArray p = both.training_vectors(positions, rng).values();
        const bool without = same_numbers(p, f);
        CHECK((without || same_numbers(p, r + f)));    // no factor, and nothing in between
        dropped += without;
    }
    CHECK(std::abs(dropped - 300) < 60);    // 4 standard deviations
    // Evaluation never drops, and takes the evaluation codes.
    CHECK(same_numbers(both.vectors(positions).values(), r + rule->vectors(positions).values()));
}

TEST_CASE("a dropped table gets no gradient and the rule gets its own") {
    const auto table = make("table"), rule = make("rnn");
    const SumOfEncodings both(table, rule, 0.999);
    Rng rng(1);
    const NdArray x = zeros({1, 5, 8});
    sum(both.apply_to_input(Tensor(x), Positions::arange(5), Mode::training(rng))).backward();
    CHECK_FALSE(parameter_of(both, "table.weight").has_grad());
    CHECK(parameter_of(both, "rule.start").has_grad());
}

TEST_CASE("a sum makes the stricter promise of its parts") {
    const Traits a = SumOfEncodings(make("table"), make("rnn")).traits();
    CHECK(a.max_length == 40);
    CHECK(a.depth == Depth::linear);
    CHECK(a.ids == AcceptedIds::whole);
    const Traits b = SumOfEncodings(make("sinusoidal"), make("learned_sinusoid")).traits();
    CHECK_FALSE(b.max_length.has_value());
    CHECK(b.depth == Depth::constant);
    CHECK(b.ids == AcceptedIds::any);
    CHECK_FALSE(b.translation_invariant);    // r_i . f_j is no matter of i - j once the speeds have been trained
    CHECK(Contract(SumOfEncodings(make("table"), make("rnn")), small).broken() == "");
    CHECK(Contract(SumOfEncodings(make("gru"), make("rnn")), small).broken() == "");
    CHECK(Contract(SumOfEncodings(make("sinusoidal"), make("learned_sinusoid")), small).broken() == "");
}

TEST_CASE("the sinusoid with a table starts as the sinusoid and ends as the sinusoid") {
    const auto mix = make("sinusoid_plus_table(rows=10)");
    const NdArray sinusoid = make("sinusoidal")->vectors(Positions::arange(40)).values();
    CHECK(same_numbers(mix->vectors(Positions::arange(40)).values(), sinusoid));
    Rng rng(2);
    parameter_of(*mix, "table.weight").set_values(random_normal({10, 8}, 1, rng));    // training has happened
    const NdArray later = mix->vectors(Positions::arange(40)).values();
    CHECK(same_numbers(slice(later, 0, 10, 40), slice(sinusoid, 0, 10, 40)));
    CHECK(max_abs_difference(slice(later, 0, 0, 10), slice(sinusoid, 0, 0, 10)) > 0.1);
}

TEST_CASE("table plus linear recurrence - its parts by name and its options") {
    using Names = std::vector<std::string>;
    CHECK(names(*make("table_plus_linear(state=4)")) ==
          Names{"table.weight", "rule.start", "rule.angle", "rule.output.weight"});
    const auto mix = make("table_plus_linear(state=4, rows=10, std=0.1, rule_gain=0.15, noise=0.8, dropout=0.25)");
    CHECK(names(*mix).at(1) == "rule.gain");
    CHECK(parameter_of(*mix, "table.weight").shape() == Shape{10, 8});
    CHECK(Contract(*mix, small).broken() == "");
    CHECK(std::abs(parameter_of(*mix, "rule.gain").item() - 0.15) < 1e-6);
    Rng rng(3);
    const Positions beyond = Positions::arange(5, 10);    // no table here: what differs in training is the noise
    CHECK_FALSE(same_numbers(mix->training_vectors(beyond, rng).values(), mix->vectors(beyond).values()));
    CHECK(make_encoding("table_plus_linear", {.d_model = 5, .max_length = 8}, rng)->traits().max_length ==
          std::nullopt);
}

TEST_CASE("a sum explains both of its codes") {
    const SumOfEncodings both(std::make_shared<ResidualTable>(NdArray({1, 2}, {1, 2})), std::make_shared<Sinusoidal>(2),
                              0.5);
    std::ostringstream out;
    CHECK(both.explain(0, out).to_vector() == std::vector<Scalar>{1, 3});
    CHECK(out.str() ==
          "Position 0 by a sum of two codes, a table's and a rule's.\n"
          "Position 0 as the batch computes it:\n"
          "  the token gets p_0 = [+1.0000, +2.0000]\n"
          "Position 0 by waves of 1 frequency:\n"
          "  wave 0 moves on by w_0 = 1 rad a step; after 0 steps it is at 0 rad: sin, cos = [+0.0000, +1.0000]\n"
          "  p_0 = [+0.0000, +1.0000]  (one step for any k, since the angle k w_j is known at once)\n"
          "Together p_0 = r_0 + f_0 = [+1.0000, +3.0000]  (in training r is left out now and then)\n");
}

TEST_CASE("a sum refuses a dropout that leaves nothing") {
    CHECK_THROWS_WITH_AS(make("table_plus_linear(dropout=1)"), "SumOfEncodings: expected 0 <= probability < 1, got 1",
                         OptionError);
    CHECK_THROWS_AS(make("sinusoid_plus_table(dropout=-0.1)"), OptionError);
}

// A planted bug: dropping position by position, as ordinary dropout would. The law of whole batches notices.
TEST_CASE("the law notices a table that is dropped row by row") {
    Rng rng(1);
    const ResidualTable table(random_normal({10, 8}, 1, rng));
    const Sinusoidal rule(8);
    const Positions positions = Positions::arange(10);
    const NdArray f = rule.vectors(positions).values(), r = table.vectors(positions).values();
    NdArray keep = zeros({10, 1});
    for (Index k = 0; k < 10; ++k) keep.mutable_data()[k] = static_cast<Scalar>(k % 2);
    const NdArray wrong = r * keep + f;
    CHECK_FALSE((same_numbers(wrong, f) || same_numbers(wrong, r + f)));
}
