// The committed results are those of this code: its bands, its counts, its pictures.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include <ordinal/nn/files/file.h>
#include "demos/experiments/attention/attention_maps_report.h"
#include "demos/experiments/poems/swap_bands.h"
#include "demos/experiments/poems/verse_report.h"
#include "demos/experiments/speed/parallelism_report.h"
#include "demos/lab/results.h"
#include "tests/docs/project.h"

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

// The first cells of a committed table: the encodings, or readings of tables, that it is about.
std::vector<std::string> rows_of(const std::string& demo, const std::string& table) {
    std::vector<std::string> names;
    for (const auto& row : find_table(committed(demo), table).rows) names.push_back(row[0]);
    return names;
}

}    // namespace

// A demo says with --claims what it claims.
TEST_CASE("the bands in the committed results are those that the demos state") {
    for (const char* demo : {"extrapolate", "hybrid", "shift", "extend_and_finetune", "fates"}) {
        const book::Run stated = book::run_in_shell(ORDINAL_BINARY_DIR "/bin/" + std::string(demo) + " --claims");
        REQUIRE(stated.status == 0);
        const Results then = committed(demo);
        for (const Expectation& e : then.expectations) {
            const std::string claim = e.what + ": " + band_text(e.band, e.decimals);
            CHECK_MESSAGE(("\n" + stated.output).find("\n" + claim) != std::string::npos, demo, " does not claim ",
                          claim);
        }
        if (then.about.command.find("--all") != std::string::npos)    // fewer encodings have fewer bands
            CHECK(std::count(stated.output.begin(), stated.output.end(), '\n') ==
                  static_cast<std::ptrdiff_t>(then.expectations.size()));
    }
}

TEST_CASE("the bands of trained models in the committed results are those of the code") {
    const auto named = []<class Run>(Run run, const std::string& name) {
        run.name = name;
        return std::vector<std::vector<Run>>{{run}};    // one seed, one reading
    };
    SwapResults swap{{}, {1}, {}};
    for (const std::string& name : rows_of("swap", "swap")) swap.runs.push_back(named(SwapRun{}, name));
    check_bands("swap", judge_swap(swap, SwapBands::full, 0));

    VerseResults verse{{RhythmRun{}}, {RhythmRun{}}, {RhythmRun{}}, {}};
    for (const std::string& name : rows_of("verse", "where")) verse.beyond.push_back(named(BeyondRun{}, name));
    check_bands("verse", judge_verse(verse, VerseBands::full, 0));

    MapsResults maps{rows_of("attention_maps", "off3"), {1}, {}, {}};
    maps.off3.assign(maps.encodings.size(), {AttentionMaps{.attention = {}, .looks_at = {{}}, .rules = {{}}}});
    check_bands("attention_maps", judge_maps(maps, MapsBands::full));
}

TEST_CASE("the bands of the times in the committed results are those of the code") {
    ParallelismResults results;
    results.lengths = {128, 1024};
    for (const std::string& name : rows_of("parallelism", "times"))
        results.one_thread.push_back({.encoding = name, .milliseconds = {1, 1}, .dependent_steps = {1, 1}});
    check_bands("parallelism", judge_parallelism(results, ParallelismBands::full));
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

// There are no exceptions: a picture in the book that no ./go demos NAME --all draws is one that nobody can draw again.
TEST_CASE("every picture of the book is of the same run as the committed numbers") {
    std::map<std::string, std::string> fingerprints;    // of each picture that a committed run has drawn
    for (const auto& entry : fs::directory_iterator(docs / "results"))
        for (const Fingerprint& print : read_results(entry.path().string()).files) {
            INFO(print.name << " is in " << entry.path().filename().string() << " and in another demo's results");
            CHECK(fingerprints.emplace(print.name, print.fnv1a).second);
        }
    Index pictures = 0;
    for (const auto& entry : fs::directory_iterator(docs / "pictures")) {
        const std::string name = entry.path().filename().string();
        INFO(name);
        const auto drawn = fingerprints.find(name);
        CHECK_MESSAGE(drawn != fingerprints.end(), "no file in docs/results says which run has drawn it");
        if (drawn != fingerprints.end())
            CHECK_MESSAGE(fnv1a(read_file(entry.path().string())) == drawn->second,
                          "it is not the picture of the committed run; take over both with ./go results");
        ++pictures;
    }
    CHECK(pictures > 0);
}
