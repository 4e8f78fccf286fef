// Which encoding goes on beyond the trained length?
//
// A small Transformer learns three tasks at 32 positions or fewer and is asked at 64, 128 and 256. Each task needs
// another kind of position, and no function of the position alone wins them all.
#include <iostream>

#include <ordinal/nn/files/file.h>
#include "demos/experiments/sequences/extrapolation_bands.h"
#include "demos/experiments/sequences/extrapolation_report.h"
#include "demos/lab/report.h"
#include "demos/lab/run_demo.h"

using namespace ordinal;

namespace {

int extrapolate(const DemoOptions& options) {
    Report report(options);
    std::vector<std::string> tasks{"off3", "mod5"};
    if (!options.quick) tasks.push_back("marker");
    const std::vector<std::string> encodings = !options.encodings.empty() ? options.encodings
                                               : options.all              ? all_encodings()
                                               : options.quick            ? few_encodings()
                                                                          : main_encodings();
    const Index steps = options.quick ? 250 : 500;
    const auto seeds = options.seed_list(options.all ? 5 : options.quick ? 1 : 2);
    const ExtrapolationResults results = run_extrapolations("extrapolate", tasks, encodings, seeds, steps);

    // The headline, and in a table of their own whatever else --all has run.
    const bool chosen = !options.encodings.empty();
    const ExtrapolationResults headline = chosen ? results : only(Keep::these, main_encodings(), results);
    const ExtrapolationResults others = only(Keep::others, headline.encodings, results);
    std::string text;
    const auto add = [&](Table table, const std::string& name) {
        table.name += name;
        text += table.title + "\n" + table.look_at + "\n\n" + markdown(table) + "\n";
        report.table(std::move(table));
    };
    add(headline_table(headline), "");
    for (const Table& table : extrapolation_tables(headline)) add(table, "");
    if (!others.encodings.empty())
        for (Table table : extrapolation_tables(others)) {
            table.look_at += " extended_table starts at std 0.02, as BERT's table does; the other tables at 0.1.";
            add(table, " others");
        }
    std::cout << "\n" << text;
    write_file(options.output("extrapolate.md"), text);
    write_file(options.output("extrapolate.csv"), extrapolation_csv(results));
    report.charts(
        "extrapolate.png", "Trained at 32 positions, asked at up to 256", extrapolation_charts(headline), 2,
        "The learned table falls to a guess at once. What has settled into a cycle wins where the answer is "
        "periodic (mod5), what turns by an angle wins where the distance counts (off3), and neither where the "
        "content decides (marker). The RNN that reads the tokens solves all three by itself.");
    std::cout << "Picture: extrapolate.png in " << options.out
              << "; the tables: extrapolate.md, every number: extrapolate.csv\n";
    return report.finish(judge("extrapolate", results, options.quick ? wide_margin_bands() : full_bands()), std::cout);
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "extrapolate",
                     .shows = "Which position encoding goes on beyond the trained length?",
                     .chapter = "docs/17-beyond-the-last-row.md",
                     .unused = {{"--corpus", "it reads no text"}}},
                    argc, argv, extrapolate);
}
