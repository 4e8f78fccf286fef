// Where new rows start, and what training makes of them while all else is frozen.
#include <ordinal/core/nd_math.h>
#include <ordinal/nn/optimizer.h>
#include <ordinal/positional/tables/extended_table.h>
#include "demos/lab/captions.h"
#include "demos/real_bert/experiments.h"

namespace ordinal::demos {
namespace {

constexpr Index n = 512;

// The mean over five places beyond the last row.
void evaluate(Run& run, const Subject& subject, const Draw& draw, const NdArray& rows, Index step) {
    const std::vector<Index> starts{512, 600, 700, 800, 900};
    Scores mean;
    for (const Index s : starts) {
        const Scores scores = scores_of(subject.bert.vectors(draw.test, rows, s), draw);
        mean.faithful += scores.faithful / static_cast<double>(starts.size());
        mean.in_order += scores.in_order / static_cast<double>(starts.size());
    }
    run.record({{"steps", step}, {"score", "faithful"}}, mean.faithful);
    run.record({{"steps", step}, {"score", "in order"}}, mean.in_order);
}

// The frozen model teaches its new rows: a text told to begin at any s >= 512 shall have the vector that it has at
// home.
void train_rows(Run& run, const Subject& subject, const Draw& draw, const NdArray& home,
                const std::vector<Index>& evaluated_after) {
    constexpr std::size_t batch_size = 16;
    Rng rng(run.seed);
    const ExtendedTable table(subject.bert.table(), longer, extension_named(run["start"]), OldRows::frozen, rng);
    const auto rows = [&] { return table.vectors(Positions::arange(longer)); };
    Adam optimizer(table.parameters(), {});
    Index step = 0;
    for (const Index stop : evaluated_after) {
        for (; step < stop; ++step) {
            std::vector<Tokens> texts;
            std::vector<Index> chosen, starts;
            for (std::size_t b = 0; b < batch_size; ++b) {
                chosen.push_back(rng.below(std::ssize(draw.rest)));
                texts.push_back(draw.rest[static_cast<std::size_t>(chosen.back())]);
                starts.push_back(n + rng.below(longer - n - std::ssize(texts.back()) + 1));
            }
            const Tensor moved = subject.bert.vectors(texts, rows(), starts),
                         there(gather_rows(home, {{std::ssize(chosen)}, chosen}));
            const Tensor loss = 1 - mean(sum(moved * there, -1));
            optimizer.clear_gradients();
            loss.backward();
            optimizer.step(2e-3);
            run.step_done(static_cast<double>(loss.item()));
        }
        const NoGrad guard;
        evaluate(run, subject, draw, rows().values(), step);
    }
}

}    // namespace

void show_recovery(const Subject& subject, Report& report) {
    const DemoOptions& options = subject.options;
    Draw draw = draw_sentences(subject.sentences, options.choose(24, 64, 100), subject.bert, options.seed);
    std::erase_if(draw.rest, [](const Tokens& text) { return text.size() > 72; });
    const NdArray home = subject.bert.vectors(draw.rest, subject.bert.table(), 0);
    const std::vector<std::string> starts =
        options.choose<std::vector<std::string>>({"random", "copy"}, {"random", "copy", "hierarchical", first_127},
                                                 {"random", "zero", "copy", "anchored", "hierarchical", first_127});
    const std::vector<Index> after =
        options.choose<std::vector<Index>>({0, 15}, {0, 15, 30, 60}, {0, 15, 30, 60, 120, 240});
    const Measurements found = measure("real_bert: new rows learn", cases({{"start", starts}}, after.back()),
                                       {options.seed}, [&](Run& run) { train_rows(run, subject, draw, home, after); });

    std::cout << "Only new rows learn, up to " << (longer - n) * subject.bert.table().dim(1) << " numbers; "
              << subject.bert.frozen_numbers() << " and the old rows are frozen.\n";
    std::vector<plot::LineChart> charts;
    for (const std::string score : {"faithful", "in order"}) {
        const Measurements of_score = found.where({"score", score});
        report.show(of_score.table({.name = score == "faithful" ? "recovery_faithful" : "recovery_in_order",
                                    .title = score + " beyond row 512 (mean of five places) after so many steps of "
                                                     "training the new rows alone; one draw"},
                                   "start", "steps"));
        charts.push_back(of_score.chart({.title = score + ", mean of five places beyond row 512",
                                         .x_label = "steps of training, the new rows alone",
                                         .y_label = score,
                                         .y_range = plot::Range{0, 1.02}},
                                        "start", "steps"));
    }
    report.charts(
        "real_bert_recovery.svg", "New rows of a real BERT: where they start, and what training makes of them", charts,
        2,
        caption(found, {{"Random rows must be trained."},
                        {"Copies need fifteen steps, and copies of the rows that were truly trained need none.",
                         {first_127}}}));
    report.judge(found);
}

}    // namespace ordinal::demos
