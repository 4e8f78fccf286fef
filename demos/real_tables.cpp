// What do the position tables of published models look like, and what becomes of them when they are made longer?
//
// From files that you have downloaded; docs/real-tables.md says where they are.
#include <algorithm>
#include <cmath>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/measures/indicators.h>
#include <ordinal/positional/measures/similarity.h>
#include <ordinal/positional/tables/learned_table.h>
#include <ordinal/positional/waves/sinusoidal.h>
#include "demos/lab/run_demo.h"
#include "demos/models/longer_tables.h"
#include "demos/real_tables/position_table.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

struct Arguments {
    std::string file, second, third, fourth, tensor;
};

// A picture of at most `most` cells a side: every step-th row and column. The axes say so.
plot::Heatmap within(plot::Heatmap panel, Index most) {
    const Index step = (panel.values.dim(0) + most - 1) / most;
    if (step == 1) return panel;
    std::vector<Index> kept;
    for (Index i = 0; i < panel.values.dim(0); i += step) kept.push_back(i);
    const IndexArray ids({std::ssize(kept)}, kept);
    const NdArray columns = gather_rows(contiguous(transpose(panel.values)), ids);
    panel.values = gather_rows(contiguous(transpose(columns)), ids);
    panel.x_label += text_of(" / ", step);
    panel.y_label += text_of(" / ", step);
    for (Index& mark : panel.marks) mark /= step;
    panel.tick_step = 0;
    return panel;
}

// How long its rows are, with a warning where row 0 is of another kind.
std::string about_lengths(const NdArray& rows) {
    const RowLengths lengths = row_lengths(rows);
    std::string words = lengths.words();
    if (lengths.first_is_apart())
        words +=
            "\nRow 0 is not like the others: perhaps it belongs to one token, as BERT's to [CLS], and is no position. "
            "New rows inherit it, most of all by Su's hierarchy; extended_table(from=1) leaves it out";
    return words;
}

// The indicators of the table beside those of a fresh table and of the sinusoid, each of the same size.
Table indicator_table(const RealTable& table, const std::string& name, std::uint64_t seed) {
    const Index n = table.rows.dim(0), D = table.rows.dim(1);
    NoGrad guard;
    Rng rng(seed);
    const auto of = [](const NdArray& codes) { return indicators_of(cosine_similarity(codes), codes); };
    const Indicators real = of(table.rows), fresh = of(LearnedTable(n, D, rng).weight().values());
    const bool even = D % 2 == 0;    // no sinusoid is of odd width
    const Indicators sinusoid = even ? of(Sinusoidal(D).vectors(Positions::arange(n)).values()) : Indicators{};
    const std::string reserved =
        table.reserved > 0 ? text_of(" (after ", table.reserved, " rows that are no positions)") : "";
    Table shown{.name = name,
                .title = text_of(table.file, ": ", table.tensor, ", ", n, " positions of ", D, " numbers", reserved),
                .look_at = about_lengths(table.rows),
                .columns = {"indicator", "this one", "fresh", "sinusoid", "what it means"}};
    const auto line = [&](const std::string& what, double Indicators::*value, const std::string& meaning) {
        shown.rows.push_back({what});
        for (const Indicators* indicators : {&real, &fresh, &sinusoid})
            shown.rows.back().push_back(std::isnan(indicators->*value) ? "-" : fixed(indicators->*value, 3));
        shown.rows.back().push_back(meaning);
    };
    line("translation invariance", &Indicators::translation_invariance, "1: the cosine depends on the distance only");
    line("monotonicity, 8 steps", &Indicators::monotonicity_8, "1: it falls with every step away");
    line("monotonicity, all", &Indicators::monotonicity, "1/2: a coin");
    line("symmetry", &Indicators::symmetry, "1: left and right look the same");
    line("effective rank", &Indicators::effective_rank, "directions that are really used");
    line("distinct", &Indicators::distinct, "positions that differ from all others");
    line("probe error", &Indicators::probe_error, "positions, read off by a linear map");
    line("order error", &Indicators::order_error, "pairs in the wrong order; 1/2: a coin");
    line("step error", &Indicators::shift_error, "0: a linear map leads to the next; -: D > n");
    return shown;
}

int run_real_tables(const Arguments& arguments, const DemoOptions& options) {
    std::vector<RealTable> tables;    // read them all before the first picture: a wrong name ends it at once
    for (const std::string& path : {arguments.file, arguments.second, arguments.third, arguments.fourth})
        if (!path.empty()) tables.push_back(read_position_table(path, arguments.tensor));

    Report report(options);
    std::vector<plot::Heatmap> panels;
    for (std::size_t t = 0; t < tables.size(); ++t) {
        const RealTable& table = tables[t];
        const Index n = table.rows.dim(0), length = std::min(3 * n, n * n);
        report.show(indicator_table(table, text_of("indicators_", t + 1), options.seed));
        report.show(seams_table(text_of("seams_", t + 1), table.file, table.rows, length, options.seed));
        panels.push_back(within({.title = text_of(table.file, " ", table.rows.shape()),
                                 .values = cosine_similarity(table.rows),
                                 .value_label = "cosine",
                                 .range = plot::Range{-1, 1}},
                                512));
        std::vector<plot::Heatmap> longer;
        for (const plot::Heatmap& panel : extension_panels(table.rows, length, options.seed))
            longer.push_back(within(panel, 400));
        const std::string file = text_of("real_tables_extended_", t + 1, ".png"),
                          title = text_of(table.file, ": ", n, " rows made ", length, " long");
        report.heatmaps({.file = file,
                         .title = title,
                         .look_at = "Thin lines are seams; diagonals beside the main one are ghosts.",
                         .alt = "Six heatmaps of cosine similarities, one for each way to extend the table."},
                        longer, 3);
    }
    report.heatmaps({.file = "real_tables.png",
                     .title = "Learned positions: cosine similarity",
                     .look_at = "How wide is the band, is it even, and does position 0 stand out?",
                     .alt = "A heatmap of the cosine similarity of positions for each file."},
                    panels, std::min<int>(2, static_cast<int>(panels.size())));
    std::cout << "\nPictures: real_tables.png and real_tables_extended_1.png, ... in " << options.out << "\n";
    return report.finish();    // nothing is claimed: the file is yours
}

}    // namespace

int main(int argc, char** argv) {
    Arguments arguments;
    return run_demo(
        {.name = "real_tables",
         .shows = "The position tables of models that you have downloaded (safetensors files).",
         .extra = {{.name = "FILE",
                    .help = "a safetensors file, such as BERT's",
                    .target = &arguments.file,
                    .required = true},
                   {"FILE2", "another one, beside it", &arguments.second},
                   {"FILE3", "a third", &arguments.third},
                   {"FILE4", "and a fourth", &arguments.fourth},
                   {"--tensor", "the name of the table, where the demo does not find it", &arguments.tensor}},
         .chapter = "docs/real-tables.md",
         .unused = {{"--seeds", "its tables are given"},
                    {"--encodings", "it reads tables from files"},
                    {"--corpus", "it reads no text"}},
         .heatmaps = true},
        argc, argv, [&](const DemoOptions& options) { return run_real_tables(arguments, options); });
}
