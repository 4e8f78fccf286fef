// Report: what a demo leaves: pictures, and results with which the gallery can show them and the book can quote them.
// Nothing is written before finish(), so that a run that ends early leaves the files of an earlier one as they are.
//
//     Report report(options, claims);
//     report.heatmaps({.file = "verse_beyond.png", .title = "...", .look_at = "...", .alt = "..."}, panels, 3);
//     report.chart("verse_where.svg", chart, "The table's line falls at 32; the RNNs' stay.");
//     report.show({.name = "where", .columns = {"encoding", "right"}, .rows = rows});
//     report.judge(found);
//     return report.finish();
#pragma once

#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "demos/lab/results.h"
#include "demos/plot/heatmap.h"

namespace ordinal::demos {

// A picture beside the results.
struct Picture {
    std::string file;       // "verse_beyond.png"
    std::string title;      // one line
    std::string look_at;    // what to look at, and what it means
    std::string alt;        // what it shows, for whoever cannot see it
};

enum class Vary { never, with_the_machine };    // timings vary with the machine, and are not compared

class Report {
public:
    // Before the work begins: makes the folder of --out. Throws OnlyClaims with --claims, and FileError where --out or
    // --json cannot be written.
    explicit Report(const DemoOptions& options, std::vector<Claim> claims = {});

    // Where a file of the demo goes: OUT/name.
    std::string path(const std::string& name) const;

    // Draws the panels, `columns` to a row, as path(picture.file).
    void heatmaps(const Picture& picture, const std::vector<plot::Heatmap>& panels, int columns);
    // A picture that the gallery does not show among those of the demo; the results vouch for it all the same.
    // OptionError, from here and wherever a picture is drawn: another one has this name.
    void picture_file(const std::string& file, const std::string& bytes);

    // Draws the picture, as SVG, and keeps the numbers.
    void chart(const std::string& file, const plot::LineChart& chart, const std::string& look_at,
               Vary vary = Vary::never);
    void charts(const std::string& file, const std::string& title, std::vector<plot::LineChart> charts, int columns,
                const std::string& look_at, Vary vary = Vary::never);

    // Throws ShapeError: a row that has not as many cells as there are columns.
    void table(const Table& table);
    // The same, and prints it (print_table).
    void show(const Table& table, std::ostream& out = std::cout);

    // A list of what no table or picture shows, under a name of its own in the results.
    void list(const std::string& name, const Json& values);

    // A file of further numbers or words: OUT/name.
    void file(const std::string& name, const std::string& text) { files_.emplace_back(name, text); }

    // Those of the claims that are about these measurements.
    void judge(const Measurements& found) { verdicts_.judge(found); }

    // Writes all files, OUT/<demo>.json and that of --json last, and prints the verdicts. Returns the demo's exit code.
    int finish(std::ostream& out = std::cout);

private:
    DemoOptions options_;
    Verdicts verdicts_;
    std::shared_ptr<Json> results_;
    std::vector<std::pair<std::string, std::string>> files_;    // names and what they are to hold
};

}    // namespace ordinal::demos
