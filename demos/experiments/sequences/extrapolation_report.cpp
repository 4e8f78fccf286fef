#include "demos/experiments/sequences/extrapolation_report.h"

#include <sstream>

#include "demos/experiments/spread.h"

namespace ordinal {
namespace {

constexpr Index lengths = static_cast<Index>(asked_lengths.size());

std::string dependent_steps(const std::string& encoding) {
    Rng rng(1);
    switch (make_encoding(encoding, sequence_request, rng)->traits().depth) {
        case Depth::constant:
            return "1";
        case Depth::logarithmic:
            return "log T";
        case Depth::linear:
            return "T";
    }
    return "";
}

// What differs between the rows besides the encoding has to be said.
std::string rates_text(const std::vector<std::string>& encodings) {
    std::string faster;
    for (const std::string& encoding : encodings)
        if (peak_learning_rate(encoding) != 3e-3) faster += (faster.empty() ? "" : " and ") + encoding;
    return "Peak learning rate 3e-3" + (faster.empty() ? "." : "; of " + faster + " 6e-3.");
}

}    // namespace

std::vector<plot::LineChart> extrapolation_charts(const ExtrapolationResults& results) {
    std::vector<plot::LineChart> charts;
    for (std::size_t t = 0; t < results.tasks.size(); ++t) {
        const SequenceTask& task = sequence_task(results.tasks[t]);
        const bool last = t + 1 == results.tasks.size();    // one legend for all
        plot::LineChart chart{.title = task.name + ": " + task.question,
                              .x_label = "length (trained up to 32; beyond, its newest half is counted)",
                              .y_label = "share answered right",
                              .horizontal = {{last ? "the best blind guess" : "", task.chance}},
                              .log_x = true,
                              .y_range = plot::Range{0, 1.02},
                              .x_ticks = {asked_lengths.begin(), asked_lengths.end()}};
        for (std::size_t e = 0; e < results.encodings.size(); ++e) {
            plot::Line line{.name = last ? results.encodings[e] : ""};
            for (Index i = 0; i < lengths; ++i)
                add_point(line, chart.x_ticks[static_cast<std::size_t>(i)], at_length(results.accuracy[t][e], i));
            chart.lines.push_back(std::move(line));
        }
        charts.push_back(std::move(chart));
    }
    return charts;
}

std::vector<Table> extrapolation_tables(const ExtrapolationResults& results) {
    std::vector<Table> tables;
    for (std::size_t t = 0; t < results.tasks.size(); ++t) {
        const SequenceTask& task = sequence_task(results.tasks[t]);
        Table table{
            .name = task.name,
            .title = text_of(task.name, ": ", task.question, " Right at each length; mean [least .. greatest] of ",
                             results.seeds.size(), " seed(s). The best blind guess: ", spread_text({task.chance})),
            .look_at = rates_text(results.encodings),
            .columns = {"encoding"}};
        for (const Index length : asked_lengths) table.columns.push_back(std::to_string(length));
        table.columns.push_back("dependent steps");
        for (std::size_t e = 0; e < results.encodings.size(); ++e) {
            std::vector<std::string> row{results.encodings[e]};
            for (Index i = 0; i < lengths; ++i) row.push_back(spread_text(at_length(results.accuracy[t][e], i)));
            row.push_back(dependent_steps(results.encodings[e]));
            table.rows.push_back(std::move(row));
        }
        tables.push_back(std::move(table));
    }
    return tables;
}

Table headline_table(const ExtrapolationResults& results) {
    constexpr Index asked = 2;
    Table table{.name = "headline",
                .title = text_of("All tasks at length ", asked_lengths[asked], "; mean [least .. greatest] of ",
                                 results.seeds.size(), " seed(s)"),
                .look_at = rates_text(results.encodings),
                .columns = {"encoding"}};
    for (const std::string& task : results.tasks) table.columns.push_back(task);
    table.columns.push_back("dependent steps");
    for (std::size_t e = 0; e < results.encodings.size(); ++e) {
        std::vector<std::string> row{results.encodings[e]};
        for (const auto& of_task : results.accuracy) row.push_back(spread_text(at_length(of_task[e], asked)));
        row.push_back(dependent_steps(results.encodings[e]));
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::string extrapolation_csv(const ExtrapolationResults& results) {
    std::ostringstream out;
    out << "task,encoding,length,seed,accuracy\n";
    for (std::size_t t = 0; t < results.tasks.size(); ++t)
        for (std::size_t e = 0; e < results.encodings.size(); ++e)
            for (std::size_t i = 0; i < asked_lengths.size(); ++i)
                for (std::size_t s = 0; s < results.seeds.size(); ++s)
                    out << results.tasks[t] << ",\"" << results.encodings[e] << "\"," << asked_lengths[i] << ","
                        << results.seeds[s] << "," << results.accuracy[t][e][s][i] << "\n";
    return out.str();
}

}    // namespace ordinal
