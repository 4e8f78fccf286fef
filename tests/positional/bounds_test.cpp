// What is asked for in numbers that no machine has, or that are none, is refused at once and in a sentence.
#include <doctest/doctest.h>

#include <limits>

#include <ordinal/positional/positional.h>
#include "tests/positional/attending.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

std::string too_large(const std::string& what, const std::string& sizes, const std::string& advice) {
    return what + " of [" + sizes + "] numbers would take more than 2 GiB, which is the bound; " + advice;
}

}    // namespace

TEST_CASE("a size that would fill the machine is refused before anything is allocated") {
    const std::string smaller = "choose a smaller state", output = "the output's matrix", matrix = "a matrix";
    CHECK(refusal("rnn(state=1e9)") == too_large("RecurrentPositions: " + output, "8, 1000000000", smaller));
    CHECK(refusal("rnn(state=40000)") == too_large("TanhStep: " + matrix, "40000, 40000", smaller));
    CHECK(refusal("gru(state=20000)") == too_large("GruStep: " + matrix, "60000, 20000", smaller));
    CHECK(refusal("linear(state=1e9)") == too_large("LinearRecurrence: " + output, "8, 1000000000", smaller));
    CHECK(refusal("linear_dense(state=40000)") == too_large("DenseRecurrence: " + matrix, "40000, 40000", smaller));
    CHECK(refusal("message_passing(state=1e9)") == too_large("MessagePassing: " + output, "8, 1000000000", smaller));
    CHECK(refusal("residual(hidden=1e9)") ==
          too_large("VectorField: the matrix", "1000000000, 8", "choose a smaller state or hidden layer"));
    CHECK(refusal("ode(state=40000, hidden=40000)") ==
          too_large("VectorField: the matrix", "40000, 40000", "choose a smaller state or hidden layer"));
    CHECK(refusal("cope(counts=1e9)") == too_large("Cope: a table of codes", "1000000000, 4", "take fewer counts"));
    CHECK(refusal("t5(buckets=1e9, max_distance=1e9)") ==
          too_large("T5Bias: a table", "1000000000, 2", "take fewer buckets"));
    CHECK(refusal("shaw(clip=1e9)") ==
          too_large("Shaw: a table of vectors", "1000000000, 2, 4", "choose a smaller clip"));
    CHECK(refusal("shaw(clip=1e12)") == "shaw: option 'clip' is at most 1000000000, got 1e+12");
    CHECK(refusal("laplacian_path(vectors=1e9)") ==
          too_large("GraphPositions: " + output, "8, 1000000000", "take fewer features"));
    const EncodingRequest long_text{.d_model = 8, .max_length = 1'000'000'000'000, .num_heads = 2};
    CHECK(refusal("table", long_text) == too_large("LearnedTable: a table", "1000000000000, 8", "take fewer rows"));
    CHECK(refusal("extended_table", long_text) ==
          too_large("ExtendedTable: a table", "500000000000, 8", "take fewer rows"));
    CHECK(refusal("extended_table(rows=1e6)", {.d_model = 8, .max_length = 1'000'000'000, .num_heads = 2}) ==
          too_large("ExtendedTable: a longer table", "1000000000, 8", "choose a smaller length"));
    CHECK(refusal("ring(rows=1e9)") == too_large("Ring: a table", "1000000000, 8", "take fewer rows"));
    for (const std::string& name : encoding_names()) {
        CAPTURE(name);
        CHECK(refusal(name, {.d_model = 1'000'000'000, .num_heads = 2}) ==
              too_large("make_encoding: the code of one position", "1000000000", "choose a smaller d_model"));
        CHECK(refusal(name, {.d_model = 8, .num_heads = 1'000'000'000}) ==
              too_large("make_encoding: the heads", "1000000000, 32", "take fewer heads"));
    }
    CHECK(refusal("gated", {.d_model = 100'000}) == too_large("GatedRecurrence: " + matrix, "100000, 100000", smaller));
    CHECK(refusal("gru_over_inputs", {.d_model = 100'000}) ==
          too_large("RnnOverInputs: " + matrix, "300000, 100000", smaller));
}

TEST_CASE("a size that a class itself is given is refused in the same words") {
    Rng rng(1);
    const Index huge = Index(1) << 40;
    const std::string size = text_of(huge);
    const auto refused = [&](auto make, const std::string& what, const std::string& sizes, const std::string& advice) {
        CHECK_THROWS_WITH_AS(make(), too_large(what, sizes, advice).c_str(), OptionError);
    };
    refused([&] { Alibi{huge}; }, "Alibi: slopes", size + ", 2", "take fewer heads");
    refused([&] { Fire(huge, 512, rng); }, "Fire: an output", size + ", 32", "take fewer heads");
    refused([&] { Forgetting(huge, 8, rng); }, "Forgetting: gates", size + ", 8", "take fewer heads");
    refused([&] { Path(huge, huge, 8, rng); }, "Path: the directions", size + ", " + size + ", 8",
            "take a smaller model");
    refused([&] { Rotary(2, huge); }, "Rotary: the frequencies", text_of(huge / 2), "choose a smaller head_dim");
    refused([&] { SelectiveRotary(huge, 8, 8, rng); }, "SelectiveRotary: the steps", size + ", 4, 8",
            "take a smaller model");
    refused([&] { LearnedSinusoid{huge}; }, "LearnedSinusoid: a code", size, "choose a smaller d_model");
    refused([&] { Sinusoidal{huge}; }, "Sinusoidal: a code", size, "choose a smaller d_model");
    refused([&] { PlaceValues(8, 8, huge, 1, DigitStep::tanh, rng); }, "PlaceValues: the codes of the digits",
            size + ", 8", "take a smaller base");
}

TEST_CASE("work without an end is refused before it begins") {
    for (const std::string who : {"linear_dense(state=10000)", "rnn(init=orthogonal, state=10000)"})
        CHECK(refusal(who) == (who[0] == 'l' ? std::string("DenseRecurrence") : std::string("TanhStep")) +
                                  ": an orthogonal start takes 2e+12 steps of computing, and the bound is 1e+11; "
                                  "choose a smaller state");
    CHECK(refusal("message_passing(rounds=1e9)") ==
          "MessagePassing: expected rounds between 1 and 10000, for in every batch they wait for each other, got "
          "1000000000");
    CHECK(refusal("random_walk(steps=1e9)") ==
          "RandomWalk: expected steps between 1 and 1024, for a token takes their square, got 1000000000");
    CHECK(refusal("ode(step=1e-12)") ==
          "OdeStep: expected a step of 1 divided by a whole number up to 1000, got 1e-12");
    Rng rng(1);
    const RecurrentPositions wide(1, 4000, tanh_step(), rng);
    CHECK_THROWS_WITH_AS(wide.vectors(Positions::of({999'999})),
                         too_large("RecurrentPositions: the states on the way", "1000000, 4000",
                                   "choose a smaller state, or a scheme that computes each position alone")
                             .c_str(),
                         PositionOutOfRange);
    std::ostringstream out;
    CHECK_THROWS_WITH_AS(
        Sinusoidal(4096).explain(900'000, out),
        too_large("Sinusoidal: all codes up to there", "900001, 4096", "ask for an earlier position").c_str(),
        PositionOutOfRange);
    CHECK_THROWS_WITH_AS(made("rope", {.d_model = 4096, .num_heads = 2})->explain(900'000, out),
                         too_large("example_heads: queries", "900001, 2, 2048", "ask for an earlier position").c_str(),
                         PositionOutOfRange);
}

TEST_CASE("a large graph or range costs only what is asked of it") {
    for (const std::string specification :
         {"random_walk(nodes=1000000)", "random_walk(nodes=1e9)", "laplacian_path(nodes=1e9)",
          "laplacian_cycle(nodes=1e9)", "sinusoidal(randomized=1e9)", "message_passing(rounds=300)",
          "cope(counts=1000000)", "shaw(clip=1000000)"}) {
        CAPTURE(specification);
        const auto scheme = made(specification, small);
        const Positions ids = scheme->position_ids(Positions::arange(12), Mode::evaluation());
        const Tensor x(example_tokens(12, 8));
        CHECK(all_finite(scheme->apply_to_input(x, ids, Mode::evaluation()).values()));
        const ScoreBias bias = scheme->score_bias(example_heads(12, 2, 4), {ids, x});
        if (bias.defined()) CHECK(bias.rows(bias.sources, 11, 12).dim(-1) == 12);
        std::ostringstream out;
        if (specification[0] != 'c' && specification[0] != 's') scheme->explain(5, out);
    }
    // Inside a long path nobody reaches an end, so all nodes look alike; at an end they do as on a short one.
    const NdArray inside = return_probabilities_of({500'000, 31}, 1'000'000, 32);
    CHECK(same_numbers(slice(inside, 0, 0, 1), slice(return_probabilities(101, 32), 0, 50, 51)));
    CHECK(same_numbers(
        return_probabilities_of({0, 3, 999'999}, 1'000'000, 32),
        concat({slice(return_probabilities(101, 32), 0, 0, 1), slice(return_probabilities(101, 32), 0, 3, 4),
                slice(return_probabilities(101, 32), 0, 100, 101)},
               0)));
}

TEST_CASE("a table beyond any distance is the same bias") {
    const auto few = made("cope(counts=64)", small), many = made("cope(counts=64)", small);
    Rng rng(2);
    NdArray codes = random_normal({100'000, 4}, 1, rng);
    const Cope longer = [&] {
        Rng own(1);
        return Cope(2, 4, 100'000, own);
    }();
    parameter_of(longer, "codes").set_values(codes);
    parameter_of(*few, "codes").set_values(contiguous(slice(codes, 0, 0, 64)));
    const QueryKeyValue heads = example_heads(20, 2, 4);
    const Tensor x(example_tokens(20, 4));
    CHECK(largest_error(bias_of(longer, heads, x, Positions::arange(20)),
                        bias_of(*few, heads, x, Positions::arange(20))) <= tolerance(1e-6, 1e-14));
    Rng own(3);
    const Shaw wide(2, 4, 50'000, own), narrow(2, 4, 25, own);
    const NdArray vectors = random_normal({100'001, 4}, 1, rng);
    parameter_of(wide, "keys").set_values(vectors);
    parameter_of(narrow, "keys").set_values(contiguous(slice(vectors, 0, 50'000 - 25, 50'000 + 26)));
    CHECK(largest_error(bias_of(wide, heads, x, Positions::arange(20)),
                        bias_of(narrow, heads, x, Positions::arange(20))) <= tolerance(1e-6, 1e-14));
}

TEST_CASE("options that are no numbers or do not go together are refused by the classes too") {
    Rng rng(4);
    for (const double bad : {wide(not_a_number), wide(infinity), 0.5, -1.0}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(Sinusoidal(4, bad), OptionError);
        CHECK_THROWS_AS(LearnedSinusoid(4, bad), OptionError);
        CHECK_THROWS_AS(Rotary(1, 4, PairLayout::half, {.base = bad}), OptionError);
        CHECK_THROWS_AS(Rotary(1, 4, PairLayout::half, {.scaling = RotaryScaling::ntk, .factor = bad}), OptionError);
        CHECK_THROWS_AS(Xpos(1, 4, 512, bad), OptionError);
    }
    for (const double bad : {wide(not_a_number), wide(infinity), -1.0, 0.0, 1e300, 1e-320}) {
        CAPTURE(bad);
        if (is_double && (bad == 1e300 || bad == 1e-320)) continue;    // there they are numbers
        CHECK_THROWS_AS(Fire(2, bad, rng), OptionError);
        if (bad != 1e-320) CHECK_THROWS_AS(Xpos(1, 4, bad), OptionError);
    }
    for (const double bad : {wide(not_a_number), wide(infinity), -1.0}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(LearnedTable(4, 2, rng, bad), OptionError);
        CHECK_THROWS_AS(LinearRecurrence(4, {.jitter = bad}, rng), OptionError);
        CHECK_THROWS_AS(LinearRecurrence(4, {.noise = bad}, rng), OptionError);
        CHECK_THROWS_AS(LinearRecurrence(4, {.decay = bad}, rng), OptionError);
    }
    CHECK_THROWS_WITH_AS(Rotary(1, 4, PairLayout::half, {.factor = 4}),
                         "Rotary: a factor of 4 needs a scaling: linear, ntk, yarn, llama3 or dynamic", OptionError);
    CHECK_THROWS_WITH_AS(
        Rotary(1, 4, PairLayout::half, {.base = 1e200, .scaling = RotaryScaling::ntk, .factor = 1e100}),
        "Rotary: a base of 1e+200 and a factor of 1e+100 are too large together: all pairs but one would stand still",
        OptionError);
    CHECK_THROWS_WITH_AS(RecurrentPositions(4, -1, tanh_step(), rng),
                         "RecurrentPositions: expected a state of 0 (as wide as the model) or more and a d_model > 0, "
                         "got -1 and 4",
                         OptionError);
    CHECK_THROWS_WITH_AS(RecurrentPositions(0, 4, tanh_step(), rng),
                         "RecurrentPositions: expected a state of 0 (as wide as the model) or more and a d_model > 0, "
                         "got 4 and 0",
                         OptionError);
    CHECK_THROWS_WITH_AS(Rotary(2, 0), "Rotary: expected an even head_dim (pairs that rotate), got 0", ShapeError);
    CHECK_THROWS_WITH_AS(SelectiveRotary(2, 4, 0, rng),
                         "SelectiveRotary: expected heads and a d_model > 0, got 2 and 0", OptionError);
    CHECK(refusal("table", {.d_model = 8, .num_heads = 0}) ==
          "make_encoding: expected num_heads of at least 1, got 0");
    CHECK_THROWS_WITH_AS(residual_step(0)(4, rng), "VectorField: expected a hidden layer > 0, got 0", OptionError);
    CHECK_THROWS_AS(MessagePassing(4, 4, 0, tanh_step(), rng), OptionError);
    CHECK_THROWS_WITH_AS(RandomWalk(4, 0, std::nullopt, rng),
                         "RandomWalk: expected steps between 1 and 1024, for a token takes their square, got 0",
                         OptionError);
    CHECK_THROWS_WITH_AS(LaplacianPositions(Graph::path, 4, 0, 4, rng),
                         "GraphPositions: expected features and nodes > 0, got 0 and 4", OptionError);
    CHECK_THROWS_WITH_AS(LaplacianPositions(Graph::path, 4, 3, 0, rng),
                         "GraphPositions: expected features and nodes > 0, got 3 and 0", OptionError);
    CHECK_THROWS_AS(Shaw(1, 4, -3, rng), OptionError);
    CHECK_THROWS_AS(Cope(1, 4, -3, rng), OptionError);
    CHECK_THROWS_AS(T5Bias(1, {.buckets = -2}, rng), OptionError);
    const auto inner = std::make_shared<Sinusoidal>(4);
    CHECK_THROWS_WITH_AS(Shifted(inner, -1), "Shifted: expected a largest shift of 0 or more, below 2^53, got -1",
                         OptionError);
    CHECK_THROWS_WITH_AS(Randomized(inner, 0), "Randomized: expected a range between 1 and 2^53, got 0", OptionError);
    CHECK_THROWS_AS(Gain(inner, not_a_number), OptionError);
    CHECK_THROWS_AS(Dropped(inner, 1), OptionError);
    CHECK_THROWS_AS(Dropped(inner, not_a_number), OptionError);
}

TEST_CASE("explaining goes as far as one can wait for it") {
    std::ostringstream out;
    for (const std::string& name : encoding_names()) {
        CAPTURE(name);
        CHECK_THROWS_AS(made(name, small)->explain(2'000'000'000'000, out), PositionOutOfRange);
    }
    CHECK_THROWS_WITH_AS(made("alibi", small)->explain(1'000'000, out),
                         "Alibi: positions are explained step by step, from 0 to 999999, got 1000000",
                         PositionOutOfRange);
    CHECK_THROWS_WITH_AS(made("t5", small)->explain(-1, out),
                         "explain: positions are explained step by step, from 0 to 999999, got -1", PositionOutOfRange);
}

TEST_CASE("a wrapper around nothing is refused and so is dropping what adds no codes") {
    const std::shared_ptr<Encoding> none, rope = made("rope", small);
    CHECK_THROWS_WITH_AS(Gain(none, 1), "Wrapper: expected a scheme inside, got none", OptionError);
    CHECK_THROWS_WITH_AS(Gain(rope, 1), "Gain: expected a scheme that adds codes to the input, got one that does not",
                         OptionError);
    CHECK_THROWS_WITH_AS(Dropped(rope, 0.5),
                         "Dropped: expected a scheme that adds codes to the input, got one that does not", OptionError);
}

TEST_CASE("what just fits is allowed and a number more is not") {
    const Index most = (Index(1) << 31) / static_cast<Index>(sizeof(Scalar));    // 2 GiB
    CHECK_NOTHROW(require_room("Who", "a thing", {most / 4, 4}, "take less"));
    CHECK_THROWS_WITH_AS(require_room("Who", "a thing", {most / 4 + 1, 2, 2}, "take less"),
                         text_of("Who: a thing of [", most / 4 + 1,
                                 ", 2, 2] numbers would take more than 2 GiB, which ", "is the bound; take less")
                             .c_str(),
                         OptionError);
    CHECK_NOTHROW(require_patience("Who", "a thing", 1e11, "take less"));
    CHECK_THROWS_WITH_AS(require_patience("Who", "a thing", 1.5e11, "take less"),
                         "Who: a thing takes 1.5e+11 steps of computing, and the bound is 1e+11; take less",
                         OptionError);
    CHECK(matrix_size("Who", 1, 3) == 1);
    CHECK_THROWS_WITH_AS(matrix_size("Who", 0), "Who: expected a state > 0, got 0", OptionError);
    CHECK(orthogonal_size("Who", 3684) == 3684);    // 2 S^3 = 9.99 x 10^10
    CHECK_THROWS_WITH_AS(
        orthogonal_size("Who", 3685),
        "Who: an orthogonal start takes 1.00079e+11 steps of computing, and the bound is 1e+11; choose "
        "a smaller state",
        OptionError);
    CHECK(fits(static_cast<double>(std::numeric_limits<Scalar>::max())));
    CHECK(fits(-1e30));
    CHECK_FALSE(fits(std::numeric_limits<double>::infinity()));
    CHECK_FALSE(fits(std::numeric_limits<double>::quiet_NaN()));
    CHECK_NOTHROW(require_computable("Who", 999'999));
    CHECK_THROWS_WITH_AS(require_computable("Who", 1'000'000),
                         "Who: position 1000000 needs all positions before it, and only 0..999999 are computed; use a "
                         "scheme that computes each position alone",
                         PositionOutOfRange);
}

// The sentences are tested with the schemes. Here each case breaks one condition of its check and keeps the others.
TEST_CASE("each condition of a check refuses by itself") {
    Rng rng(1);
    const double endless = std::numeric_limits<double>::infinity();
    const auto frequencies = [](Index head_dim, const RotaryOptions& options) {
        CHECK_THROWS_AS(rotary_frequencies(head_dim, options), Error);
    };
    CHECK_NOTHROW(rotary_frequencies(2, {.base = 1, .factor = 1, .trained = 1, .part = 1}));
    frequencies(0, {});
    frequencies(-2, {});
    frequencies(3, {});
    frequencies(8, {.base = 0.99});
    frequencies(8, {.base = endless});
    frequencies(8, {.scaling = RotaryScaling::linear, .factor = 0.99});
    frequencies(8, {.scaling = RotaryScaling::linear, .factor = endless});
    frequencies(8, {.trained = 0});
    frequencies(8, {.part = 1.1});
    frequencies(8, {.part = 0.24});
    for (const RotaryScaling bends : {RotaryScaling::ntk, RotaryScaling::dynamic}) {
        frequencies(2, {.scaling = bends, .factor = 2});
        frequencies(8, {.base = 1e300, .scaling = RotaryScaling::ntk, .factor = 1e200});
        CHECK_NOTHROW(rotary_frequencies(4, {.scaling = bends, .factor = 2}));
    }
    for (const LinearRecurrenceOptions& wrong :
         {LinearRecurrenceOptions{.jitter = -0.1}, LinearRecurrenceOptions{.jitter = endless},
          LinearRecurrenceOptions{.jitter = static_cast<double>(std::numeric_limits<Scalar>::max()) / 2},
          LinearRecurrenceOptions{.noise = -0.1}, LinearRecurrenceOptions{.noise = endless},
          LinearRecurrenceOptions{.decay = 0}, LinearRecurrenceOptions{.decay = 1.1},
          LinearRecurrenceOptions{.state = -2}})
        CHECK_THROWS_AS(LinearRecurrence(8, wrong, rng), OptionError);
    CHECK_THROWS_AS(LinearRecurrence(0, {.state = 2}, rng), OptionError);
    CHECK_THROWS_AS(Sinusoidal(4, endless), OptionError);
    CHECK_THROWS_AS(LearnedSinusoid(4, endless), OptionError);
    CHECK_THROWS_AS(LearnedSinusoid(0), ShapeError);
    CHECK_THROWS_AS(Ring(zeros({3})), ShapeError);
    CHECK_THROWS_AS(LearnedTable(zeros({3})), ShapeError);
    CHECK_THROWS_AS(ExtendedTable(zeros({0, 4}), 9, {}, OldRows::trained, rng), ShapeError);
    CHECK_THROWS_AS(extend_table(Tensor(zeros({0, 4})), 9, {}, rng), ShapeError);
    CHECK_THROWS_AS(mix_rows({}, Tensor(zeros({0, 4}))), ShapeError);
    CHECK_THROWS_AS(extension_row(0, 8, 0, {.strategy = Extend::zero}), OptionError);
    CHECK_THROWS_AS(LaplacianPositions(Graph::path, 8, 0, 4, rng), OptionError);
    CHECK_THROWS_AS(LaplacianPositions(Graph::path, 8, 4, 0, rng), OptionError);
    CHECK_THROWS_AS(SelectiveRotary(2, 4, 0, rng), OptionError);
    CHECK_THROWS_AS(PlaceValues(8, 8, 10, 0, DigitStep::tanh, rng), OptionError);
    CHECK_THROWS_AS(Grouped(made("rope"), 4, 0), OptionError);
    for (const char* inside : {"sinusoidal", "selective_rope", "xpos", "alibi"})    // place, ids, bound, place again
        CHECK_THROWS_AS(Grouped(made(inside), 4, 8), OptionError);
    CHECK_THROWS_AS(Segmented(made("ring"), SegmentCount::place), OptionError);
    CHECK_THROWS_AS(Segmented(made("cope"), SegmentCount::place), OptionError);
    for (const Index wrong : {Index(-1), Index(1) << 53}) CHECK_THROWS_AS(Shifted(made("rope"), wrong), OptionError);
    CHECK_NOTHROW(Shifted(made("rope"), (Index(1) << 53) - 1));
    for (const Index wrong : {Index(0), (Index(1) << 53) + 2})
        CHECK_THROWS_AS(Randomized(made("rope"), wrong), OptionError);
    CHECK_NOTHROW(Randomized(made("rope"), Index(1) << 53));
    const Shape tokens{1, 3, 8};
    const auto gated = made("gated");
    for (const Shape& wrong : {Shape{3, 8}, Shape{1, 2, 8}, Shape{1, 3, 7}})
        CHECK_THROWS_AS(gated->apply_to_input(Tensor(zeros(wrong)), Positions::arange(3), Mode::evaluation()), Error);
    CHECK(gated->apply_to_input(Tensor(zeros(tokens)), Positions::arange(3), Mode::evaluation()).shape() == tokens);
    std::ostringstream out;
    for (const Index wrong : {Index(-1), most_computed})
        CHECK_THROWS_AS(made("sinusoidal")->explain(wrong, out), PositionOutOfRange);
}
