#include "demos/lab/run_demo.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <ordinal/core/error.h>
#include <ordinal/core/fast/parallel.h>
#include "demos/lab/claims.h"
#include "demos/lab/interrupt.h"
#include "tests/temp_folder.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

struct Outcome {
    int code;
    std::string out, err;
};

Outcome run(const std::vector<std::string>& arguments, const std::function<int(const DemoOptions&)>& body) {
    std::ostringstream out, err;
    const Demo demo = {.name = "verse", .shows = "The beat."};
    const int code = run_demo(demo, arguments, body, out, err);
    return {code, out.str(), err.str()};
}

int never(const DemoOptions&) {
    FAIL("the body must not run");
    return 0;
}

}    // namespace

TEST_CASE("the exit code is what the body returns") {
    CHECK(run({}, [](const DemoOptions&) { return 0; }).code == 0);
    CHECK(run({"--seed", "7"}, [](const DemoOptions& options) { return static_cast<int>(options.seed); }).code == 7);
}

TEST_CASE("a wrong command line ends with 2 and one sentence") {
    const Outcome outcome = run({"--qick"}, never);
    CHECK(outcome.code == 2);
    CHECK(outcome.out == "");
    CHECK(outcome.err == "verse: --qick: unknown option; did you mean --quick?\n");
}

TEST_CASE("help ends with 0 on standard output and does no work") {
    const TempFolder folder;
    const std::string directory = folder / "gallery";
    const Outcome outcome = run({"--help", "--out", directory}, never);
    CHECK(outcome.code == 0);
    CHECK(outcome.err == "");
    CHECK(outcome.out.find("The beat.") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(directory));
    CHECK(run({"-h"}, never).out == outcome.out);
}

TEST_CASE("claims are printed with 0 and nothing is prepared for work") {
    const TempFolder folder;
    const std::string directory = folder / "gallery";
    const auto body = [](const DemoOptions& options) {
        const Report report(options, {{.what = "right", .band = at_least(0.5)}});
        return 7;
    };
    const Outcome outcome = run({"--claims", "--out", directory}, body);
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "right: >= 0.50\n");
    CHECK(outcome.err == "");
    CHECK_FALSE(std::filesystem::exists(directory));
}

TEST_CASE("errors of the body end with 1 and one sentence") {
    const Outcome ours = run({}, [](const DemoOptions&) -> int { throw ShapeError("matmul: no"); });
    CHECK(ours.code == 1);
    CHECK(ours.err == "verse: matmul: no\n");
    const Outcome standard = run({}, [](const DemoOptions&) -> int { throw std::out_of_range("map::at"); });
    CHECK(standard.code == 1);
    CHECK(standard.err == "verse: map::at\n");
}

TEST_CASE("a full disk behind standard output is an error") {
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{}, {"--help"}, {"--claims"}}) {
        std::ofstream out("/dev/full");
        std::ostringstream err;
        const auto body = [&](const DemoOptions& options) {
            const Report report(options, {{.what = "right", .band = at_least(0.5)}});
            out << "found\n";
            return 0;
        };
        const TempFolder folder;
        std::vector<std::string> all = arguments;
        all.insert(all.end(), {"--out", folder.path()});
        CHECK(run_demo({.name = "verse", .shows = "The beat."}, all, body, out, err) == 1);
        CHECK(err.str() == "verse: standard output cannot be written, so what stood there is lost\n");
    }
}

TEST_CASE("an interrupted body ends with 130 and one sentence") {
    const Outcome outcome = run({}, [](const DemoOptions&) -> int { throw Interrupted("interrupted"); });
    CHECK(outcome.code == 130);
    CHECK(outcome.err == "verse: interrupted; the files of an earlier run are as they were\n");
}

TEST_CASE("the body learns the command that would run it again without its folders") {
    const auto command = [](const std::vector<std::string>& arguments) {
        std::string seen;
        run(arguments, [&](const DemoOptions& options) {
            seen = options.about.command;
            CHECK(options.about.name == "verse");
            CHECK(options.about.source == "demos/verse.cpp");
            return 0;
        });
        return seen;
    };
    CHECK(command({}) == "./go demos verse");
    CHECK(command({"--all", "--seed", "7"}) == "./go demos verse --all --seed 7");
    CHECK(command({"--out", "a", "--quick", "--json=b", "--out=c", "--json", "d"}) == "./go demos verse --quick");
    CHECK(command({"--encodings", "rnn(gain=0.15),table"}) == "./go demos verse --encodings 'rnn(gain=0.15),table'");
}

TEST_CASE("a report makes its folder before the work and an impossible one stops the demo") {
    const TempFolder folder;
    const std::string directory = folder / "a/gallery";
    const auto body = [&](const DemoOptions& options) {
        const Report report(options);
        return std::filesystem::is_empty(directory) ? 0 : 9;
    };
    CHECK(run({"--out", directory}, body).code == 0);
    CHECK(run({"--out", directory}, body).code == 0);    // again: it is there

    const Outcome outcome = run({"--out", "/dev/null/gallery"}, body);
    CHECK(outcome.code == 1);
    CHECK(outcome.err ==
          "verse: --out '/dev/null/gallery': expected a folder that can be made, got \"Not a directory\"; choose "
          "another\n");
    CHECK(run({"--out", ""}, body).err ==
          "verse: --out '': expected a folder that can be made, got \"Invalid argument\"; choose another\n");
}

TEST_CASE("a demo that draws heatmaps looks for its font before the body runs and another needs none") {
    const char* const font = std::getenv("ORDINAL_FONT");
    const std::string before = font == nullptr ? "" : font;
    setenv("ORDINAL_FONT", "no such font.ttf", 1);
    std::ostringstream out, err;
    const Demo demo{.name = "verse", .shows = "The beat.", .heatmaps = true};
    CHECK(run_demo(demo, {}, never, out, err) == 1);
    CHECK(err.str() == "verse: read_file: cannot open no such font.ttf: No such file or directory\n");
    const auto body = [](const DemoOptions&) { return 3; };
    CHECK(run({}, body).code == 3);
    if (font == nullptr)
        unsetenv("ORDINAL_FONT");
    else
        setenv("ORDINAL_FONT", before.c_str(), 1);
    CHECK(run_demo(demo, {}, body, out, err) == 3);
}

TEST_CASE("the number of threads is set for the kernels") {
    const int before = num_threads();
    run({"--threads", "3"}, [](const DemoOptions&) {
        CHECK(num_threads() == 3);
        return 0;
    });
    set_num_threads(before);
}
