// The demos on sequences as a user runs them: what cannot be done is said in one sentence before any training.
#include <doctest/doctest.h>

#include "tests/docs/project.h"
#include "tests/places.h"
#include "tests/temp_folder.h"

using namespace ordinal;

namespace {

book::Run run_program(const std::string& command, const std::string& out) {
    return book::run_in_shell(binary_dir() + "/bin/" + command + " --out '" + out + "' 2>&1");
}

}    // namespace

TEST_CASE("a task or an encoding that cannot be met is refused before any training") {
    const TempFolder folder;
    const auto refused = [&](const std::string& command) {
        const book::Run outcome = run_program(command, folder.path());
        CHECK(outcome.status == 1);
        return outcome.output;
    };
    CHECK(refused("extrapolate --tasks off5,mod77") ==
          "extrapolate: sequence_task: unknown task 'mod77'; there are off1 .. off7 (the shortest sequence has 8 "
          "tokens), mod2 .. "
          "mod16 (16 answers to choose from), marker and after; did you mean mod7?\n");
    CHECK(refused("extrapolate --encodings tabel") ==
          "extrapolate: make_encoding: unknown encoding 'tabel'; did you mean table?\n");
    CHECK(refused("shift --encodings rope,rnn_over_inputs") ==
          "shift: rnn_over_inputs: it runs along the tokens from position 0, so there is nothing to shift\n");
    CHECK(refused("shift --encodings 'extended_table(rows=32, strategy=copy)' --json /proc/none/a.json") ==
          "shift: --json /proc/none/a.json: expected a place that can be written, got \"No such file or directory\"; "
          "choose another\n");
    CHECK(refused("fates --encodings rnn_over_inputs") ==
          "fates: rnn_over_inputs: only codes that are added have a fate\n");
    CHECK(refused("fates --encodings table") == "fates: table: expected 512 positions or more, got 256\n");
    CHECK(folder.file_count() == 0);
}

TEST_CASE("what a demo claims is said before it runs") {
    const TempFolder folder;
    const book::Run hybrid = run_program("hybrid --claims", folder.path());
    CHECK(hybrid.status == 0);
    CHECK(hybrid.output.ends_with(
        "off3 at 128: linear(state=16, noise=0.5, gain=0.15): >= 0.95 (of fewer seeds: >= 0.90)\n"));
    CHECK(folder.file_count() == 0);
}
