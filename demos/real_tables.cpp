// The position tables of published models, from files that you have downloaded: their pictures, their numbers, and what
// becomes of them when they are made longer. docs/real-tables.md says where the files are.
#include <algorithm>
#include <iostream>

#include <ordinal/positional/measures/similarity.h>
#include "demos/experiments/tables/extension_views.h"
#include "demos/experiments/tables/real_table.h"
#include "demos/lab/report.h"
#include "demos/lab/run_demo.h"

using namespace ordinal;

namespace {

struct Arguments {
    std::string file, second, third, fourth, tensor;
};

// A picture of at most `most` cells a side. Where rows are left out, the axes say so.
plot::Heatmap within(plot::Heatmap panel, Index most) {
    const Index step = (panel.values.dim(0) + most - 1) / most;
    if (step == 1) return panel;
    panel.values = thinned(panel.values, step);
    panel.x_label += text_of(" / ", step);
    panel.y_label += text_of(" / ", step);
    for (Index& mark : panel.marks) mark /= step;
    panel.tick_step = 0;
    return panel;
}

int real_tables(const Arguments& arguments, const DemoOptions& options) {
    std::vector<RealTable> tables;    // read them all before the first picture: a wrong name ends it at once
    for (const std::string& path : {arguments.file, arguments.second, arguments.third, arguments.fourth})
        if (!path.empty()) tables.push_back(read_position_table(path, arguments.tensor));

    Report report(options);
    std::vector<plot::Heatmap> panels;
    for (std::size_t t = 0; t < tables.size(); ++t) {
        const RealTable& table = tables[t];
        const Index n = table.rows.dim(0), length = std::min(3 * n, n * n);
        print_indicators(std::cout, table, options.seed);
        const Table seams = seams_table("seams", table.file, table.rows, length, options.seed);
        std::cout << "\n" << seams.title << "\n\n" << markdown(seams);
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
        plot::save_grid(options.output(file), title, longer, 3);
        report.picture({.file = file,
                        .title = title,
                        .look_at = "Thin lines are seams; diagonals beside the main one are ghosts.",
                        .alt = "Six heatmaps of cosine similarities, one for each way to extend the table."});
    }
    const std::string title = "Learned positions: cosine similarity";
    plot::save_grid(options.output("real_tables.png"), title, panels,
                    std::min<int>(2, static_cast<int>(panels.size())));
    report.picture({.file = "real_tables.png",
                    .title = title,
                    .look_at = "How wide is the band, is it even, and does position 0 stand out?",
                    .alt = "A heatmap of the cosine similarity of positions for each file."});
    std::cout << "\nPictures: real_tables.png and real_tables_extended_1.png, ... in " << options.out << "\n";
    return report.finish(Expectations("real_tables"), std::cout);    // nothing is expected: the file is yours
}

}    // namespace

int main(int argc, char** argv) {
    Arguments arguments;
    return run_demo(
        {.name = "real_tables",
         .shows = "The position tables of models that you have downloaded (safetensors files).",
         .extra = {{"FILE", "a safetensors file, such as BERT's", &arguments.file, true},
                   {"FILE2", "another one, beside it", &arguments.second},
                   {"FILE3", "a third", &arguments.third},
                   {"FILE4", "and a fourth", &arguments.fourth},
                   {"--tensor", "the name of the table, where the demo does not find it", &arguments.tensor}},
         .chapter = "docs/real-tables.md",
         .unused = {{"--seeds", "its tables are given"},
                    {"--encodings", "it reads tables from files"},
                    {"--corpus", "it reads no text"}},
         .heatmaps = true},
        argc, argv, [&](const DemoOptions& options) { return real_tables(arguments, options); });
}
