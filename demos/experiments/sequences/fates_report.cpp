#include "demos/experiments/sequences/fates_report.h"

#include <algorithm>
#include <cstdio>

#include "demos/experiments/sequences/extrapolation_runs.h"
#include "demos/experiments/spread.h"

namespace ordinal {
namespace {

const char* const band_source = "reference runs in PyTorch";

template <class Get>
std::vector<double> over_seeds(const std::vector<Fate>& fates, Get get) {
    std::vector<double> values;
    for (const Fate& fate : fates) values.push_back(get(fate));
    return values;
}

std::string short_number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2g", value);
    return text;
}

std::string number_range(const std::vector<double>& values) {
    const Summary s = summary(values);
    if (values.size() == 1) return short_number(s.mean);
    return short_number(s.mean) + " [" + short_number(s.least) + " .. " + short_number(s.greatest) + "]";
}

std::string fate_name(const std::vector<Fate>& fates) {
    constexpr double nearly = 0.05;    // of a code's length: what a net that is a little blurred takes for the same
    std::string text;
    for (const Fate& fate : fates) {
        const Index period = fate.period();
        text += (text.empty() ? "" : ", ") + (period == 0 && fate.least_of(256) < nearly ? std::string("nearly returns")
                                              : period == 0                              ? "no return"
                                              : period == 1                              ? "fixed point"
                                                            : text_of("cycle of ", period));
    }
    return text;
}

}    // namespace

std::vector<plot::LineChart> fate_charts(const FatesResults& results) {
    const auto chart = [&](const std::string& title, std::vector<double> Fate::*measure, bool named) {
        constexpr double least = 1e-9;    // 0 has no place on a logarithmic axis
        plot::LineChart panel{.title = title,
                              .x_label = "position k",
                              .y_label = "distance / mean length of a code",
                              .log_y = true,
                              .y_range = plot::Range{least, 10}};
        for (std::size_t c = 0; c < results.cases.size(); ++c) {
            plot::Line line{.name = named ? results.cases[c].name() : ""};
            const std::size_t positions = (results.fates[c].front().*measure).size();
            for (std::size_t k = 1; k < positions; k += 3)    // before k = 1 there is no earlier position
                add_point(line, static_cast<double>(k), over_seeds(results.fates[c], [&](const Fate& fate) {
                              return std::max((fate.*measure)[k], least);
                          }));
            panel.lines.push_back(std::move(line));
        }
        return panel;
    };
    return {chart("one step: from code k to code k + 1", &Fate::step, false),
            chart("five steps: from code k to code k + 5", &Fate::back, false),
            chart("from code k to the nearest earlier one", &Fate::nearest, true)};
}

std::vector<plot::Heatmap> fate_heatmaps(const FatesResults& results) {
    constexpr Index shown = 96;
    std::vector<plot::Heatmap> panels;
    for (std::size_t c = 0; c < results.cases.size(); ++c) {
        const NdArray& all = results.fates[c].front().distances;
        panels.push_back({.title = results.cases[c].name(),
                          .values = contiguous(slice(slice(all, 0, 0, shown), 1, 0, shown)),
                          .value_label = "distance of two codes / mean length",
                          .colormap = plot::Colormap::viridis,
                          .range = plot::Range{0, 2},
                          .marks = {trained_sequence},
                          .tick_step = 32});
    }
    return panels;
}

Table fates_table(const FatesResults& results) {
    Table table{.name = "orbits",
                .title = text_of("Distances / mean length of a code; mean [least .. greatest] of ",
                                 results.seeds.size(), " seed(s)"),
                .columns = {"codes", "one step at 30", "one step at 400", "five steps at 400", "nearest two of 32",
                            "nearest two of 256", "fate"}};
    for (std::size_t c = 0; c < results.cases.size(); ++c) {
        std::vector<std::string> row{results.cases[c].name()};
        const auto add = [&](auto get) { row.push_back(number_range(over_seeds(results.fates[c], get))); };
        add([](const Fate& fate) { return fate.step[30]; });
        add([](const Fate& fate) { return fate.step[400]; });
        add([](const Fate& fate) { return fate.back[400]; });
        add([](const Fate& fate) { return fate.least_of(32); });
        add([](const Fate& fate) { return fate.least_of(256); });
        row.push_back(fate_name(results.fates[c]));
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table distinct_table(const FatesResults& results) {
    Table table{
        .name = "distinct",
        .title = text_of("After how many positions a float sees no difference any more: p_{k+1} = tanh(W p_k + b), "
                         "64 numbers, untrained, ",
                         results.distinct.front().size(), " seeds"),
        .columns = {"spectral radius of W", "median", "least", "greatest"}};
    const auto steps = [](Index count) { return (count == most_distinct ? "over " : "") + std::to_string(count); };
    for (std::size_t r = 0; r < results.radii.size(); ++r) {
        std::vector<Index> counts = results.distinct[r];
        std::sort(counts.begin(), counts.end());
        table.rows.push_back(
            {text_of(results.radii[r]), steps(counts[counts.size() / 2]), steps(counts.front()), steps(counts.back())});
    }
    return table;
}

Expectations judge_fates(const FatesResults& results, double torus) {
    Expectations expectations("fates");
    const auto expect = [&](const std::string& encoding, const std::string& task, const std::string& what, auto get,
                            const Band& band, const std::string& if_missed, int decimals,
                            const char* source = band_source) {
        for (std::size_t c = 0; c < results.cases.size(); ++c)
            if (results.cases[c].encoding == encoding && results.cases[c].task == task)
                expectations.add({.what = results.cases[c].name() + ": " + what,
                                  .measured = over_seeds(results.fates[c], get),
                                  .band = band,
                                  .source = source,
                                  .if_missed = if_missed,
                                  .judged_by = JudgedBy::mean,
                                  .decimals = decimals});
    };
    const auto step = [](const Fate& fate) { return fate.step[100]; };
    const auto back = [](const Fate& fate) { return fate.back[400]; };
    const auto least = [](const Fate& fate) { return fate.least_of(256); };
    const std::string slow = "this seed's W contracts more slowly",
                      early = "not settled yet; some seeds need more steps";
    expect(default_rnn, "", "one step at 100", step, at_most(0.001), slow, 6);
    expect("gru(state=8, gain=0.15)", "", "one step at 100", step, at_most(0.001), slow, 6);
    expect(orthogonal_rnn, "mod5", "five steps at 400", back, at_most(1e-6), early, 9);
    expect(orthogonal_rnn, "off3", "nearest two of 256", least, at_most(0.15), "this seed found a longer way round", 3);
    expect(rotation_rnn, "off3", "nearest two of 256", least, at_least(torus),
           "in some seeds the angles nearly fall into step; they answer worse, too", 3,
           "ours: about half of the 0.35 .. 0.40 of the reference runs in PyTorch, for seeds differ much");
    const auto expect_distinct = [&](double radius, const Band& band) {
        for (std::size_t r = 0; r < results.radii.size(); ++r)
            if (results.radii[r] == radius)
                expectations.add({.what = text_of("distinct positions, spectral radius ", radius),
                                  .measured = {results.distinct[r].begin(), results.distinct[r].end()},
                                  .band = band,
                                  .source = band_source,
                                  .if_missed = "other draws of W; the bias matters, too",
                                  .judged_by = JudgedBy::mean,
                                  .decimals = 0});
    };
    expect_distinct(0.5, between(20, 32));
    expect_distinct(0.9, between(100, 170));
    return expectations;
}

}    // namespace ordinal
