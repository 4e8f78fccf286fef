// A rule and a table together: the table adapts, the rule goes on. Does one get both?
//
// Only if the table is sometimes dropped in training (dropout=0.5: for whole batches). Otherwise the net leans on the
// table, and falls where it ends. Noise on the rule's codes (noise=...) makes the rule itself sturdier.
#include <iostream>

#include "demos/experiments/sequences/extrapolation_bands.h"
#include "demos/experiments/sequences/extrapolation_report.h"
#include "demos/lab/report.h"
#include "demos/lab/run_demo.h"

using namespace ordinal;

namespace {

int run_hybrid(const DemoOptions& options) {
    Report report(options);
    std::vector<std::string> tasks{"off3"}, encodings = hybrid_encodings();
    if (options.all) tasks.push_back("mod5");
    if (options.quick) encodings = {closed_form, hybrid, hybrid_dropped};
    if (!options.encodings.empty()) encodings = options.encodings;
    const auto seeds = options.seed_list(options.all ? 5 : options.quick ? 1 : 2);
    const ExtrapolationResults results =
        run_extrapolations("hybrid", tasks, encodings, seeds, options.quick ? 250 : 500);

    for (const Table& table : extrapolation_tables(results)) {
        std::cout << "\n" << table.title << "\n" << table.look_at << "\n\n" << markdown(table);
        report.table(table);
    }
    report.charts(
        "hybrid.png", "A rule beside a table, with and without dropping the table", extrapolation_charts(results), 2,
        "The rule alone goes on. Beside a table that is always there the net leans on the table and falls "
        "with it: with a noisy rule to a guess, with a quiet one about half of the way, for then it has learned "
        "something of the rule. Where the table is dropped in half of the batches, the rule carries on when "
        "the table ends.");
    std::cout << "\nPicture: hybrid.png in " << options.out << "\n";
    return report.finish(judge("hybrid", results, options.quick ? wide_margin_bands() : hybrid_bands()), std::cout);
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "hybrid",
                     .shows = "A rule beside a table, with and without dropping the table.",
                     .chapter = "docs/11-partly-fixed-partly-learned.md",
                     .unused = {{"--corpus", "it reads no text"}}},
                    argc, argv, run_hybrid);
}
