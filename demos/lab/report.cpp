#include "demos/lab/report.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "demos/plot/svg_picture.h"

namespace ordinal::demos {
namespace {

// Six digits are more than any picture shows, and a third of what the file would hold.
plot::LineChart with_six_digits(plot::LineChart chart) {
    for (plot::Line& line : chart.lines)
        for (std::vector<double>* values : {&line.x, &line.y, &line.low, &line.high})
            for (double& value : *values) {
                char text[32];
                std::snprintf(text, sizeof text, "%.6g", value);
                value = std::strtod(text, nullptr);
            }
    return chart;
}

}    // namespace

Report::Report(const DemoOptions& options) : options_(options) {
    results_.about = options.about;
    if (options.json.empty()) return;
    const std::filesystem::path folder = std::filesystem::absolute(options.json).parent_path();
    require<FileError>(std::filesystem::is_directory(folder), "--json ", options.json,
                       ": expected a file in a folder that exists, got none; make the folder first");
    require<FileError>(can_write_in(folder.string()), "--json ", options.json,
                       ": expected a file in a folder that can be written, got another; choose one that can");
}

void Report::fingerprint(const std::string& file) { results_.files.push_back({file, fnv1a(read_file(path(file)))}); }

void Report::heatmaps(const Picture& picture, const std::vector<plot::Heatmap>& panels, int columns) {
    plot::save_grid(path(picture.file), picture.title, panels, columns);
    fingerprint(picture.file);
    results_.pictures.push_back(picture);
}

void Report::chart(const std::string& file, const plot::LineChart& chart, const std::string& look_at, Vary vary) {
    charts(file, chart.title, {chart}, 1, look_at, vary);
}

void Report::charts(const std::string& file, const std::string& title, const std::vector<plot::LineChart>& charts,
                    int columns, const std::string& look_at, Vary vary) {
    require<OptionError>(file.ends_with(".svg"), "Report: a chart is SVG: expected a name like chart.svg, got ", file);
    ChartGroup group{file, title, look_at, {}, vary == Vary::with_the_machine};
    const auto name_as = [](auto& items, const auto& named) {
        for (std::size_t i = 0; i < std::min(items.size(), named.size()); ++i)
            if (items[i].name.empty()) items[i].name = named[i].name;
    };
    for (const plot::LineChart& drawn : charts) {
        plot::LineChart chart = with_six_digits(drawn);
        name_as(chart.lines, charts.back().lines);
        name_as(chart.horizontal, charts.back().horizontal);
        group.charts.push_back(std::move(chart));
    }
    // Drawn from the numbers that are kept, so that the picture can be drawn again from them.
    write_file(path(file), plot::svg_picture(title, group.charts, columns));
    fingerprint(file);
    results_.charts.push_back(std::move(group));
}

void Report::table(Table table) {
    for (const auto& row : table.rows)
        require(row.size() == table.columns.size(), "Report: expected ", table.columns.size(),
                " cells in each row of the table '", table.name, "', got ", row.size());
    results_.tables.push_back(std::move(table));
}

void Report::show(Table table, std::ostream& out) {
    print_table(out, table, path(options_.about.name + ".json") + " and on the page");
    this->table(std::move(table));
}

void Report::file(const std::string& name, const std::string& text) const { write_file(path(name), text); }

int Report::finish(const Measurements& found, const std::vector<Claim>& claims, std::ostream& out) {
    Expectations expectations(options_.about.name);
    found.judge(expectations, claims, options_.quick);
    return finish(expectations, out);
}

int Report::finish(const Expectations& expectations, std::ostream& out) {
    results_.expectations = expectations.list();
    results_.build = this_build();
    results_.machine = this_machine();
    write_results(options_.output(options_.about.name + ".json"), results_);
    if (!options_.json.empty()) write_results(options_.json, results_);
    return expectations.report(out, options_.strict);
}

}    // namespace ordinal::demos
