// Measurements: every number that a demo has measured, a row each ("tidy data"): what it is of, the seed, the value.
// The tables, charts, CSV files and verdicts of all demos are made from this one shape.
//
//     const Measurements found = measure("shift", cases({{"encoding", encodings}}, 500), seeds, [](Run& run) {
//         ... train run["encoding"] from run.seed for run.steps steps, calling run.step_done(loss) after each ...
//         for (Index s : shifts) run.record({{"s", s}}, accuracy(model, s));
//     });
//     report.show(found.table({.name = "off3", .title = "Right at shift s; " + found.of_seeds()}, "encoding", "s"));
//     report.chart("shift.svg", found.chart({.title = "...", .log_x = true}, "encoding", "s"), "what to look at");
//     report.judge(found);
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ordinal/core/error.h>
#include <ordinal/core/nd_array.h>
#include "demos/lab/summary.h"
#include "demos/lab/table.h"
#include "demos/plot/line_chart.h"

namespace ordinal::demos {

// One of the things that a number is of: {"encoding", "rope"}, {"length", 64}. Values are kept as text.
struct Label {
    std::string axis, value;
    Label(std::string of_axis, const auto& of_value) : axis(std::move(of_axis)), value(text_of(of_value)) {}
    bool operator==(const Label&) const = default;
};
using Labels = std::vector<Label>;
std::string text_of_labels(const Labels& labels);    // "encoding rope, length 64"

template <class Value>
struct Measured {
    Labels labels;
    std::uint64_t seed;
    Value value;
};

// One piece of work on each seed: its labels, and how many steps of training it takes (for the progress bar).
struct Case {
    Labels labels;
    Index steps = 0;
};
// All combinations, the last axis changing fastest: cases({{"task", {"off3", "mod5"}}, {"encoding", names}}, 500)
std::vector<Case> cases(const std::vector<std::pair<std::string, std::vector<std::string>>>& axes, Index steps);

using StepDone = std::function<void(double loss)>;

// A case on one seed while it runs, and where its numbers go.
struct Run {
    Labels labels;
    Index steps;
    std::uint64_t seed;
    StepDone step_done = {};    // to be called after each step, with its loss
    std::vector<Measured<double>> numbers = {};
    std::vector<Measured<NdArray>> arrays = {};

    const std::string& operator[](const std::string& axis) const;    // OptionError: no label of that axis
    void record(const Labels& more, double value);
    void keep(const Labels& more, NdArray values);    // for a picture
};

// A cell of a table: by default "0.42 [0.37 .. 0.48]", with one seed "0.42", and "-" for no number (or NaN).
using Cell = std::function<std::string(const std::vector<double>& seeds)>;

class Measurements {
public:
    std::vector<Measured<double>> numbers;
    std::vector<Measured<NdArray>> arrays;

    // One number a seed, in the order of the seeds. Empty: nothing was measured there.
    std::vector<double> of(const Labels& labels) const;
    // What the first seed kept. OptionError: nothing.
    const NdArray& array(const Labels& labels) const;

    // The labels of an axis, each once. Where all of them are numbers they are sorted; else they stand in the order in
    // which they came.
    std::vector<std::string> labels(const std::string& axis) const;
    std::vector<std::uint64_t> seeds() const;
    std::string of_seeds() const;    // "mean [least .. greatest] of 5 seeds", "one seed": for titles

    // The rows that have this label; that have one of these; that have none of these.
    Measurements where(const Label& label) const;
    Measurements only(const std::string& axis, const std::vector<std::string>& values) const;
    Measurements without(const std::string& axis, const std::vector<std::string>& values) const;

    // A row for each label of one axis, a column for each of the other. Cut with where() what has further axes.
    Table table(Table head, const std::string& rows, const std::string& columns,
                const Cell& cell = mean_and_range) const;

    // A line for each label of one axis, over the numbers of the other: the mean of the seeds within the band from the
    // least to the greatest. `place`: where a number stands on the axis. Along a logarithmic axis the measured places
    // are its ticks. OptionError: a label of the other axis is no number.
    plot::LineChart chart(plot::LineChart head, const std::string& lines, const std::string& x,
                          const std::function<double(double)>& place = {}) const;

    // A row for each number: its labels, the seed, the value.
    std::string csv(const std::string& value_name) const;
};

// Each case on each seed, on all cores, with one progress bar: the sum of all steps. What a run computes does not
// depend on the others, so that the numbers are the same for every number of threads.
Measurements measure(const std::string& demo, const std::vector<Case>& cases, const std::vector<std::uint64_t>& seeds,
                     const std::function<void(Run&)>& run);

}    // namespace ordinal::demos
