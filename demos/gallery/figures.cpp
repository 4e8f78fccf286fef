#include "demos/gallery/figures.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include <ordinal/nn/files/file.h>
#include "demos/plot/svg_chart.h"

namespace ordinal {

using plot::escaped;

// Text in which `names` become code.
std::string prose(const std::string& text) {
    std::string html;
    bool code = false;
    for (const char c : escaped(text)) {
        if (c != '`')
            html += c;
        else
            html += (code = !code) ? "<code>" : "</code>";
    }
    return code ? html + "</code>" : html;
}

std::string number_text(double value) {
    if (std::isnan(value)) return "–";
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

namespace {

std::string caption(const std::string& title, const std::string& look_at) {
    return "<figcaption><b>" + prose(title) + "</b>" + prose(look_at) + "</figcaption>\n";
}

}    // namespace

// A click or the space bar shows it at its full size.
std::string figure(const Picture& picture, const std::string& folder) {
    const std::string png = read_file((std::filesystem::path(folder) / picture.file).string());
    return "<figure>\n" + caption(picture.title, picture.look_at) +
           "<label class=\"card\"><input type=\"checkbox\" aria-label=\"full size: " + escaped(picture.title) +
           "\"><img alt=\"" + escaped(picture.alt) + "\" src=\"data:image/png;base64," + base64(png) +
           "\"></label>\n</figure>\n";
}

namespace {

// What is wider than a phone scrolls by itself.
std::string html_table(const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& rows,
                       const std::string& name) {
    std::string html =
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + escaped(name) + "\"><table><thead><tr>";
    for (const std::string& column : columns) html += "<th scope=\"col\">" + prose(column) + "</th>";
    html += "</tr></thead>\n<tbody>";
    for (const auto& row : rows) {
        html += "<tr>";
        for (std::size_t c = 0; c < row.size(); ++c) {
            const bool is_number = !row[c].empty() && row[c].find_first_of("-0123456789") == 0;    // stays on one line
            html += (c == 0      ? "<th scope=\"row\">"
                     : is_number ? "<td class=\"number\">"
                                 : "<td>") +
                    prose(row[c]) + (c == 0 ? "</th>" : "</td>");
        }
        html += "</tr>\n";
    }
    return html + "</tbody></table></div>\n";
}

}    // namespace

std::string figure(const Table& table) {
    return "<figure>\n" + caption(table.title, table.look_at) + html_table(table.columns, table.rows, table.title) +
           "</figure>\n";
}

namespace {

std::string cell(const plot::Line& line, std::size_t i) {
    const bool spread = !line.low.empty() && line.low[i] < line.high[i];
    return number_text(line.y[i]) +
           (spread ? " [" + number_text(line.low[i]) + " .. " + number_text(line.high[i]) + "]" : "");
}

// A row for each line where all have the same few x; else a row for each point, or for some of very many.
std::string numbers_of(const plot::LineChart& chart) {
    constexpr std::size_t widest = 12, longest = 60;
    const std::vector<double>& x = chart.lines.front().x;
    const bool same_x =
        std::all_of(chart.lines.begin(), chart.lines.end(), [&](const plot::Line& line) { return line.x == x; });
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
    if (same_x && x.size() <= widest) {
        columns = {chart.x_label};
        for (const double value : x) columns.push_back(number_text(value));
        for (const plot::Line& line : chart.lines) {
            rows.push_back({line.name});
            for (std::size_t i = 0; i < x.size(); ++i) rows.back().push_back(cell(line, i));
        }
    } else {
        columns = {"line", chart.x_label, chart.y_label};
        for (const plot::Line& line : chart.lines)
            for (std::size_t i = 0; i < line.x.size(); i += 1 + line.x.size() / longest)
                rows.push_back({line.name, number_text(line.x[i]), cell(line, i)});
    }
    return html_table(columns, rows, chart.title + ": the numbers");
}

std::string legend(const plot::LineChart& chart) {
    std::string html = "<ul class=\"legend\">\n";
    for (std::size_t i = 0; i < chart.lines.size(); ++i)
        if (!chart.lines[i].name.empty())
            html += "<li>" + plot::svg_legend_sample(i, chart.lines[i].only_dots) + "<span>" +
                    prose(chart.lines[i].name) + "</span></li>\n";
    for (const plot::Reference& r : chart.horizontal)
        if (!r.name.empty())
            html += "<li>" + plot::svg_reference_sample() + "<span>" + prose(r.name) + "</span></li>\n";
    return html + "</ul>\n";
}

bool same_lines(const plot::LineChart& a, const plot::LineChart& b) {
    return std::equal(a.lines.begin(), a.lines.end(), b.lines.begin(), b.lines.end(),
                      [](const plot::Line& x, const plot::Line& y) { return x.name == y.name; });
}

}    // namespace

std::string figure(const ChartGroup& group) {
    const bool one_legend = std::all_of(group.charts.begin(), group.charts.end(), [&](const plot::LineChart& chart) {
        return same_lines(chart, group.charts.front());
    });
    std::string html = "<figure>\n" + caption(group.title, group.look_at) + "<div class=\"panels\">\n", numbers;
    for (const plot::LineChart& chart : group.charts) {
        html += "<div class=\"panel\">";
        if (group.charts.size() > 1) html += "<h4>" + prose(chart.title) + "</h4>";
        html += plot::svg_line_chart(chart, "Line chart: " + chart.title + ". Its numbers are in the table below.");
        if (!one_legend) html += legend(chart);
        html += "</div>\n";
        numbers += (group.charts.size() > 1 ? "<h4>" + prose(chart.title) + "</h4>\n" : "") + numbers_of(chart);
    }
    html += "</div>\n";
    if (one_legend) html += legend(group.charts.back());
    return html + "<details><summary>The numbers of this chart</summary>\n" + numbers + "</details>\n</figure>\n";
}

std::string base64(const std::string& bytes) {
    constexpr const char* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {    // three bytes are four digits of six bits
        unsigned three = 0;
        for (std::size_t j = 0; j < 3; ++j)
            three = three << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
        for (std::size_t j = 0; j < 4; ++j) text += i + j <= bytes.size() ? digits[three >> (18 - 6 * j) & 63] : '=';
    }
    return text;
}

}    // namespace ordinal
