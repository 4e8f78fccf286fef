// The committed results are those of this code: its bands, its counts, its pictures.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include <ordinal/nn/files/file.h>
#include <ordinal/positional/measures/graph_depth.h>
#include <ordinal/positional/registry.h>
#include "demos/gallery/quote.h"
#include "demos/attention_maps/attention_maps.h"
#include "demos/lab/results.h"
#include "demos/swap/swap.h"
#include "demos/verse/verse.h"
#include "tests/docs/project.h"
#include "tests/places.h"

using namespace ordinal;
using namespace ordinal::demos;
namespace fs = std::filesystem;

namespace {

const fs::path book_folder = fs::path(source_dir()) / "docs";

Json committed(const std::string& demo) { return read_results((book_folder / "results" / (demo + ".json")).string()); }

std::vector<Claim> judged_then(const std::string& demo) {
    std::vector<Claim> claims;
    const Json then = committed(demo);
    for (const Json& json : then.at("expectations")) claims.push_back(claim_of(json));
    return claims;
}

// Fewer encodings have fewer bands.
bool was_whole(const std::string& demo) {
    return committed(demo).at("command").get<std::string>().find("--all") != std::string::npos;
}

// Each committed expectation has the band that the code states for it today.
void check_bands(const std::string& demo, const std::vector<Claim>& stated) {
    const std::vector<Claim> judged = judged_then(demo);
    for (const Claim& then : judged) {
        INFO(demo << ", " << then.what);
        const auto now = std::ranges::find(stated, then.what, &Claim::what);
        REQUIRE(now != stated.end());
        CHECK(now->band.low == then.band.low);
        CHECK(now->band.high == then.band.high);
        CHECK((now->judged_by == then.judged_by));
    }
    if (was_whole(demo)) CHECK(judged.size() == stated.size());
}

// The first cells of a committed table: the encodings, or readings of tables, that it is about.
std::vector<std::string> rows_of(const std::string& demo, const std::string& table) {
    std::vector<std::string> names;
    for (const auto& row : quoted_table(committed(demo), table).rows) names.push_back(row[0]);
    return names;
}

}    // namespace

// A demo says with --claims what it claims.
TEST_CASE("the bands in the committed results are those that the demos state") {
    for (const char* demo : {"extrapolate", "hybrid", "shift", "extend_and_finetune", "fates", "extend", "heatmaps",
                             "family", "parallelism", "ladder", "step_by_step", "write_verse", "real_bert"}) {
        const book::Run stated = book::run_in_shell(binary_dir() + "/bin/" + demo + " --claims");
        REQUIRE(stated.status == 0);
        const std::vector<Claim> judged = judged_then(demo);
        for (const Claim& then : judged) {
            const std::string claim = then.what + ": " + band_text(then.band, then.decimals);
            CHECK_MESSAGE(("\n" + stated.output).find("\n" + claim) != std::string::npos, demo, " does not claim ",
                          claim);
        }
        if (was_whole(demo)) CHECK(std::ranges::count(stated.output, '\n') == std::ssize(judged));
    }
}

TEST_CASE("the bands of trained models in the committed results are those of the code") {
    check_bands("swap", swap_claims(0));
    check_bands("verse", verse_claims(rows_of("verse", "where"), 0));
    check_bands("attention_maps", maps_claims(rows_of("attention_maps", "off3")));
}

TEST_CASE("the committed dependent steps are those of the graphs that the code records") {
    const Table then = quoted_table(committed("parallelism"), "steps");
    Index compared = 0;
    for (const auto& row : then.rows) {
        if (row[0] == "2 Transformer layers") continue;
        for (std::size_t column = 1; column <= 3; ++column) {
            const Index length = std::stoll(then.columns[column]);
            INFO(row[0], " at ", length);
            Rng rng(1);
            const auto encoding = make_encoding(row[0], {.d_model = 64, .max_length = 8192, .num_heads = 4}, rng);
            const Tensor x(random_normal({1, length, 64}, 0.1, rng));
            const Tensor y = encoding->apply_to_input(x, Positions::arange(length), Mode::evaluation());
            CHECK(row[column] == std::to_string(graph_depth(y)));
            ++compared;
        }
    }
    CHECK(compared == 3 * 8);
}

// A picture in the book that nobody can draw again does not exist: ./go demos NAME --all draws it, or the program
// beside it does, which the checker of the book runs.
TEST_CASE("every picture of the book is of the same run as the committed numbers") {
    std::map<std::string, std::string> fingerprints;    // of each picture that a committed run has drawn
    for (const auto& entry : fs::directory_iterator(book_folder / "results"))
        for (const Json& print : read_results(entry.path().string()).value("files", Json::array())) {
            const auto name = print.at("name").get<std::string>();
            INFO(name << " is in " << entry.path().filename().string() << " and in another demo's results");
            CHECK(fingerprints.emplace(name, print.at("fnv1a")).second);
        }
    Index pictures = 0;
    for (const auto& entry : fs::directory_iterator(book_folder / "pictures")) {
        const std::string name = entry.path().filename().string();
        INFO(name);
        if (name.ends_with(".cpp") || name.ends_with(".h")) continue;
        if (fs::exists(fs::path(entry.path()).replace_extension(".cpp"))) continue;
        const auto drawn = fingerprints.find(name);
        CHECK_MESSAGE(drawn != fingerprints.end(), "no file in docs/results says which run has drawn it");
        if (drawn != fingerprints.end())
            CHECK_MESSAGE(fnv1a(read_file(entry.path().string())) == drawn->second,
                          "it is not the picture of the committed run; take over both with ./go results");
        ++pictures;
    }
    CHECK(pictures > 0);
}
