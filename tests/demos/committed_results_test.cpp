// The committed results are those of this code: its bands, its counts, its pictures.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "demos/common/results.h"
#include "demos/experiments/sequences/extrapolation_bands.h"
#include "demos/experiments/sequences/recovery_report.h"
#include "demos/experiments/sequences/sequence_shift.h"
#include "demos/experiments/speed/parallelism_report.h"
#include "nn/file.h"

using namespace ordinal;
namespace fs = std::filesystem;

namespace {

const fs::path docs = fs::path(ORDINAL_SOURCE_DIR) / "docs";

Results committed(const std::string& demo) { return read_results((docs / "results" / (demo + ".json")).string()); }

// Each committed expectation has the band that the code states for it today.
void check_bands(const std::string& demo, const Expectations& stated) {
    for (const Expectation& then : committed(demo).expectations) {
        INFO(demo << ", " << then.what);
        const auto now = std::find_if(stated.list().begin(), stated.list().end(),
                                      [&](const Expectation& e) { return e.what == then.what; });
        REQUIRE(now != stated.list().end());
        CHECK(now->band.low == then.band.low);
        CHECK(now->band.high == then.band.high);
        CHECK((now->judged_by == then.judged_by));
    }
    if (committed(demo).about.command.find("--all") != std::string::npos)    // fewer encodings have fewer bands
        CHECK(committed(demo).expectations.size() == stated.list().size());
}

// What the bands are asked of does not matter here: one run of zeros of everything.
ExtrapolationResults zeros(const std::vector<std::string>& tasks, const std::vector<std::string>& encodings) {
    ExtrapolationResults results{tasks, encodings, {1}, {}};
    results.accuracy.assign(tasks.size(), std::vector(encodings.size(), std::vector{Accuracies{}}));
    return results;
}

}    // namespace

// Of verse, swap, fates and attention_maps the bands stand in code that needs trained models to be asked.
TEST_CASE("the bands in the committed results are those of the code") {
    check_bands("extrapolate", judge("extrapolate", zeros({"off3", "mod5", "marker"}, all_encodings()), full_bands()));
    check_bands("hybrid", judge("hybrid", zeros({"off3", "mod5"}, hybrid_encodings()), hybrid_bands()));
    ShiftResults shift{{learned_table, rotary}, {1}, {}};
    shift.accuracy.assign(2, {std::vector<double>(shifts().size())});
    check_bands("shift", judge_shifts(shift, ShiftBands::full));
    RecoveryResults recovery{{"off3", "mod5"}, {1}, {.asked = {40}}, {}};
    recovery.accuracy.assign(2, {std::vector(recovery_starts().size(), std::vector<double>{0})});
    check_bands("extend_and_finetune", judge_recovery(recovery));
}

TEST_CASE("the committed dependent steps are those of the graphs that the code records") {
    const Table then = find_table(committed("parallelism"), "steps");
    const std::vector<Index> lengths{32, 64, 128};
    std::vector<std::string> encodings;
    for (const auto& row : then.rows)
        if (row[0] != the_encoder) encodings.push_back(row[0]);
    CHECK(encodings == parallelism_encodings());
    const auto now = measure_lengths(encodings, lengths, 1, [](double) {});
    REQUIRE(now.size() == then.rows.size());
    for (std::size_t row = 0; row < now.size(); ++row) {
        INFO(now[row].encoding);
        CHECK(now[row].encoding == then.rows[row][0]);
        for (std::size_t i = 0; i < lengths.size(); ++i) {
            CHECK(then.columns[i + 1] == std::to_string(lengths[i]));
            CHECK(then.rows[row][i + 1] == std::to_string(now[row].dependent_steps[i]));
        }
    }
}

TEST_CASE("each committed picture is of the same run as the committed numbers") {
    Index named = 0;
    for (const auto& entry : fs::directory_iterator(docs / "results"))
        for (const Fingerprint& print : read_results(entry.path().string()).files) {
            const fs::path picture = docs / "pictures" / print.name;
            if (!fs::exists(picture)) continue;    // the book shows not all of them
            INFO(entry.path().filename().string() << ": " << print.name);
            CHECK(fnv1a(read_file(picture.string())) == print.fnv1a);
            ++named;
        }
    CHECK(named > 0);
}
