// The demos on sequences as a user runs them: what cannot be done is said in one sentence before any training.
#include <doctest/doctest.h>

#include <ordinal/nn/files/file.h>
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
    CHECK(refused("fates --encodings table") == "fates: table: expected 512 positions or more, got 256\n");
    CHECK(refused("extrapolate --encodings 'table(rows=20)'") ==
          "extrapolate: table(rows=20): expected 32 positions or more, got 20\n");
    CHECK(folder.file_count() == 0);
}

TEST_CASE("a scheme without codes of its own is refused where codes are looked at before any work") {
    const TempFolder folder;
    for (const std::string demo : {"fates", "step_by_step", "verse"}) {
        const auto refused = [&](const std::string& encoding) {
            return run_program(demo + " --encodings " + encoding, folder.path()).output;
        };
        CHECK(refused("rope") == demo +
                                     ": --encodings: expected codes at the input, got rope, which acts inside "
                                     "attention; ./go demos family shows it\n");
        CHECK(refused("rnn_over_inputs") == demo +
                                                ": --encodings: expected a vector for each position, got "
                                                "rnn_over_inputs, which reads the tokens; ./go demos family shows "
                                                "it\n");
    }
    for (const std::string demo : {"heatmaps", "parallelism"})
        CHECK(run_program(demo + " --encodings alibi", folder.path()).output ==
              demo +
                  ": --encodings: expected codes at the input, got alibi, which acts inside attention; ./go demos "
                  "family shows it\n");
}

TEST_CASE("a table with too few rows for a poem is refused before any training") {
    const TempFolder folder;
    const auto refused = [&](const std::string& command) { return run_program(command, folder.path()).output; };
    CHECK(refused("verse --encodings 'table(rows=40)'") ==
          "verse: table(rows=40): expected 96 positions or more, got 40\n");
    CHECK(refused("write_verse --encodings 'table(rows=40)'")
              .ends_with("\nwrite_verse: table(rows=40): expected 96 positions or more, got 40\n"));
    CHECK(refused("swap --encodings 'table(rows=30)'") ==
          "swap: table(rows=30): expected 48 positions or more, got 30\n");
    CHECK(refused("attention_maps --quick --encodings 'table(rows=30)'") ==
          "attention_maps: table(rows=30): expected 32 positions or more, got 30\n");
}

TEST_CASE("what verse could not keep and a text that attention_maps cannot read are refused before any training") {
    const TempFolder folder;
    for (const char* options : {"", " --all --encodings table"})
        CHECK(run_program("verse --keep '" + folder / "kept.txt" + "'" + options, folder.path()).output ==
              "verse: --keep: expected --all, its own encodings, and verse of five characters a line: the page shows "
              "what that trains\n");
    CHECK(folder.file_count() == 0);
    CHECK(run_program("attention_maps --quick --corpus /no/such/file", folder.path()).output ==
          "attention_maps: read_file: cannot open /no/such/file: No such file or directory\n");
}

TEST_CASE("parallelism takes schemes that have nothing to train") {
    const TempFolder folder;
    const book::Run run = run_program("parallelism --quick --encodings linear_dense,sinusoidal,none", folder.path());
    CHECK(run.status == 0);
    CHECK(run.output.find("\nsinusoidal    -                               ") != std::string::npos);
    CHECK(run.output.find("\nnone          -                               ") != std::string::npos);
}

TEST_CASE("the demo extend says of which verse its table is") {
    const TempFolder folder;
    const auto said_of = [&](const std::string& corpus) {
        CHECK(run_program("extend --quick --seeds 1" + corpus, folder.path()).status == 0);
        return read_file(folder / "extend.json");
    };
    const std::string poems = said_of(""), jigs = said_of(" --corpus '" + source_dir() + "/docs/texts/jigs.txt'");
    CHECK(poems.find("trained on five-character verse, made 96 long") != std::string::npos);
    CHECK(poems.find("The stripes of the couplet, 12 apart, do not continue across a seam: 32 is no multiple of 12.") !=
          std::string::npos);
    CHECK(jigs.find("trained on six-character verse, made 96 long") != std::string::npos);
    CHECK(jigs.find("A table trained on six-character verse: 32 rows made 128 long") != std::string::npos);
    CHECK(jigs.find("The stripes of the couplet, 14 apart, do not continue across a seam: 32 is no multiple of 14.") !=
          std::string::npos);
}

TEST_CASE("what a demo claims is said before it runs") {
    const TempFolder folder;
    const book::Run hybrid = run_program("hybrid --claims", folder.path());
    CHECK(hybrid.status == 0);
    CHECK(hybrid.output.ends_with(
        "off3 at 128: linear(state=16, noise=0.5, gain=0.15): >= 0.95 (of fewer seeds: >= 0.90)\n"));
    CHECK(folder.file_count() == 0);
}
