#include "demos/experiments/speed/parallelism_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <ordinal/core/error.h>

namespace ordinal {
namespace {

std::string milliseconds_text(double milliseconds) {
    if (std::isnan(milliseconds)) return "-";
    char text[32];
    std::snprintf(text, sizeof text, milliseconds < 0.1 ? "%.3f" : milliseconds < 10 ? "%.2f" : "%.0f", milliseconds);
    return text;
}

// A row for each encoding, a column for each length.
template <class Cell>
Table by_length(const ParallelismResults& results, Table table, const Cell& cell) {
    table.columns = {"encoding"};
    for (const Index length : results.lengths) table.columns.push_back(text_of(length));
    for (const EncodingTimes& times : results.one_thread) {
        std::vector<std::string> row{times.encoding};
        for (std::size_t i = 0; i < results.lengths.size(); ++i) row.push_back(cell(times, i));
        table.rows.push_back(std::move(row));
    }
    return table;
}

template <class Value>
plot::LineChart chart_of(const ParallelismResults& results, plot::LineChart chart, bool named, const Value& value) {
    chart.x_label = "positions in the sequence";
    chart.log_x = chart.log_y = true;
    for (std::size_t i = 0; i < results.lengths.size(); i += 2)
        chart.x_ticks.push_back(static_cast<double>(results.lengths[i]));
    for (const EncodingTimes& times : results.one_thread) {
        plot::Line line{.name = named ? times.encoding : ""};
        for (std::size_t i = 0; i < results.lengths.size(); ++i) {
            line.x.push_back(static_cast<double>(results.lengths[i]));
            line.y.push_back(value(times, i));
        }
        chart.lines.push_back(std::move(line));
    }
    return chart;
}

}    // namespace

std::vector<plot::LineChart> parallelism_charts(const ParallelismResults& results) {
    return {chart_of(results, {.title = "time for one sequence, one thread", .y_label = "milliseconds"}, false,
                     [](const EncodingTimes& times, std::size_t i) { return times.milliseconds[i]; }),
            chart_of(results, {.title = "steps that wait for each other", .y_label = "dependent operations"}, true,
                     [](const EncodingTimes& times, std::size_t i) {
                         return static_cast<double>(times.dependent_steps[i]);
                     })};
}

Table time_table(const ParallelismResults& results) {
    return by_length(results,
                     {.name = "times",
                      .title = "Milliseconds for one sequence of so many positions, forward, on one thread",
                      .look_at = "Every row ends up doubling from column to column, for all of them compute twice as "
                                 "many codes. The last row quadruples: attention looks at all pairs.",
                      .timings = true},
                     [](const EncodingTimes& t, std::size_t i) { return milliseconds_text(t.milliseconds[i]); });
}

Table step_table(const ParallelismResults& results) {
    return by_length(results,
                     {.name = "steps",
                      .title = "Operations that must wait for each other, counted in the recorded graph",
                      .look_at = "More cores shorten the times above down to this, and no further."},
                     [](const EncodingTimes& t, std::size_t i) { return text_of(t.dependent_steps[i]); });
}

Table thread_table(const ParallelismResults& results) {
    Table table{.name = "threads",
                .title = text_of("Milliseconds for ", results.lengths.back(), " positions"),
                .look_at = "A chain of steps gains nothing from a second core.",
                .columns = {"encoding", "1 thread", text_of(results.threads, " threads"), "times as fast"},
                .rows = {},
                .timings = true};
    for (std::size_t e = 0; e < results.all_threads.size(); ++e) {
        const double one = results.one_thread[e].milliseconds.back(), all = results.all_threads[e].milliseconds.back();
        char gain[16];
        std::snprintf(gain, sizeof gain, "%.1f", one / all);
        table.rows.push_back({results.one_thread[e].encoding, milliseconds_text(one), milliseconds_text(all), gain});
    }
    return table;
}

Table batch_table(const ParallelismResults& results) {
    Table table{.name = "caching",
                .title = text_of("Milliseconds for a batch of 8 sequences of ", results.batch_length,
                                 " positions, on one thread"),
                .look_at =
                    "A code that does not read the tokens is computed once for the whole batch, and after "
                    "training once and for all: then it is a table.",
                .columns = {"encoding", "training (forward and backward)", "reading (forward)", "reading, cached"},
                .rows = {},
                .timings = true};
    for (const BatchTimes& times : results.batches)
        table.rows.push_back({times.encoding, milliseconds_text(times.training), milliseconds_text(times.forward),
                              milliseconds_text(times.cached)});
    return table;
}

Expectations judge_parallelism(const ParallelismResults& results, ParallelismBands bands) {
    Expectations expectations("parallelism");
    const auto place = [&](Index length) {
        return static_cast<std::size_t>(std::find(results.lengths.begin(), results.lengths.end(), length) -
                                        results.lengths.begin());
    };
    const std::size_t from = place(128), to = place(1024);
    const auto expect = [&](const std::string& name, const std::string& what, double measured, const Band& band,
                            const std::string& source, const std::string& if_missed, double tolerance) {
        expectations.add({.what = name + ": " + what,
                          .measured = {measured},
                          .band = band,
                          .source = source,
                          .if_missed = if_missed,
                          .decimals = tolerance > 0 ? 1 : 0,
                          .tolerance = tolerance});
    };
    const bool full = bands == ParallelismBands::full;
    for (const EncodingTimes& times : results.one_thread) {
        const double ratio = times.milliseconds[to] / times.milliseconds[from];
        const auto steps = static_cast<double>(times.dependent_steps[to] - times.dependent_steps[from]);
        const bool recurrent = times.encoding.starts_with("rnn");
        const bool chain = recurrent || times.encoding.starts_with("gru") || times.encoding.starts_with("ode");
        const bool tree = times.encoding == "linear_dense" || times.encoding.starts_with("gated");
        if (recurrent)
            expect(times.encoding, "time at 1024 / time at 128", ratio, full ? between(6, 10) : between(4, 16),
                   "8 times the steps", "is something else running on this machine?", infinity);
        if (times.encoding.starts_with("linear(") && full)
            expect(times.encoding, "time at 1024 / time at 128", ratio, at_most(4), "reference runs in PyTorch",
                   "all codes together are 8 times the work. There it hides behind the fixed price of an operation, "
                   "some 3 microseconds; here that price is lower, and the work shows. What is flat is the number of "
                   "dependent steps",
                   infinity);
        const Band grown = chain ? at_least(896) : tree ? between(3, 100) : between(0, 0);
        expect(times.encoding, "dependent steps from 128 to 1024", steps, grown,
               chain  ? "at least one a position"
               : tree ? "three doublings"
                      : "none",
               "count them in the graph", 0);
    }
    return expectations;
}

}    // namespace ordinal
