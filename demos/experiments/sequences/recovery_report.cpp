#include "demos/experiments/sequences/recovery_report.h"

#include <algorithm>

#include "demos/experiments/spread.h"

namespace ordinal {
namespace {

// One number a seed.
std::vector<double> after(const RecoveryResults& results, std::size_t task, std::size_t start, std::size_t asked) {
    std::vector<double> values;
    for (const auto& curves : results.accuracy[task]) values.push_back(curves[start][asked]);
    return values;
}

std::size_t place_of(const std::string& start) {
    const auto& starts = recovery_starts();
    return static_cast<std::size_t>(std::find(starts.begin(), starts.end(), start) - starts.begin());
}

}    // namespace

std::vector<plot::LineChart> recovery_charts(const RecoveryResults& results) {
    std::vector<plot::LineChart> charts;
    for (std::size_t t = 0; t < results.tasks.size(); ++t) {
        const SequenceTask& task = sequence_task(results.tasks[t]);
        const bool last = t + 1 == results.tasks.size();    // one legend for all
        plot::LineChart chart{.title = task.name + ": " + task.question,
                              .x_label = "steps of training at 128 positions",
                              .y_label = "share answered right, all 128 positions",
                              .horizontal = {{last ? "the best blind guess" : "", task.chance}},
                              .y_range = plot::Range{0, 1.02}};
        for (std::size_t start = 0; start < recovery_starts().size(); ++start) {
            plot::Line line{.name = last ? recovery_starts()[start] : ""};
            for (std::size_t i = 0; i < results.steps.asked.size(); ++i)
                add_point(line, static_cast<double>(results.steps.asked[i]), after(results, t, start, i));
            chart.lines.push_back(std::move(line));
        }
        charts.push_back(std::move(chart));
    }
    return charts;
}

std::vector<Table> recovery_tables(const RecoveryResults& results) {
    std::vector<Table> tables;
    for (std::size_t t = 0; t < results.tasks.size(); ++t) {
        const SequenceTask& task = sequence_task(results.tasks[t]);
        Table table{
            .name = task.name,
            .title = text_of(task.name, ": ", task.question, " Right after so many steps; mean [least .. greatest] of ",
                             results.seeds.size(), " seed(s). The best blind guess: ", spread_text({task.chance})),
            .columns = {"new rows"}};
        for (const Index steps : results.steps.asked) table.columns.push_back(std::to_string(steps));
        for (std::size_t start = 0; start < recovery_starts().size(); ++start) {
            std::vector<std::string> row{recovery_starts()[start]};
            for (std::size_t i = 0; i < results.steps.asked.size(); ++i)
                row.push_back(spread_text(after(results, t, start, i)));
            table.rows.push_back(std::move(row));
        }
        tables.push_back(std::move(table));
    }
    return tables;
}

Expectations judge_recovery(const RecoveryResults& results, const RecoveryBands& bands) {
    Expectations expectations("extend_and_finetune");
    const auto expect = [&](const std::string& what, std::vector<double> measured, const Band& band,
                            const std::string& if_missed, std::optional<double> chance) {
        expectations.add({.what = what,
                          .measured = std::move(measured),
                          .band = band,
                          .source = "reference runs in PyTorch, 3 seeds",
                          .if_missed = if_missed,
                          .judged_by = JudgedBy::mean,
                          .chance = chance});
    };
    for (std::size_t t = 0; t < results.tasks.size(); ++t) {
        const auto& asked = results.steps.asked;
        const auto at = static_cast<std::size_t>(std::find(asked.begin(), asked.end(), 40) - asked.begin());
        if (at == asked.size()) continue;
        const std::vector<double> hierarchical = after(results, t, place_of("hierarchical"), at);
        const std::vector<double> random = after(results, t, place_of("random"), at);
        const double chance = sequence_task(results.tasks[t]).chance;
        if (results.tasks[t] == "off3") {
            expect("off3 after 40 steps: hierarchical", hierarchical, at_least(bands.hierarchical),
                   "seeds differ by 0.1 here, where the curve is steep; less training before leaves a table that means "
                   "less",
                   chance);
            expect("off3 after 40 steps: random", random, at_most(bands.random), "these rows were learned quickly",
                   chance);
        }
        if (results.tasks[t] == "mod5") {
            std::vector<double> difference;
            for (std::size_t s = 0; s < random.size(); ++s) difference.push_back(hierarchical[s] - random[s]);
            expect("mod5 after 40 steps: hierarchical minus random", difference, at_most(0),
                   "wrong phases (32 is no multiple of 5) should be harder to unlearn than noise",
                   {});    // a difference
        }
    }
    return expectations;
}

}    // namespace ordinal
