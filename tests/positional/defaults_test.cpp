// What holds where nothing is said: the options of every scheme and the arguments that constructors may leave out, as
// their headers state them.
#include <doctest/doctest.h>

#include <map>

#include <ordinal/positional/positional.h>
#include "tests/positional/attending.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// "state=12 init=uniform|orthogonal|rotation"; a whole number is marked by #.
std::string text_of_options(const std::vector<KnownOption>& options) {
    std::string text;
    for (const KnownOption& option : options) {
        text += (text.empty() ? "" : " ") + option.name + "=";
        if (option.choices.empty()) text += option.otherwise + (option.whole ? "#" : "");
        for (std::size_t i = 0; i < option.choices.size(); ++i) text += (i == 0 ? "" : "|") + option.choices[i];
    }
    return text;
}

bool same_codes(const Encoding& a, const Encoding& b) {
    const Positions far = Positions::arange(3, 700);
    return same_numbers(a.vectors(far).values(), b.vectors(far).values());
}

bool same_rotation(const Encoding& a, const Encoding& b) {
    const AttentionContext context{.positions = Positions::arange(9), .x = Tensor(example_tokens(9, 8))};
    const QueryKeyValue heads = example_heads(9, 2, 4);
    const auto query = [&](const Encoding& e) { return e.apply_to_queries_and_keys(heads, context).query.values(); };
    return same_numbers(query(a), query(b));
}

}    // namespace

TEST_CASE("every scheme has the options and the defaults of its header") {
    const EncodingRequest request{.d_model = 12, .max_length = 40, .num_heads = 3};
    const std::map<std::string, std::string> stated{
        {"alibi", "form=symmetric|one_sided"},
        {"cope", "counts=64#"},
        {"extended_table",
         "alpha=0.4 freeze=no|yes from=0# keep=0# rows=20# "
         "strategy=hierarchical|anchored|linear|group|copy|zero|random"},
        {"fire", "threshold=512"},
        {"forgetting", "form=one_sided|two_sided"},
        {"gated", "output=add|replace"},
        {"gru", "guess=zeros|last|cycle parallel=no|newton state=12#"},
        {"gru_over_inputs", "output=add|replace"},
        {"kerple", "kernel=log|power"},
        {"laplacian_cycle", "nodes=1# vectors=32#"},
        {"laplacian_path", "nodes=1# vectors=32#"},
        {"learned_sinusoid", "base=10000"},
        {"linear", "decay=1 jitter=1 noise=0 state=12#"},
        {"linear_dense", "state=12#"},
        {"message_passing", "rounds=16# state=12#"},
        {"ode", "hidden=64# method=rk4|euler state=12# step=1"},
        {"place_values", "base=10# digits=2# state=12# step=tanh|linear"},
        {"random_walk", "nodes=1# steps=32#"},
        {"residual", "hidden=64# state=12#"},
        {"ring", "random_start=yes|no rows=40# std=0.02"},
        {"rnn", "guess=zeros|last|cycle init=uniform|orthogonal|rotation parallel=no|newton state=12#"},
        {"rnn_over_inputs", "output=add|replace"},
        {"rope",
         "base=10000 factor=1 layout=interleaved|half part=1 scaling=none|linear|ntk|yarn|llama3|dynamic "
         "spectrum=cut|whole trained=40#"},
        {"selective_rope", "base=10000 layout=interleaved|half"},
        {"shaw", "clip=16#"},
        {"sinusoidal", "base=10000"},
        {"t5", "buckets=32# max_distance=128# sides=both|past"},
        {"table", "beyond=error|zero rows=40# std=0.02"},
        {"xpos", "base=10000 scale=512"}};
    std::map<std::string, std::string> found;
    for (const NamedEncoding& scheme : builtin_encodings()) {
        const std::string text = text_of_options(options_of(scheme.name, request).own);
        if (!text.empty()) found[scheme.name] = text;
    }
    for (const auto& scheme : found) {
        CAPTURE(scheme.first);
        REQUIRE(stated.contains(scheme.first));
        CHECK(scheme.second == stated.at(scheme.first));
    }
    CHECK(found.size() == stated.size());
    CHECK(text_of_options(options_of("none", request).of_every_scheme) ==
          "gain=1 drop=0 log_n=512# ssmax=512# group=1# window=1# segments=place|number shift=1# randomized=1#");
    CHECK(EncodingRequest().d_model == 768);
    CHECK(EncodingRequest().max_length == 512);
    CHECK(EncodingRequest().num_heads == 12);
}

TEST_CASE("a scheme made without an argument is the one made with the argument of its header") {
    Rng a(1), b(1);
    CHECK(same_codes(Sinusoidal(8), Sinusoidal(8, 10000)));
    CHECK(same_codes(LearnedSinusoid(8), LearnedSinusoid(8, 10000)));
    CHECK(same_codes(LearnedTable(710, 4, a), LearnedTable(710, 4, b, 0.02, Beyond::error)));
    CHECK_THROWS_AS(LearnedTable(NdArray({3, 2}, 1)).vectors(Positions::arange(4)), PositionOutOfRange);
    CHECK(same_rotation(Xpos(2, 4), Xpos(2, 4, 512, 10000)));
    CHECK(same_rotation(Rotary(2, 4), *made("rope(base=10000, layout=interleaved)", {.d_model = 8, .num_heads = 2})));
    CHECK(same_numbers(bias_at(Alibi(2), 2, 5), bias_at(Alibi(2, AlibiForm::symmetric), 2, 5)));
    CHECK(same_numbers(bias_at(Kerple(2), 2, 5), bias_at(Kerple(2, KerpleKernel::log), 2, 5)));
    CHECK(same_codes(RecurrentPositions(8, 6, tanh_step(), a),
                     RecurrentPositions(8, 6, tanh_step(RecurrenceInit::uniform), b)));
    CHECK(same_codes(RecurrentPositions(8, 6, residual_step(), a), RecurrentPositions(8, 6, residual_step(64), b)));
    CHECK(same_codes(RecurrentPositions(8, 6, ode_step(), a),
                     RecurrentPositions(8, 6, ode_step(OdeMethod::rk4, 1, 64), b)));
    const LinearRecurrenceOptions linear;
    CHECK(linear.state == 0);
    CHECK(linear.jitter == 1);
    CHECK(linear.noise == 0);
    CHECK(linear.decay == 1);
    const Extension extension;
    CHECK((extension.strategy == Extend::hierarchical));
    CHECK(extension.alpha == 0.4);
    CHECK(extension.keep == 0);
    CHECK(extension.from == 0);
    CHECK(extension.rows == 0);
    CHECK(RotaryOptions().base == 10000);
    CHECK((RotaryOptions().scaling == RotaryScaling::none));
    CHECK(RotaryOptions().factor == 1);
    CHECK(RotaryOptions().trained == 512);
    CHECK(RotaryOptions().part == 1);
    CHECK((RotaryOptions().spectrum == Spectrum::cut));
    CHECK_FALSE(KnownOption().whole);
    CHECK(T5Options().buckets == 32);
    CHECK(T5Options().max_distance == 128);
    CHECK(T5Options().both_sides);
}

TEST_CASE("what measures codes has the defaults of its header") {
    const KernelOptions kernel;
    CHECK(kernel.length == 64);
    CHECK(kernel.d_model == 64);
    CHECK(kernel.num_heads == 4);
    CHECK(kernel.draws == 32);
    CHECK(kernel.seed == 1);
    Rng rng(3);
    const NdArray codes = random_normal({20, 4}, 1, rng);
    CHECK(probe_errors(codes).position == probe_errors(codes, 1e-3).position);
    NdArray near = zeros({3, 1});
    near.set({1, 0}, Scalar(5e-4));    // nearer than 1e-3, and farther than 1e-4
    near.set({2, 0}, 1);
    CHECK(distinct_positions(near) == distinct_positions(near, 1e-3));
    CHECK(distinct_positions(near) != distinct_positions(near, 1e-4));
}

TEST_CASE("the ends of a range belong to it") {
    const EncodingRequest request{.d_model = 8, .max_length = 16, .num_heads = 2};
    for (const char* specification : {"sinusoidal(base=1)",
                                      "learned_sinusoid(base=1)",
                                      "rope(base=1)",
                                      "linear(decay=1)",
                                      "linear(jitter=0, noise=0)",
                                      "table(std=0)",
                                      "ring(std=0)",
                                      "random_walk(steps=1)",
                                      "random_walk(steps=1024)",
                                      "message_passing(rounds=1)",
                                      "ode(step=1)",
                                      "rope(part=1, spectrum=whole)",
                                      "rope(scaling=linear, factor=1)",
                                      "table(drop=0)",
                                      "place_values(base=2, digits=53)",
                                      "ode(step=0.001)",
                                      "rope(part=0.5)",
                                      "xpos(scale=1e9)",
                                      "xpos(scale=1e-3)",
                                      "shaw(clip=1)",
                                      "cope(counts=2)",
                                      "t5(buckets=4, max_distance=2)",
                                      "rnn(state=1)",
                                      "linear(state=2)",
                                      "laplacian_path(vectors=1, nodes=1)",
                                      "laplacian_cycle(vectors=1, nodes=2)",
                                      "rope(group=1, window=1)",
                                      "rope(log_n=2)",
                                      "sinusoidal(shift=1)",
                                      "sinusoidal(randomized=1)",
                                      "table(shift=15)",
                                      "table(randomized=16)",
                                      "extended_table(rows=1, strategy=copy)",
                                      "ring(rows=1)",
                                      "extended_table(strategy=hierarchical, alpha=0)"}) {
        CAPTURE(specification);
        CHECK_NOTHROW(made(specification, request));
    }
    for (const char* specification : {"sinusoidal(base=0.999)",
                                      "rope(base=0.999)",
                                      "linear(decay=0)",
                                      "linear(decay=1.001)",
                                      "linear(jitter=-0.001)",
                                      "linear(noise=-0.001)",
                                      "table(std=-0.001)",
                                      "random_walk(steps=1025)",
                                      "ode(step=1.5)",
                                      "rope(part=1.001)",
                                      "table(drop=1)",
                                      "table(drop=-0.001)",
                                      "place_values(base=2, digits=54)",
                                      "ode(step=0.000999)",
                                      "ode(step=0)",
                                      "rope(part=0.49)",
                                      "xpos(scale=1.001e9)",
                                      "xpos(scale=0)",
                                      "cope(counts=1)",
                                      "t5(buckets=2)",
                                      "t5(buckets=4, max_distance=1)",
                                      "linear(state=3)",
                                      "rope(scaling=linear, factor=0.999)",
                                      "table(shift=16)",
                                      "table(randomized=17)",
                                      "fire(threshold=0)",
                                      "rope(log_n=1)",
                                      "extended_table(strategy=hierarchical, alpha=1)"}) {
        CAPTURE(specification);
        CHECK_THROWS_AS(made(specification, request), OptionError);
    }
}

namespace {

// "input, constant, any: cacheable streams"
std::string text_of_traits(const Traits& traits) {
    const char *places[] = {"nowhere", "", "input", "", "queries_and_keys", "", "", "", "scores"},
               *depths[] = {"constant", "logarithmic", "at_most_linear", "linear"},
               *ids[] = {"any", "whole", "consecutive"};
    std::string all = text_of(places[static_cast<int>(traits.place)], ", ", depths[static_cast<int>(traits.depth)],
                              ", ", ids[static_cast<int>(traits.ids)], ":");
    const auto add = [&](bool holds, const char* name) { all += holds ? text_of(" ", name) : ""; };
    add(traits.content_dependent, "content");
    add(traits.cacheable, "cacheable");
    add(traits.length_dependent, "length");
    add(traits.streams, "streams");
    add(traits.causal_only, "causal");
    add(traits.translation_invariant, "invariant");
    add(traits.distinct, "distinct");
    add(traits.fades, "fades");
    add(traits.sharpens_queries, "sharpens");
    add(traits.keys_grow, "grow");
    add(traits.replaces_product, "replaces");
    add(traits.chooses_ids, "chooses");
    return all;
}

}    // namespace

// The contract finds a promise that is not kept; here is none that is no longer made. The same as the book's table.
TEST_CASE("every scheme makes the promises of the book") {
    const std::map<std::string, std::string> stated{
        {"none", "nowhere, constant, any: cacheable streams"},
        {"table", "input, constant, whole: cacheable streams distinct"},
        {"rnn", "input, linear, whole: cacheable streams"},
        {"gru", "input, linear, whole: cacheable streams"},
        {"rnn_over_inputs", "input, linear, consecutive: content streams"},
        {"gru_over_inputs", "input, linear, consecutive: content streams"},
        {"sinusoidal", "input, constant, any: cacheable streams invariant distinct"},
        {"extended_table", "input, constant, whole: cacheable streams"},
        {"ring", "input, constant, whole: cacheable streams distinct chooses"},
        {"learned_sinusoid", "input, constant, any: cacheable streams invariant distinct"},
        {"residual", "input, linear, whole: cacheable streams"},
        {"ode", "input, linear, whole: cacheable streams"},
        {"place_values", "input, constant, whole: cacheable streams"},
        {"linear", "input, constant, any: cacheable streams invariant distinct"},
        {"linear_dense", "input, logarithmic, whole: cacheable streams distinct"},
        {"gated", "input, logarithmic, consecutive: content streams distinct"},
        {"laplacian_path", "input, constant, consecutive: cacheable length"},
        {"laplacian_cycle", "input, constant, consecutive: cacheable length"},
        {"random_walk", "input, constant, consecutive: cacheable length"},
        {"message_passing", "input, constant, whole: cacheable streams"},
        {"rope", "queries_and_keys, constant, any: cacheable streams invariant distinct"},
        {"xpos", "queries_and_keys, constant, any: cacheable streams causal invariant distinct grow"},
        {"selective_rope", "queries_and_keys, logarithmic, consecutive: content streams invariant distinct"},
        {"causal", "scores, constant, any: cacheable streams causal invariant fades"},
        {"alibi", "scores, constant, any: cacheable streams invariant distinct fades"},
        {"t5", "scores, constant, any: cacheable streams invariant distinct"},
        {"shaw", "scores, constant, any: content streams invariant distinct"},
        {"kerple", "scores, constant, any: cacheable streams invariant distinct fades"},
        {"fire", "scores, constant, any: cacheable streams distinct"},
        {"cope", "scores, logarithmic, consecutive: content streams causal invariant distinct"},
        {"forgetting", "scores, logarithmic, consecutive: content streams causal invariant distinct fades"},
        {"path", "scores, linear, consecutive: content streams causal invariant distinct replaces"},
    };
    CHECK(stated.size() == builtin_encodings().size());
    for (const NamedEncoding& scheme : builtin_encodings()) {
        CAPTURE(scheme.name);
        CHECK(text_of_traits(made(scheme.name)->traits()) == stated.at(scheme.name));
    }
    CHECK(text_of_traits(Traits()) == "input, constant, any: cacheable streams");
    CHECK_FALSE(Traits().max_length);
    CHECK_FALSE(Traits().computable_up_to);
    const NdArray table = NdArray({40, 4}, 1);    // of a table from elsewhere nothing is promised
    CHECK(text_of_traits(LearnedTable(table).traits()) == "input, constant, whole: cacheable streams");
    CHECK(text_of_traits(Ring(table).traits()) == "input, constant, whole: cacheable streams chooses");
    CHECK(text_of_traits(Ring(table, false).traits()) == "input, constant, whole: cacheable streams");
    for (const char* specification : {"table(beyond=zero, rows=31)", "table(std=0)", "ring(rows=31)", "ring(std=0)"})
        CHECK_FALSE(made(specification)->traits().distinct);
    for (const char* specification : {"table(beyond=zero, rows=32)", "table(rows=31)", "ring(rows=32)"})
        CHECK(made(specification)->traits().distinct);
}
