#include "demos/experiments/sequences/sequence_shift.h"

#include <algorithm>

#include "demos/experiments/sequences/extrapolation_runs.h"
#include "demos/experiments/spread.h"

namespace ordinal {
namespace {

std::vector<double> at_shift(const ShiftResults& results, std::size_t encoding, std::size_t shift) {
    std::vector<double> values;
    for (const auto& curve : results.accuracy[encoding]) values.push_back(curve[shift]);
    return values;
}

}    // namespace

void require_movable(const std::string& name, const Traits& traits) {
    require<OptionError>(traits.ids != AcceptedIds::consecutive, name,
                         ": it runs along the tokens from position 0, so there is nothing to shift");
    const Index needed = shifts().back() + trained_sequence, bound = traits.max_length.value_or(needed);
    require<OptionError>(bound >= needed, name, ": expected ", needed, " positions or more, got ", bound);
}

const std::vector<Index>& shifts() {
    static const std::vector<Index> all{0, 1, 2, 4, 8, 16, 32, 64, 128, 224};
    return all;
}

ShiftResults run_shifts(const std::vector<std::string>& encodings, const std::vector<std::uint64_t>& seeds,
                        Index steps) {
    for (const std::string& encoding : encodings) {
        Rng rng(1);
        require_movable(encoding, make_encoding(encoding, sequence_request, rng)->traits());
    }
    ShiftResults results{encodings, seeds, {}};
    results.accuracy.assign(encodings.size(), std::vector<std::vector<double>>(seeds.size()));
    std::vector<Job> jobs;
    for (std::size_t s = 0; s < seeds.size(); ++s)
        for (std::size_t e = 0; e < encodings.size(); ++e)
            jobs.push_back({steps, [&, s, e](const StepDone& done) {
                                const SequenceTask& task = sequence_task("off3");
                                const Transformer model = trained_model(task, encodings[e], seeds[s], steps, done);
                                for (const Index shift : shifts())
                                    results.accuracy[e][s].push_back(accuracy(model, task, {.start = shift}));
                            }});
    run_jobs("shift: " + std::to_string(jobs.size()) + " training runs", jobs);
    return results;
}

ShiftResults only(const std::vector<std::string>& encodings, const ShiftResults& results) {
    ShiftResults part{{}, results.seeds, {}};
    for (std::size_t e = 0; e < results.encodings.size(); ++e) {
        if (std::find(encodings.begin(), encodings.end(), results.encodings[e]) == encodings.end()) continue;
        part.encodings.push_back(results.encodings[e]);
        part.accuracy.push_back(results.accuracy[e]);
    }
    return part;
}

plot::LineChart shift_chart(const ShiftResults& results) {
    plot::LineChart chart{.title = "off3, trained at positions 0 .. 31: the same tokens at s .. s + 31",
                          .x_label = "s + 1, s: the shift of all positions",
                          .y_label = "share answered right",
                          .horizontal = {{"the best blind guess", sequence_task("off3").chance}},
                          .vertical = {{"all unseen", static_cast<double>(trained_sequence + 1)}},
                          .log_x = true,
                          .y_range = plot::Range{0, 1.02}};
    for (const Index shift : shifts()) chart.x_ticks.push_back(static_cast<double>(shift + 1));
    for (std::size_t e = 0; e < results.encodings.size(); ++e) {
        plot::Line line{.name = results.encodings[e]};
        for (std::size_t i = 0; i < shifts().size(); ++i) add_point(line, chart.x_ticks[i], at_shift(results, e, i));
        chart.lines.push_back(std::move(line));
    }
    return chart;
}

Table shift_table(const ShiftResults& results) {
    Table table{
        .name = "off3",
        .title = text_of("off3, right at 32 positions shifted by s; mean [least .. greatest] of ", results.seeds.size(),
                         " seed(s). The best blind guess: ", spread_text({sequence_task("off3").chance})),
        .columns = {"encoding"}};
    for (const Index shift : shifts()) table.columns.push_back("s = " + std::to_string(shift));
    for (std::size_t e = 0; e < results.encodings.size(); ++e) {
        std::vector<std::string> row{results.encodings[e]};
        for (std::size_t i = 0; i < shifts().size(); ++i) row.push_back(spread_text(at_shift(results, e, i)));
        table.rows.push_back(std::move(row));
    }
    return table;
}

Expectations judge_shifts(const ShiftResults& results, ShiftBands bands) {
    Expectations expectations("shift");
    const auto expect = [&](const std::string& encoding, std::size_t shift, const Band& band, const char* source,
                            const char* if_missed) {
        for (std::size_t e = 0; e < results.encodings.size(); ++e)
            if (same_encoding(results.encodings[e], encoding))
                expectations.add({.what = text_of(encoding, " shifted by ", shifts()[shift]),
                                  .measured = at_shift(results, e, shift),
                                  .band = band,
                                  .source = source,
                                  .if_missed = if_missed,
                                  .judged_by = JudgedBy::mean,
                                  .chance = sequence_task("off3").chance});
    };
    const std::size_t last = shifts().size() - 1;
    expect(learned_table, 0, at_least(0.99), "reference runs in PyTorch", "were there enough steps?");
    // The band of unseen rows is that of the demo extrapolate at length 64.
    expect(learned_table, 6, at_most(bands == ShiftBands::full ? 0.15 : 0.20), "rows 32 and up are untrained",
           "nothing is known about these rows. But mind that a model without any positions reaches 0.15 here, for it "
           "sees which tokens there are, if not where (0.12 at 64); more than that is luck or a leak");
    expect(rotary, last, at_least(0.99), "its scores depend on i - j only", "were there enough steps?");
    return expectations;
}

}    // namespace ordinal
