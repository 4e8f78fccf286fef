#include "demos/fates/trained_orbits.h"

#include <algorithm>
#include <cstdio>

#include "demos/fates/long_orbit.h"
#include "demos/models/sequence_model.h"

namespace ordinal::demos {
namespace {

// A phase asks for a cycle, a distance for a rotation. What that predicts was written down before the first run. Of
// mod5, off3 and marker two models each had been seen; of the others none.
const std::vector<std::pair<std::string, std::string>> predictions{
    {"mod5", "cycle of 5"},
    {"mod7", "cycle of 7"},
    {"mod6", "cycle of 6"},    // composite: a cycle of 12 would do, but nothing pays for keeping codes apart
    {"off3", "torus"},
    {"off5", "torus"},
    {"marker", "torus"},
    {"off3+mod5", "torus, nearest after a multiple of 5"},    // in five parts: the phase says which, the angle where
};

void follow_trained(Run& run) {
    const Transformer model =
        trained_model(sequence_task(run["task"]), orthogonal_rnn, run.seed, run.steps, run.step_done);
    const LongOrbit orbit = long_orbit(recursion_of(encoding_of(model)));
    const Index lag = orbit.nearest_return();
    run.record({{"fate", orbit.fate()}}, static_cast<double>(lag));
    run.record({{"number", "exponent"}}, orbit.exponent);
    for (const Index k : {32, 128, 512, 4096})
        run.record({{"number", text_of("off at ", k)}}, orbit.distance(k, k + lag));
    run.keep({}, orbit.two_numbers(256));
}

// Seed by seed: "cycle of 5, torus (22), cycle of 5".
std::string fates_of(const Measurements& of_task) {
    std::string text;
    for (const auto& measured : of_task.numbers)
        if (const Label& last = measured.labels.back(); last.axis == "fate")
            text += (text.empty() ? "" : ", ") + last.value +
                    (last.value == "torus" ? text_of(" (", measured.value, ")") : "");
    return text;
}

Table trained_table(const Measurements& found) {
    Table table =
        found.table({.name = "trained",
                     .title = text_of("What training makes of ", orthogonal_rnn, ": ", LongOrbit::length,
                                      " codes in double; ", found.of_seeds()),
                     .look_at = "In parentheses: after how many steps a torus comes back most nearly. Off: by "
                                "how much of a\ncode's length, after the period or so many steps. Exponent "
                                "(of Lyapunov): below 0 it attracts."},
                    "task", "number", two_digits);
    table.columns.insert(table.columns.begin() + 1, {"predicted", "fate"});
    for (auto& row : table.rows) {
        const auto predicted = std::ranges::find(predictions, row.front(), &std::pair<std::string, std::string>::first);
        row.insert(row.begin() + 1, {predicted->second, fates_of(found.where({"task", row.front()}))});
    }
    return table;
}

std::vector<plot::LineChart> trained_charts(const Measurements& found) {
    std::vector<plot::LineChart> charts;
    for (const std::string& task : found.labels("task")) {
        const std::vector<Scalar> points = found.array({{"task", task}}).to_vector();
        const auto half = points.begin() + std::ssize(points) / 2;
        charts.push_back(
            {.title = "trained on " + task,
             .x_label = "the number of a code that varies most",
             .y_label = "the second most",
             .lines = {
                 {.name = "256 codes", .x = {points.begin(), half}, .y = {half, points.end()}, .only_dots = true}}});
    }
    return charts;
}

}    // namespace

std::string two_digits(const std::vector<double>& seeds) {
    const auto text = [](double value) {
        char digits[32];
        std::snprintf(digits, sizeof digits, "%.2g", value);
        return std::string(digits);
    };
    const Summary s = summary(seeds);
    return text(s.mean) + (seeds.size() == 1 ? "" : " [" + text(s.least) + " .. " + text(s.greatest) + "]");
}

void show_trained(const DemoOptions& options, Report& report) {
    std::vector<std::string> tasks;
    for (const auto& [task, fate] : predictions) tasks.push_back(task);
    tasks = options.choose<std::vector<std::string>>({"mod7"}, {"mod7", "off5"}, tasks);
    const Measurements found = measure("fates, trained", cases({{"task", tasks}}, options.quick ? 250 : 500),
                                       options.seed_list(options.all ? 3 : 1), follow_trained);
    report.show(trained_table(found));
    report.charts(
        "fates_trained.svg", "Orbits that training has made", trained_charts(found), 2,
        "256 codes, long after the last trained position. As many dots as a cycle has points, or a curve that "
        "never closes: a phase asks for the one, a distance for the other.");
}

}    // namespace ordinal::demos
