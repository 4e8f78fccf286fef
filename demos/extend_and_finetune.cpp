// A table trained at 32 positions is made 128 long. What should the new rows start from?
//
// Six starts, then the same training at 128 positions. On a relative task Su's hierarchical rows recover fastest; on an
// absolute one they are among the slowest, for they carry wrong phases.
#include <iostream>

#include "demos/experiments/sequences/recovery_report.h"
#include "demos/lab/report.h"
#include "demos/lab/run_demo.h"

using namespace ordinal;

namespace {

int extend_and_finetune(const DemoOptions& options) {
    Report report(options);
    const Index before = options.quick ? 250 : 500;
    const std::vector<Index> briefly{0, 10, 20, 40}, longer{0, 10, 20, 40, 80, 160},
        to_the_end{0, 10, 20, 40, 80, 160, 320};
    const RecoverySteps steps{before, options.quick ? briefly : options.all ? to_the_end : longer};
    const RecoveryResults results = run_recoveries({"off3", "mod5"}, steps,
                                                   options.seed_list(options.all     ? 5
                                                                     : options.quick ? 1
                                                                                     : 2));

    for (const Table& table : recovery_tables(results)) {
        std::cout << "\n" << table.title << "\n\n" << markdown(table);
        report.table(table);
    }
    report.charts(
        "extend_and_finetune.png", "A table of 32 rows made 128 long: how fast does the model recover?",
        recovery_charts(results), 2,
        "Hierarchical rows are far ahead where only the distance counts (off3), and among the slowest where the "
        "phase counts (mod5): 32 is no multiple of 5, so the rows they repeat are wrong ones.");
    std::cout << "\nPicture: extend_and_finetune.png in " << options.out
              << ". A quarter of the 128 positions are old: on off3, 0.3 is no learning yet.\n";
    const RecoveryBands wide_margin{.hierarchical = 0.5};
    return report.finish(judge_recovery(results, options.quick ? wide_margin : RecoveryBands{}), std::cout);
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo(
        {.name = "extend_and_finetune",
         .shows = "A trained table made longer: how fast does it recover?",
         .chapter = "docs/08-extending-a-trained-table.md",
         .unused = {{"--encodings", "it extends BERT's table and nothing else"}, {"--corpus", "it reads no text"}}},
        argc, argv, extend_and_finetune);
}
