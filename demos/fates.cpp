// Where does p_{k+1} = f(p_k) lead?
//
// To a fixed point, and all later positions look alike; into a cycle, which counts for ever but only modulo its period;
// or around a torus, where no two positions are equal. What f starts as, and what it is trained on, decides.
#include "demos/fates/long_orbit.h"
#include "demos/fates/orbit.h"
#include "demos/fates/trained_orbits.h"

#include <algorithm>

#include <ordinal/core/nd_math.h>
#include "demos/lab/run_demo.h"
#include "demos/models/sequence_model.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

constexpr Index positions = 512, shown = 96;
constexpr double least_drawn = 1e-9;    // 0 has no place on a logarithmic axis

const std::string gru = "gru(state=8, gain=0.15)";
const std::vector<std::string> radii{"0.5", "0.9", "1", "1.05", "1.1", "1.2"};

// A recursion, untrained or trained on a task. Its name stands in tables and charts.
Case orbit_case(const std::string& encoding, const std::string& task, Index steps) {
    const std::string name = encoding + (task.empty() ? ", untrained" : ", trained on " + task);
    return {{{"codes", name}, {"encoding", encoding}, {"task", task}}, task.empty() ? 0 : steps};
}

Claim claim(const std::string& what, const Labels& of, const Band& band, int decimals, const std::string& if_missed) {
    return {.what = what, .of = of, .band = band, .few_seeds = band, .if_missed = if_missed, .decimals = decimals};
}

std::vector<Claim> claims() {
    const auto orbit = [](const std::string& codes, const std::string& number, const Band& band, int decimals,
                          const std::string& if_missed) {
        return claim(codes + ": " + number, {{"codes", codes}, {"number", number}}, band, decimals, if_missed);
    };
    // Seeds differ much in how far apart a trained rotation keeps 256 positions; no band was stated for it beforehand.
    Claim torus = orbit(rotation_rnn + ", trained on off3", "nearest two of 256", at_least(0.2), 3,
                        "in some seeds the angles nearly fall into step; they answer worse, too");
    torus.few_seeds = at_least(0.05);
    torus.source = "ours: about half of the 0.35 .. 0.40 of the reference runs in PyTorch, for seeds differ much";
    const char* const slow = "this seed's W contracts more slowly";
    const char* const draws = "other draws of W; the bias matters, too";
    const std::string distinct = "distinct positions, spectral radius ";
    return {orbit(default_rnn + ", untrained", "one step at 100", at_most(0.001), 6, slow),
            orbit(gru + ", untrained", "one step at 100", at_most(0.001), 6, slow),
            orbit(orthogonal_rnn + ", trained on mod5", "five steps at 400", at_most(1e-6), 9,
                  "not settled yet; some seeds need more steps"),
            orbit(orthogonal_rnn + ", trained on off3", "nearest two of 256", at_most(0.15), 3,
                  "this seed found a longer way round"),
            torus,
            claim(distinct + "0.5", {{"radius", "0.5"}}, between(20, 32), 0, draws),
            claim(distinct + "0.9", {{"radius", "0.9"}}, between(100, 170), 0, draws)};
}

void follow(Run& run) {
    // Untrained is trained in no steps, so that both start from the same numbers.
    const SequenceTask task = sequence_task(run["task"].empty() ? "off3" : run["task"]);
    const Transformer model = trained_model(task, run["encoding"], run.seed, run.steps, run.step_done);
    const NoGrad guard;
    const Orbit orbit = orbit_of(encoding_of(model).vectors(Positions::arange(positions)).values());

    const auto record = [&](const std::string& number, double value) { run.record({{"number", number}}, value); };
    record("one step at 30", orbit.distance(30, 31));
    record("one step at 400", orbit.distance(400, 401));
    record("five steps at 400", orbit.distance(400, 405));
    record("nearest two of 32", orbit.nearest_two(32));
    record("nearest two of 256", orbit.nearest_two(256));
    record("one step at 100", orbit.distance(100, 101));
    record("period", static_cast<double>(orbit.period()));
    for (Index k = 1; k < positions; k += 3) {    // before k = 1 there is no earlier position
        const auto draw = [&](const std::string& curve, double distance) {
            run.record({{"curve", curve}, {"k", k}}, std::max(distance, least_drawn));
        };
        if (k + 1 < positions) draw("step", orbit.distance(k, k + 1));
        if (k + 5 < positions) draw("back", orbit.distance(k, k + 5));
        draw("nearest", orbit.nearest_earlier(k));
    }
    run.keep({}, contiguous(slice(slice(orbit.distances, 0, 0, shown), 1, 0, shown)));
}

// What became of each seed.
std::string fates_of(const Measurements& found, const std::string& codes) {
    constexpr double nearly = 0.05;    // of a code's length: what a net that is a little blurred takes for the same
    const std::vector<double> periods = found.of({{"codes", codes}, {"number", "period"}}),
                              nearest = found.of({{"codes", codes}, {"number", "nearest two of 256"}});
    std::string text;
    for (std::size_t s = 0; s < periods.size(); ++s)
        text += (text.empty() ? "" : ", ") + (periods[s] == 0 && nearest[s] < nearly ? "nearly returns"
                                              : periods[s] == 0                      ? "no return"
                                              : periods[s] == 1                      ? "fixed point"
                                                                : text_of("cycle of ", periods[s]));
    return text;
}

Table orbits_table(const Measurements& found) {
    const Table table =
        found
            .without("number", {"one step at 100", "period"})    // judged, and in words
            .table({.name = "orbits", .title = "Distances / mean length of a code; " + found.of_seeds()}, "codes",
                   "number", two_digits);
    return with_column(table, "fate", [&](const std::string& codes) { return fates_of(found, codes); });
}

Table distinct_table(const Measurements& distinct) {
    Table table{
        .name = "distinct",
        .title = text_of("After how many positions a float sees no difference any more: p_{k+1} = tanh(W p_k + b), "
                         "64 numbers, untrained, ",
                         distinct.seeds().size(), " seeds"),
        .columns = {"spectral radius of W", "median", "least", "greatest"}};
    const auto steps = [](double count) { return text_of(count == most_distinct ? "over " : "", count); };
    for (const std::string& radius : radii) {
        std::vector<double> counts = distinct.of({{"radius", radius}});
        std::sort(counts.begin(), counts.end());
        table.rows.push_back({radius, steps(counts[counts.size() / 2]), steps(counts.front()), steps(counts.back())});
    }
    return table;
}

plot::LineChart curve_chart(const Measurements& found, const std::string& curve, const std::string& title) {
    return found.where({"curve", curve})
        .chart({.title = title,
                .x_label = "position k",
                .y_label = "distance / mean length of a code",
                .log_y = true,
                .y_range = plot::Range{least_drawn, 10}},
               "codes", "k");
}

void draw_heatmaps(const Measurements& found, bool usual, Report& report) {
    std::vector<plot::Heatmap> panels;
    for (const std::string& codes : found.labels("codes"))
        panels.push_back({.title = codes,
                          .values = found.array({{"codes", codes}}),
                          .value_label = "distance of two codes / mean length",
                          .colormap = plot::Colormap::viridis,
                          .range = plot::Range{0, 2},
                          .marks = {trained_sequence},
                          .tick_step = 32});
    report.heatmaps(
        {.file = "fates_heatmaps.png",
         .title = "Dark: positions that look alike",
         .look_at = "A dark square is a fixed point, dark stripes are a cycle, or nearly one; where only the diagonal "
                    "is dark, every position has a code of its own.",
         .alt = text_of("Heatmaps of the distances between ", shown, " codes, one for each recursion",
                        usual ? ": dark squares for the untrained default RNN and GRU; after training, stripes for the "
                                "RNNs of 64 numbers, sharp on mod5 and fainter on off3; for the rotation of 8 numbers "
                                "dark stripes before training, and after it the diagonal alone."
                              : ".")},
        panels, 2);
}

int fates(const DemoOptions& options) {
    Report report(options, claims());
    std::vector<std::pair<std::string, std::string>> followed{{default_rnn, ""},        {gru, ""},
                                                              {orthogonal_rnn, "mod5"}, {orthogonal_rnn, "off3"},
                                                              {rotation_rnn, ""},       {rotation_rnn, "off3"}};
    if (options.all) followed.insert(followed.end(), {{default_rnn, "mod5"}, {default_rnn, "off3"}, {gru, "off3"}});
    if (!options.encodings.empty()) followed.clear();
    for (const std::string& encoding : options.encodings)
        for (const char* task : {"", "mod5", "off3"}) followed.emplace_back(encoding, task);
    std::vector<Case> orbits;
    for (const auto& [encoding, task] : followed) {
        require_vectors(encoding, *sample_of(encoding, sequence_request, positions));
        orbits.push_back(orbit_case(encoding, task, options.quick ? 250 : 500));
    }
    const Measurements found = measure("fates", orbits, options.seed_list(), follow);
    const Measurements distinct = measure(
        "fates of random W", cases({{"radius", radii}}, 0), {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
        [](Run& run) { run.record({}, static_cast<double>(distinct_positions(std::stod(run["radius"]), run.seed))); });

    report.show(orbits_table(found));
    report.show(distinct_table(distinct));
    report.charts(
        "fates.svg", "Three fates of a recursion",
        {curve_chart(found, "step", "one step: from code k to code k + 1"),
         curve_chart(found, "back", "five steps: from code k to code k + 5"),
         curve_chart(found, "nearest", "from code k to the nearest earlier one")},
        2,
        "A line that falls to the bottom has come back to within a rounding error: at one step it is a fixed point, at "
        "five a cycle of 5. A line that stays up does not return; one that sinks part of the way returns nearly.");
    draw_heatmaps(found, options.encodings.empty(), report);
    report.judge(found);
    report.judge(distinct);
    if (options.encodings.empty()) show_trained(options, report);
    return report.finish();
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "fates",
                     .shows = "Fixed point, cycle, torus: where does a recursion lead?",
                     .chapter = "docs/17-beyond-the-last-row.md",
                     .unused = {{"--corpus", "it reads no text"}},
                     .heatmaps = true},
                    argc, argv, fates);
}
