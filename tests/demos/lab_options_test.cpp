#include "demos/lab/options.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include <ordinal/core/error.h>
#include "tests/temp_folder.h"

using namespace ordinal;
using namespace ordinal::demos;
using Texts = std::vector<std::string>;

TEST_CASE("without arguments every option has its documented value") {
    const DemoOptions options = parse_options({});
    CHECK_FALSE(options.quick);
    CHECK_FALSE(options.all);
    CHECK_FALSE(options.strict);
    CHECK_FALSE(options.claims);
    CHECK_FALSE(options.help);
    CHECK(options.seed == 1);
    CHECK(options.seeds == 0);
    CHECK(options.out == "build/gallery");
    CHECK(options.threads == 0);
    CHECK(options.encodings.empty());
    CHECK(options.corpus.empty());
}

TEST_CASE("every common option is read") {
    const DemoOptions options = parse_options(
        {"--quick", "--all", "--strict", "--seed", "18446744073709551615", "--seeds=3", "--out", "a b", "--threads",
         "2", "--encodings", "rnn(init=orthogonal,state=8),table", "--corpus", "my.txt", "--json", "r.json"});
    CHECK(options.quick);
    CHECK(options.all);
    CHECK(options.strict);
    CHECK(options.seed == 18446744073709551615u);
    CHECK(options.seeds == 3);
    CHECK(options.out == "a b");
    CHECK(options.threads == 2);
    CHECK(options.encodings == Texts{"rnn(init=orthogonal, state=8)", "table"});    // in the one spelling
    CHECK(options.corpus == "my.txt");
    CHECK(options.json == "r.json");
}

TEST_CASE("seeds follow one another and their number falls back to what the demo wants") {
    CHECK(parse_options({"--seed", "7"}).seed_list(3) == std::vector<std::uint64_t>{7, 8, 9});
    CHECK(parse_options({"--seed", "7"}).seed_list() == std::vector<std::uint64_t>{7});
    CHECK(parse_options({"--all"}).seed_list().size() == 5);
    CHECK(parse_options({"--seed", "7", "--seeds", "1"}).seed_list(3) == std::vector<std::uint64_t>{7});
}

TEST_CASE("an unknown option names the nearest known one") {
    CHECK_THROWS_WITH_AS(parse_options({"--qick"}), "--qick: unknown option; did you mean --quick?", OptionError);
    CHECK_THROWS_WITH_AS(parse_options({"--sed=4"}), "--sed: unknown option; did you mean --seed?", OptionError);
    CHECK_THROWS_WITH_AS(parse_options({"-z"}),
                         "-z: unknown option; known: --quick, --all, --strict, --claims, --seed, --seeds, --out, "
                         "--json, --threads, --encodings, --corpus, --help",
                         OptionError);
}

TEST_CASE("the options of one demo are proposed as well") {
    bool gru = false;
    CHECK_THROWS_WITH_AS(parse_options({"--gur"}, {.extra = {{"--gru", "", &gru}}}),
                         "--gur: unknown option; did you mean --gru?", OptionError);
}

TEST_CASE("a malformed value is refused with what was expected") {
    CHECK_THROWS_WITH_AS(parse_options({"--seed", "abc"}), "--seed: expected a whole number >= 0, got 'abc'",
                         OptionError);
    CHECK_THROWS_WITH_AS(parse_options({"--seed", "-3"}), "--seed: expected a whole number >= 0, got '-3'",
                         OptionError);
    CHECK_THROWS_WITH_AS(parse_options({"--seed", "1e3"}), "--seed: expected a whole number >= 0, got '1e3'",
                         OptionError);
    CHECK(parse_options({"--seeds", "10000"}).seed_list().size() == 10'000);
    CHECK_THROWS_WITH_AS(parse_options({"--seeds", "9223372036854775807"}),
                         "--seeds: expected at most 10000, got 9223372036854775807", OptionError);
    CHECK_THROWS_WITH_AS(parse_options({"--seeds", "0"}), "--seeds: expected a whole number >= 1, got '0'",
                         OptionError);
    CHECK_THROWS_WITH_AS(parse_options({"--threads", "99999999999"}),
                         "--threads: expected a whole number >= 0, got '99999999999'", OptionError);
    CHECK_THROWS_WITH_AS(parse_options({"--out", "--quick"}), "--out needs a value, got the option --quick",
                         OptionError);
}

TEST_CASE("of an option given twice the last value counts") {
    CHECK(parse_options({"--seed", "1", "--quick", "--seed", "2", "--quick"}).seed == 2);
}

TEST_CASE("a missing value is an OptionError that names the option") {
    try {
        parse_options({"--seed"});
        FAIL("no error");
    } catch (const OptionError& error) {    // CLI11's own text, which differs between its versions
        CHECK(std::string(error.what()).find("--seed") != std::string::npos);
    }
}

TEST_CASE("positional arguments and options of one demo reach their targets") {
    std::string encoding = "table";
    Index k = 5;
    bool gru = false;
    const Demo extra{.extra = {{"ENCODING", "", &encoding}, {"K", "", &k}, {"--gru", "", &gru}}};
    parse_options({}, extra);
    CHECK(encoding == "table");
    CHECK(k == 5);
    CHECK_FALSE(gru);
    CHECK(parse_options({"rnn(state=8,init=default)", "--gru", "--quick", "12"}, extra).quick);
    CHECK(encoding == "rnn(state=8,init=default)");
    CHECK(k == 12);
    CHECK(gru);
    parse_options({"rnn", "-4"}, extra);
    CHECK(k == -4);
    CHECK_THROWS_WITH_AS(parse_options({"rnn", "x"}, extra), "K: expected a whole number, got 'x'", OptionError);
    CHECK_THROWS_WITH_AS(parse_options({"rnn", "1", "2"}, extra), "unexpected argument '2'; see --help", OptionError);
}

TEST_CASE("a rate is a number above 0") {
    double rate = 0;
    const Demo extra{.extra = {{"--rate", "", &rate}}};
    parse_options({"--rate", "1.5e-3"}, extra);
    CHECK(rate == 1.5e-3);
    for (const char* text : {"0", "-1", "1x", "nan", "inf", "1e999"})
        CHECK_THROWS_WITH_AS(parse_options({"--rate", text}, extra),
                             text_of("--rate: expected a number > 0, got '", text, "'").c_str(), OptionError);
}

TEST_CASE("a required argument that is missing is named unless help or the claims are asked for") {
    std::string encoding;
    const Demo extra{.extra = {{"ENCODING", "the encoding to narrate", &encoding, true}}};
    CHECK_THROWS_WITH_AS(parse_options({"--quick"}, extra), "ENCODING is missing; see --help", OptionError);
    CHECK(parse_options({"--help"}, extra).help);
    CHECK(parse_options({"--claims"}, extra).claims);
}

TEST_CASE("help shows the purpose and all options") {
    std::string encoding;
    const std::string text = help_text({.name = "explain",
                                        .shows = "Narrates one position.",
                                        .extra = {{"ENCODING", "the encoding to narrate", &encoding}}});
    for (const char* part : {"explain", "Narrates one position.", "ENCODING", "the encoding to narrate", "--quick",
                             "--seed N", "--out DIR", "--threads N", "--encodings LIST", "--corpus FILE", "--help"}) {
        CAPTURE(part);
        CHECK(text.find(part) != std::string::npos);
    }
}

TEST_CASE("a common option that means nothing to a demo is refused with the reason and not in its help") {
    const Demo unused{.name = "clock",
                      .shows = "Tells the time.",
                      .unused = {{"--seed", "a clock draws no numbers"}, {"--corpus", "it reads no text"}}};
    CHECK_THROWS_WITH_AS(parse_options({"--seed", "3"}, unused),
                         "--seed: expected no such option, a clock draws no numbers; leave it out", OptionError);
    CHECK_THROWS_WITH_AS(parse_options({"--corpus=a.txt", "--quick"}, unused),
                         "--corpus: expected no such option, it reads no text; leave it out", OptionError);
    CHECK(parse_options({"--seeds", "3"}, unused).seeds == 3);
    CHECK_THROWS_WITH_AS(parse_options({"--help"}, Demo{.name = "clock", .unused = {{"--seedz", "a slip"}}}),
                         "unused: there is no option --seedz that all demos share", OptionError);
    CHECK(parse_options({"--seed", "3", "--help"}, unused).help);
    const std::string help = help_text(unused);
    CHECK(help.find("--seed N") == std::string::npos);
    CHECK(help.find("--corpus") == std::string::npos);
    CHECK(help.find("--seeds N") != std::string::npos);
}

TEST_CASE("an encoding has one spelling") {
    CHECK(spelled("rnn( init = orthogonal,state=8 )") == "rnn(init=orthogonal, state=8)");
    CHECK(spelled("rope") == "rope");
    CHECK(spelled("\trope\n") == "rope");
    CHECK(spelled("rnn(gain=1e+1)+rope +forgetting") == "rnn(gain=1e+1) + rope + forgetting");
    CHECK(spelled("linear(state=16, noise=0.5)") == "linear(state=16, noise=0.5)");
}

TEST_CASE("a demo says once what is quick and usual and all") {
    CHECK(parse_options({"--quick"}).choose(1, 2, 5) == 1);
    CHECK(parse_options({}).choose(1, 2, 5) == 2);
    CHECK(parse_options({"--all", "--quick"}).choose(1, 2, 5) == 5);
    CHECK(parse_options({"--encodings", "rope"}).encodings_or({"table"}) == Texts{"rope"});
    CHECK(parse_options({}).encodings_or({"table"}) == Texts{"table"});
}

TEST_CASE("lists are cut at commas outside parentheses") {
    CHECK(split_list("table") == Texts{"table"});
    CHECK(split_list("a,b(x=1,y=(2,3)),c") == Texts{"a", "b(x=1,y=(2,3))", "c"});
    CHECK_THROWS_WITH_AS(split_list("a(b"), "list 'a(b': a ( without its )", OptionError);
    CHECK_THROWS_WITH_AS(split_list("a)(b"), "list 'a)(b': a ) without its (", OptionError);
    CHECK_THROWS_WITH_AS(split_list("a,,b"), "list 'a,,b': expected names separated by commas, got an empty one",
                         OptionError);
    CHECK_THROWS_WITH_AS(parse_options({"--encodings", ""}),
                         "list '': expected names separated by commas, got an empty one", OptionError);
    CHECK_THROWS_WITH_AS(parse_options({"--encodings", "rope,table(std=0.1),table( std=0.1 )"}),
                         "--encodings: 'table(std=0.1)' stands there twice", OptionError);
}

TEST_CASE("arguments are UTF-8, for they stand in results and pictures") {
    CHECK(parse_options({"--corpus", "t\u00e9.txt"}).corpus == "t\u00e9.txt");
    CHECK_THROWS_WITH_AS(parse_options({"--corpus", "t\xe9.txt"}),
                         "expected arguments in UTF-8, got one that is not; a file can be given another name",
                         OptionError);
}

TEST_CASE("a file that cannot be written is refused before the work") {
    const TempFolder folder;
    require_writable("--keep", folder / "new");
    CHECK(folder.file_count() == 0);
    CHECK_THROWS_WITH_AS(require_writable("--keep", folder / "."),
                         ("--keep " + folder / "." + ": expected a file, got a folder").c_str(), FileError);
    CHECK_THROWS_WITH_AS(require_writable("--keep", folder / "no/new"),
                         ("--keep " + folder / "no/new" +
                          ": expected a place that can be written, got \"No such file or directory\"; choose another")
                             .c_str(),
                         FileError);
    CHECK_NOTHROW(require_writable("--keep", "here"));    // in the folder where one is
}
