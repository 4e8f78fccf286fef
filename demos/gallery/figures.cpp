#include "demos/gallery/figures.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include <ordinal/nn/files/file.h>
#include "demos/embedded.h"
#include "demos/gallery/page.h"
#include "demos/plot/svg.h"
#include "demos/plot/svg_chart.h"
#include "demos/plot/svg_picture.h"

namespace ordinal::demos {
namespace {

namespace fs = std::filesystem;
using plot::number_text;

std::string heading(const std::string& text) { return text.empty() ? "" : html("heading", {{"heading", text}}); }

// --- Tables: of a demo, and of the numbers of a chart. ---

std::string html_table(const std::string& name, const Table& table) {
    std::string columns, rows;
    for (const std::string& column : table.columns) columns += html("column", {{"text", column}});
    for (const auto& row : table.rows) {
        std::string cells;
        for (std::size_t c = 1; c < row.size(); ++c) {
            const bool number = !row[c].empty() && row[c].find_first_of("-0123456789") == 0;    // stays on one line
            cells += html(number ? "number" : "words", {{"text", row[c]}});
        }
        rows += html("row", {{"head", row.at(0)}, {"cells", cells}}) + "\n";
    }
    return html("table", {{"name", name}, {"columns", columns}, {"rows", rows}});
}

// A row for each line where all have the same few x; else a row for each point, or for some of very many.
Table numbers_of(const plot::LineChart& chart) {
    constexpr std::size_t widest = 12, longest = 60;
    const std::vector<double>& x = chart.lines.front().x;
    const bool same_x = std::ranges::all_of(chart.lines, [&](const plot::Line& line) { return line.x == x; });
    Table table;
    if (same_x && x.size() <= widest) {
        table.columns = {chart.x_label};
        for (const double value : x) table.columns.push_back(number_text(value));
        for (const plot::Line& line : chart.lines) {
            table.rows.push_back({line.name});
            for (std::size_t i = 0; i < x.size(); ++i) table.rows.back().push_back(value_text(line, i));
        }
    } else {
        table.columns = {"line", chart.x_label, chart.y_label};
        for (const plot::Line& line : chart.lines)
            for (std::size_t i = 0; i < line.x.size(); i += 1 + line.x.size() / longest)
                table.rows.push_back({line.name, number_text(line.x[i]), value_text(line, i)});
    }
    return table;
}

// --- Figures: pictures, charts, tables. ---

std::string figure(const Json& what, const std::string& body) {
    return html("figure", {{"title", what.at("title")}, {"look_at", what.at("look_at")}, {"body", body}}) + "\n";
}

std::string picture(const Json& picture, const std::string& folder) {
    const std::string png = read_file((fs::path(folder) / picture.at("file").get<std::string>()).string());
    return html(
        "picture",
        {{"title", picture.at("title")}, {"alt", picture.at("alt")}, {"data", "data:image/png;base64," + base64(png)}});
}

std::string legend(const plot::LineChart& chart) {
    std::string entries;
    for (const auto& [sample, name] : plot::legend_of(chart))
        entries += html("in legend", {{"sample", sample}, {"name", name}});
    return entries.empty() ? "" : html("legend", {{"entries", entries}});
}

std::string charts(const Json& group) {
    std::vector<plot::LineChart> charts;
    for (const Json& chart : group.at("charts")) charts.push_back(chart_of(chart));
    const bool several = charts.size() > 1, one_legend = plot::have_one_legend(charts);
    std::string panels, numbers;
    for (const plot::LineChart& chart : charts) {
        const std::string name = "Line chart: " + chart.title + ". Its numbers are in the table below.";
        const std::string over_it = heading(several ? chart.title : "");
        panels += html(
            "panel",
            {{"heading", over_it}, {"svg", plot::svg_panel(chart, name)}, {"legend", one_legend ? "" : legend(chart)}});
        numbers += over_it + html_table(chart.title + ": the numbers", numbers_of(chart));
    }
    return html("charts",
                {{"panels", panels}, {"legend", one_legend ? legend(charts.back()) : ""}, {"numbers", numbers}});
}

}    // namespace

std::string html(const std::string& part, const Gaps& gaps) { return filled(page_html, part, gaps); }

std::vector<Figure> figures_of(const Json& demo, const std::string& folder) {
    std::vector<Figure> all;
    for (const Json& drawn : demo.at("pictures"))
        all.push_back({drawn.at("file"), figure(drawn, picture(drawn, folder))});
    for (const Json& group : demo.at("charts")) all.push_back({group.at("file"), figure(group, charts(group))});
    return all;
}

std::string tables_of(const Json& demo) {
    std::string all;
    for (const Json& table : demo.at("tables"))
        all += html("folded table", {{"title", table.at("title")},
                                     {"look_at", table.at("look_at")},
                                     {"table", html_table(table.at("title"), table_of(table))}}) +
               "\n";
    return all;
}

}    // namespace ordinal::demos
