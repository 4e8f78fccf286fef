#include "demos/lab/report.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "demos/plot/chart_grid.h"

namespace ordinal {
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

// "0.42 [0.37 .. 0.48]" -> "0.42"
Table without_ranges(Table table) {
    for (auto& row : table.rows)
        for (std::string& cell : row)
            if (cell.ends_with("]") && cell.find(" .. ") != std::string::npos) cell.erase(cell.find(" ["));
    return table;
}

std::vector<std::string> lines_of(const Table& table) {
    std::vector<std::vector<std::string>> rows{table.columns};
    rows.insert(rows.end(), table.rows.begin(), table.rows.end());
    return aligned(rows);
}

}    // namespace

void print_table(std::ostream& out, const Table& table, const std::string& where) {
    constexpr std::size_t most_columns = 100;
    const auto fits = [](const std::vector<std::string>& lines) {
        return std::all_of(lines.begin(), lines.end(),
                           [](const std::string& line) { return terminal_width(line) <= most_columns; });
    };
    const std::vector<std::string> whole = lines_of(table), narrow = lines_of(without_ranges(table));
    out << '\n' << table.title << '\n';
    if (!table.look_at.empty()) out << table.look_at << '\n';
    out << '\n';
    if (fits(whole) || fits(narrow))
        for (const std::string& line : fits(whole) ? whole : narrow) out << line << '\n';
    if (!fits(whole))
        out << (fits(narrow) ? "Only the means; the ranges are" : "Too wide to be printed; it is") << " in " << where
            << '\n';
}

Report::Report(const DemoOptions& options) : options_(options) {
    results_.about = options.about;
    if (options.json.empty()) return;
    const std::filesystem::path folder = std::filesystem::absolute(options.json).parent_path();
    require<FileError>(std::filesystem::is_directory(folder), "--json ", options.json,
                       ": expected a file in a folder that exists, got none; make the folder first");
}

void Report::fingerprint(const std::string& file) { results_.files.push_back({file, fnv1a(read_file(path(file)))}); }

void Report::picture(Picture picture) {
    fingerprint(picture.file);
    results_.pictures.push_back(std::move(picture));
}

void Report::chart(const std::string& file, const plot::LineChart& chart, const std::string& look_at, Vary vary) {
    plot::save_line_chart(options_.output(file), chart);
    fingerprint(file);
    results_.charts.push_back({file, chart.title, look_at, {with_six_digits(chart)}, vary == Vary::with_the_machine});
}

void Report::charts(const std::string& file, const std::string& title, const std::vector<plot::LineChart>& charts,
                    int columns, const std::string& look_at, Vary vary) {
    plot::save_chart_grid(options_.output(file), title, charts, columns);
    fingerprint(file);
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

int Report::finish(const Expectations& expectations, std::ostream& out) {
    results_.expectations = expectations.list();
    results_.build = this_build();
    results_.machine = this_machine();
    write_results(options_.output(options_.about.name + ".json"), results_);
    if (!options_.json.empty()) write_results(options_.json, results_);
    return expectations.report(out, options_.strict);
}

}    // namespace ordinal
