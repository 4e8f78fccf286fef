// Report: what a demo leaves beside its pictures, so that the gallery can show them and the book can quote them.
//
//     Report report(options);
//     report.heatmaps({.file = "verse_beyond.png", .title = "...", .look_at = "...", .alt = "..."}, panels, columns);
//     report.chart("verse_where.svg", chart, "The table's line falls at 32; the RNNs' stay.");
//     report.show({.name = "where", .columns = {"encoding", "right"}, .rows = rows});
//     return report.finish(found, claims);
#pragma once

#include <iostream>
#include <string>
#include <vector>

#include "demos/lab/measurements.h"
#include "demos/plot/heatmap.h"

namespace ordinal::demos {

enum class Vary { never, with_the_machine };    // timings vary with the machine, and are not compared

class Report {
public:
    explicit Report(const DemoOptions& options);

    // Where a file of the demo goes: OUT/name.
    std::string path(const std::string& name) const { return options_.output(name); }

    // Draws the panels, `columns` to a row, as path(picture.file).
    void heatmaps(const Picture& picture, const std::vector<plot::Heatmap>& panels, int columns);
    // One that the gallery does not show; the results vouch for it all the same.
    void fingerprint(const std::string& file);

    // Saves the picture, as SVG, and keeps the numbers. Of charts side by side, lines without names are called as in
    // the last.
    void chart(const std::string& file, const plot::LineChart& chart, const std::string& look_at,
               Vary vary = Vary::never);
    void charts(const std::string& file, const std::string& title, const std::vector<plot::LineChart>& charts,
                int columns, const std::string& look_at, Vary vary = Vary::never);

    // Throws ShapeError: a row that has not as many cells as there are columns.
    void table(Table table);
    // The same, and prints it (print_table).
    void show(Table table, std::ostream& out = std::cout);

    // A file of further numbers or words: OUT/name.
    void file(const std::string& name, const std::string& text) const;

    // Prints the expectations and writes OUT/<demo>.json, and the file of --json. Returns the demo's exit code.
    int finish(const Expectations& expectations, std::ostream& out = std::cout);
    // The same, with what is claimed of the measurements.
    int finish(const Measurements& found, const std::vector<Claim>& claims, std::ostream& out = std::cout);

private:
    DemoOptions options_;
    Results results_;
};

}    // namespace ordinal::demos
