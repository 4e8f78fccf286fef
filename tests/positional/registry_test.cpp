#include <ordinal/positional/registry.h>

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include <ordinal/positional/combined/gain.h>
#include <ordinal/positional/no_encoding.h>
#include <ordinal/positional/recurrences/recurrent_positions.h>
#include "tests/core/grouping_locale.h"
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

std::shared_ptr<Encoding> make(const std::string& specification) {
    Rng rng(1);
    return make_encoding(specification, {.d_model = 6, .max_length = 10, .num_heads = 3}, rng);
}

std::string known_names() {
    std::string all;
    for (const std::string& name : encoding_names()) all += (all.empty() ? "" : ", ") + name;
    return all;
}

}    // namespace

TEST_CASE("the built-in encodings are registered in the order of the book") {
    std::vector<std::string> first = encoding_names();
    first.resize(7);    // a student's own come later
    CHECK(first ==
          std::vector<std::string>{"none", "table", "rnn", "gru", "rnn_over_inputs", "gru_over_inputs", "sinusoidal"});
}

TEST_CASE("a specification names an encoding and its options") {
    CHECK(names(*make("table")) == std::vector<std::string>{"weight"});
    CHECK(make("table")->traits().max_length == 10);
    CHECK(names(*make("rnn")) == std::vector<std::string>{"start", "step.weight", "step.bias"});
    CHECK(parameter_of(*make("rnn(state=4)"), "start").shape() == Shape{4});
    CHECK(same_numbers(parameter_of(*make("rnn(init=rotation)"), "step.weight").values(), scaled_rotation(6, 1.2)));
    CHECK(parameter_of(*make("gru(state=4)"), "gru.weight_hh").shape() == Shape{12, 4});
    CHECK(parameter_of(*make("gru_over_inputs(output=replace)"), "cell.weight_hh").shape() == Shape{18, 6});
    CHECK(names(*make("rnn()")) == names(*make("rnn")));
}

TEST_CASE("spaces in a specification mean nothing") {
    const auto a = make("rnn(init=rotation,state=4)"), b = make("  rnn ( init = rotation ,  state = 4 ) ");
    CHECK(names(*a) == names(*b));
    CHECK(parameter_of(*b, "step.weight").shape() == Shape{4, 4});
}

TEST_CASE("the same seed makes the same encoding") {
    for (const std::string& name : encoding_names()) {
        CAPTURE(name);
        const Parameters a = make(name)->parameters(), b = make(name)->parameters();
        REQUIRE(a.size() == b.size());
        for (std::size_t i = 0; i < a.size(); ++i) CHECK(same_numbers(a[i].tensor.values(), b[i].tensor.values()));
    }
}

TEST_CASE("an unknown encoding is refused with the nearest name") {
    CHECK_THROWS_WITH_AS(make("rn"), "make_encoding: unknown encoding 'rn'; did you mean rnn?", OptionError);
    CHECK_THROWS_WITH_AS(make("sinusoid"), "make_encoding: unknown encoding 'sinusoid'; did you mean sinusoidal?",
                         OptionError);
    CHECK_THROWS_WITH_AS(make("tabel(std=1)"), "make_encoding: unknown encoding 'tabel'; did you mean table?",
                         OptionError);
    CHECK_THROWS_WITH_AS(
        make("quaternion"),
        ("make_encoding: unknown encoding 'quaternion'; known: " + known_names() + ", by_layer").c_str(), OptionError);
    CHECK_THROWS_WITH_AS(
        make(""), ("make_encoding: unknown encoding ''; known: " + known_names() + ", by_layer").c_str(), OptionError);
}

TEST_CASE("an unknown option is refused with the nearest name") {
    CHECK_THROWS_WITH_AS(make("rnn(stat=4)"), "rnn: unknown option 'stat'; did you mean state?", OptionError);
    CHECK_THROWS_WITH_AS(make("sinusoidal(gian=2)"), "sinusoidal: unknown option 'gian'; did you mean gain?",
                         OptionError);
    CHECK_THROWS_WITH_AS(
        make("sinusoidal(rows=8)"),
        "sinusoidal: unknown option 'rows'; known: base, gain, drop, log_n, ssmax, group, window, segments, shift, "
        "randomized",
        OptionError);
    CHECK_THROWS_WITH_AS(make("gru(init=rotation)"),
                         "gru: unknown option 'init'; known: state, guess, parallel, gain, drop, log_n, ssmax, group, "
                         "window, segments, shift, randomized",
                         OptionError);
}

TEST_CASE("a value that makes no sense is refused") {
    CHECK_THROWS_WITH_AS(make("table(std=small)"), "table: option 'std' needs a number, got 'small'", OptionError);
    CHECK_THROWS_WITH_AS(make("table(std=0.1x)"), "table: option 'std' needs a number, got '0.1x'", OptionError);
    CHECK_THROWS_WITH_AS(make("table(std=)"), "table: option 'std' needs a number, got ''", OptionError);
    CHECK_THROWS_WITH_AS(make("table(std=nan)"), "table: option 'std' needs a number, got 'nan'", OptionError);
    CHECK_THROWS_WITH_AS(make("table(std=-1)"),
                         "LearnedTable: expected a standard deviation (std) of 0 or more, got -1", OptionError);
    CHECK_THROWS_WITH_AS(make("ring(std=-1)"), "Ring: expected a standard deviation (std) of 0 or more, got -1",
                         OptionError);
    CHECK_THROWS_WITH_AS(make("linear(jitter=-1)"), "LinearRecurrence: expected a jitter of 0 or more, got -1",
                         OptionError);
    CHECK_THROWS_WITH_AS(make("xpos(scale=1e300)"),
                         "Xpos: expected a scale > 0, at most 1e+09, got 1e+300; where nothing should fade use rope",
                         OptionError);
    CHECK_THROWS_WITH_AS(make("extended_table(strategy=copy, alpha=1.5)"),
                         "extended_table: only strategy=hierarchical asks for 'alpha', got it with copy", OptionError);
    if (!is_double)
        CHECK_THROWS_WITH_AS(make("table(gain=1e300)"),
                             "Gain: expected a gain that fits this build's numbers, got 1e+300", OptionError);
    CHECK_THROWS_WITH_AS(make("rnn(state=2.5)"), "rnn: option 'state' needs a whole number > 0, got 2.5", OptionError);
    CHECK_THROWS_WITH_AS(make("rnn(state=-4)"), "rnn: option 'state' needs a whole number > 0, got -4", OptionError);
    CHECK_THROWS_WITH_AS(make("gru(state=0)"), "gru: option 'state' needs a whole number > 0, got 0", OptionError);
    CHECK_THROWS_WITH_AS(make("gru(state=1e30)"), "gru: option 'state' is at most 1000000000, got 1e+30", OptionError);
    CHECK_THROWS_WITH_AS(make("rnn(init=rotated)"), "rnn: option 'init' cannot be 'rotated'; did you mean rotation?",
                         OptionError);
    CHECK_THROWS_WITH_AS(make("rnn_over_inputs(output=x)"),
                         "rnn_over_inputs: option 'output' cannot be 'x'; known: add, replace", OptionError);
}

TEST_CASE("a specification that cannot be read is refused") {
    CHECK_THROWS_WITH_AS(make("rnn(state=4"), "make_encoding: 'rnn(state=4' has no closing parenthesis", OptionError);
    CHECK_THROWS_WITH_AS(make("rnn("), "make_encoding: 'rnn(' has no closing parenthesis", OptionError);
    CHECK_THROWS_WITH_AS(make("rnn(state=4)x"), "make_encoding: 'rnn(state=4)x' has no closing parenthesis",
                         OptionError);
    CHECK_THROWS_WITH_AS(make("rnn(state)"), "make_encoding: expected option=value in 'rnn(state)', got 'state'",
                         OptionError);
    CHECK_THROWS_WITH_AS(make("rnn(state=4, state=5)"),
                         "make_encoding: option 'state' is given twice in 'rnn(state=4, state=5)'", OptionError);
    CHECK_THROWS_WITH_AS(make("rnn(state=4,)"), "make_encoding: expected option=value in 'rnn(state=4,)', got ''",
                         OptionError);
    CHECK_THROWS_WITH_AS(make("rnn(,)"), "make_encoding: expected option=value in 'rnn(,)', got ''", OptionError);
    Rng rng(1);
    CHECK_THROWS_WITH_AS(make_encoding("rnn", {.d_model = 0}, rng), "make_encoding: expected a positive d_model, got 0",
                         OptionError);
    CHECK_THROWS_WITH_AS(make_encoding("table", {.max_length = 0}, rng),
                         "make_encoding: expected a max_length of at least 1, got 0", OptionError);
    CHECK_THROWS_WITH_AS(make_encoding("alibi", {.num_heads = -2}, rng),
                         "make_encoding: expected num_heads of at least 1, got -2", OptionError);
}

TEST_CASE("a name that is taken is refused") {
    const auto factory = [](const EncodingRequest& request, EncodingOptions&, Rng&) {
        return std::make_shared<NoEncoding>(request.d_model);
    };
    CHECK_THROWS_WITH_AS(register_encoding("rnn", factory), "register_encoding: 'rnn' is registered already",
                         OptionError);
    CHECK(names(*make("rnn")).size() == 3);    // still the old one
}

TEST_CASE("a gain multiplies any additive code by one learned number") {
    const auto plain = make("table"), scaled = make("table(gain=0.25)");
    CHECK(names(*scaled) == std::vector<std::string>{"gain", "weight"});
    CHECK(parameter_of(*scaled, "gain").item() == Scalar(0.25));
    const NdArray x = zeros({1, 3, 6});
    const auto code = [&](const Encoding& encoding) {
        return encoding.apply_to_input(Tensor(x), Positions::arange(3), Mode::evaluation()).values();
    };
    CHECK(same_numbers(code(*scaled), code(*plain) * Scalar(0.25)));    // a power of 2: exact
    CHECK(scaled->traits().max_length == 10);
    CHECK_THROWS_WITH_AS(make("rnn_over_inputs(gain=2)"),
                         "rnn_over_inputs: option 'gain' works for additive encodings only", OptionError);
}

TEST_CASE("a gain of 1 changes no number and explain ends with it") {
    const auto inner = make("table");
    const Gain gain(inner, 1);
    CHECK(same_numbers(gain.vectors(Positions::arange(4)).values(), inner->vectors(Positions::arange(4)).values()));
    std::ostringstream out;
    gain.explain(2, out);
    const std::string text = out.str(), end = "  all of it times the learned gain 1\n";
    CHECK(text.find("Position 2 in a learned table") == 0);
    CHECK(text.substr(text.size() - end.size()) == end);
}

TEST_CASE("what cannot work is refused when it is registered or made") {
    const auto factory = [](const EncodingRequest&, EncodingOptions&, Rng&) { return std::shared_ptr<Encoding>(); };
    CHECK_THROWS_WITH_AS(register_encoding("a(b)", factory),
                         "register_encoding: 'a(b)' is no name; use letters, digits and _", OptionError);
    CHECK_THROWS_WITH_AS(register_encoding("nothing", nullptr),
                         "register_encoding: 'nothing' needs a factory, got none", OptionError);
    for (const char* name : {"", "a b", "a)", "a,b", "a=b", "a+b", "a\t"})
        CHECK_THROWS_AS(register_encoding(name, factory), OptionError);
    static bool empty_handed = true;    // this once: other tests make every scheme that there is
    register_encoding("sometimes", [](const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        return std::exchange(empty_handed, false) ? nullptr : NoEncoding::make(request, options, rng);
    });
    CHECK_THROWS_WITH_AS(make("sometimes"), "make_encoding: the factory of 'sometimes' returned no encoding",
                         OptionError);
    CHECK_THROWS_WITH_AS((EncodingRequest{.d_model = 10, .num_heads = 4}.head_dim()),
                         "EncodingRequest: d_model 10 cannot be cut into 4 equal heads; say how many in num_heads",
                         OptionError);
    CHECK_THROWS_WITH_AS((EncodingRequest{.d_model = 10, .num_heads = 0}.head_dim()),
                         "EncodingRequest: d_model 10 cannot be cut into 0 equal heads; say how many in num_heads",
                         OptionError);
    CHECK(EncodingRequest{.d_model = 10, .num_heads = 1}.head_dim() == 10);
}

TEST_CASE("a specification may have tabs and line breaks wherever it may have blanks") {
    for (const std::string specification :
         {"\ttable(\tstd=0.5)", "table (\n  std = 0.5\n)\n", "table(std\t=\r\n0.5)", "table(\t)"}) {
        CAPTURE(specification);
        CHECK(names(*make(specification)) == std::vector<std::string>{"weight"});
    }
    CHECK(same_numbers(parameter_of(*make("table(\tstd=\t0.5\n)"), "weight").values(),
                       parameter_of(*make("table(std=0.5)"), "weight").values()));
    const auto factory = [](const EncodingRequest&, EncodingOptions&, Rng&) { return std::shared_ptr<Encoding>(); };
    CHECK_THROWS_WITH_AS(register_encoding("a\tb", factory),
                         "register_encoding: 'a\tb' is no name; use letters, digits and _", OptionError);
}

TEST_CASE("specifications and messages are the same in every locale") {
    const auto here = make("table(std=0.5)");
    const GroupingLocale there;
    CHECK(
        same_numbers(parameter_of(*make("table(std=0.5)"), "weight").values(), parameter_of(*here, "weight").values()));
    CHECK_THROWS_WITH_AS(make("table(std=0,5)"), "make_encoding: expected option=value in 'table(std=0,5)', got '5'",
                         OptionError);
    CHECK_THROWS_WITH_AS(make("table(std=1.000,5)"),
                         "make_encoding: expected option=value in 'table(std=1.000,5)', got '5'", OptionError);
    Rng rng(1);
    const auto table = make_encoding("table", {.d_model = 2, .max_length = 2000, .num_heads = 1}, rng);
    CHECK_THROWS_WITH_AS(
        table->apply_to_input(Tensor(zeros({1, 1, 2})), Positions::arange(1, 5000), Mode::evaluation()),
        "LearnedTable: position 5000 is outside the table of 2000 rows (0..1999); a learned table cannot "
        "extrapolate. Use a scheme without a bound, or a longer table: see docs/08-extending-a-trained-table.md",
        PositionOutOfRange);
}

// ThreadSanitizer watches this one, too.
TEST_CASE("schemes may be registered and made by several threads at once") {
    std::vector<std::thread> threads;
    std::atomic<int> made{0};
    for (int id = 0; id < 4; ++id)
        threads.emplace_back([&made] {
            for (int i = 0; i < 200; ++i)
                made += make("table")->traits().max_length == 10 && encoding_names().size() > 28;
        });
    CHECK(register_encoding("of_another_thread", NoEncoding::make));
    for (std::thread& thread : threads) thread.join();
    CHECK(made == 800);
    CHECK(names(*make("of_another_thread(gain=2)")) == std::vector<std::string>{"gain"});
}

TEST_CASE("an endless specification is refused at once and repeated in part") {
    const std::string endless(5'000'000, 'x');
    Rng rng(1);
    try {
        make_encoding(endless, {.d_model = 8}, rng);
        FAIL("made");
    } catch (const OptionError& error) {
        CHECK(std::string(error.what())
                  .starts_with("make_encoding: unknown encoding '" + std::string(100, 'x') +
                               "...'; known: none, table, "));
    }
    for (const std::string& wrong : {"rnn(" + endless, "rnn(" + endless + ")", "rnn(" + endless + "=1)",
                                     "rnn(state=" + endless + ")", "rnn(init=" + endless + ")"})
        try {
            make_encoding(wrong, {.d_model = 8}, rng);
            FAIL("made");
        } catch (const OptionError& error) {
            CHECK(std::string(error.what()).size() < 1000);
        }
    CHECK(shortened(endless) == std::string(100, 'x') + "...");
    CHECK(shortened(std::string(100, 'x')) == std::string(100, 'x'));
    CHECK(shortened(std::string(99, 'x') + "\xC3\xA9") == std::string(99, 'x') + "...");    // no half characters
}

TEST_CASE("a scheme tells its options with what holds where they are not given") {
    const SchemeOptions options = options_of("ring", {.d_model = 6, .max_length = 10, .num_heads = 3});
    REQUIRE(options.own.size() == 3);
    CHECK(options.own[0].name == "random_start");
    CHECK(options.own[0].otherwise == "yes");
    CHECK(options.own[0].choices == std::vector<std::string>{"yes", "no"});
    CHECK(options.own[1].name == "rows");
    CHECK(options.own[1].otherwise == "10");
    CHECK(options.own[1].whole);
    CHECK(options.own[2].name == "std");
    CHECK(options.own[2].otherwise == "0.02");
    CHECK_FALSE(options.own[2].whole);
    CHECK(options.own[2].choices.empty());
    CHECK(options.of_every_scheme.front().name == "gain");
    CHECK(options.of_every_scheme.back().name == "randomized");
    CHECK_THROWS_WITH_AS(options_of("rings", {}), "make_encoding: unknown encoding 'rings'; did you mean ring?",
                         OptionError);
}

TEST_CASE("an option given as it is told changes nothing") {
    const EncodingRequest request{.d_model = 12, .max_length = 16, .num_heads = 3};
    std::string refused;    // what means something only beside another option
    for (const std::string& name : encoding_names())
        for (const KnownOption& option : options_of(name, request).own) {
            if (!option.choices.empty()) CHECK(option.choices.front() == option.otherwise);
            const std::string specification = name + "(" + option.name + "=" + option.otherwise + ")";
            CAPTURE(specification);
            Rng a(1), b(1);
            try {
                const Parameters with = make_encoding(specification, request, a)->parameters();
                const Parameters without = make_encoding(name, request, b)->parameters();
                REQUIRE(with.size() == without.size());
                for (std::size_t i = 0; i < with.size(); ++i)
                    CHECK(same_numbers(with[i].tensor.values(), without[i].tensor.values()));
            } catch (const OptionError&) {
                refused += specification + " ";
            }
        }
    CHECK(refused ==
          "rnn(guess=zeros) gru(guess=zeros) extended_table(from=0) extended_table(keep=0) rope(factor=1) "
          "rope(spectrum=cut) rope(trained=16) ");
}
