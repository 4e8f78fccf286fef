#include "demos/gallery/page.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "demos/embedded.h"
#include "demos/gallery/template.h"
#include "demos/lab/results.h"
#include "demos/plot/svg.h"
#include "demos/plot/svg_chart.h"
#include "demos/plot/svg_picture.h"

namespace ordinal::demos {
namespace {

namespace fs = std::filesystem;
using plot::number_text;

std::string html(const std::string& part, const Gaps& gaps) { return filled(page_html, part, gaps); }

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

// --- One demo, and all of them. ---

std::string link_to(const std::string& what, const std::string& file, const std::string& folder,
                    const std::string& root) {
    if (file.empty()) return "";
    const fs::path target = fs::weakly_canonical(fs::path(root) / file);
    if (!fs::exists(target)) return html("no link", {{"what", what}, {"file", file}});
    const fs::path relative = target.lexically_relative(fs::weakly_canonical(folder));
    return html("link", {{"what", what}, {"file", file}, {"href", relative.generic_string()}});
}

std::string expectation(const Json& json) {
    const Claim claim = claim_of(json);
    const bool met = is_met(claim);
    const bool explained = !met && !claim.if_missed.empty();
    std::string seeds;
    for (const double value : claim.measured) seeds += (seeds.empty() ? "" : ", ") + number_text(value);
    return html("expectation",
                {{"row", met ? "met" : "miss"},
                 {"class", met ? "pass" : "missed"},
                 {"verdict", met ? "PASS" : "MISSED"},
                 {"what", claim.what},
                 {"why", explained ? html("why", {{"if_missed", claim.if_missed}}) : ""},
                 {"seeds", seeds},
                 {"measured", measured_text(claim)},
                 {"expected", band_text(claim.band, claim.decimals) +
                                  (claim.measured.size() > 1 ? text_of(", ", judged_by_text(claim)) : "")},
                 {"chance", claim.chance ? html("chance", {{"chance", number_text(*claim.chance)}}) : ""},
                 {"source", claim.source}}) +
           "\n";
}

std::string section(const Json& demo, const std::string& folder, const std::string& root) {
    std::string figures, expectations;
    for (const Json& drawn : demo.at("pictures")) figures += figure(drawn, picture(drawn, folder));
    for (const Json& group : demo.at("charts")) figures += figure(group, charts(group));
    for (const Json& table : demo.at("tables"))
        figures += figure(table, html_table(table.at("title"), table_of(table)));
    for (const Json& claim : demo.at("expectations")) expectations += expectation(claim);
    const std::string command = demo.at("command");
    const Json &machine = demo.at("machine"), &build = demo.at("build");
    return html("demo", {{"demo", demo.at("demo")},
                         {"shows", demo.at("shows")},
                         {"command", command.empty() ? "" : html("command", {{"command", command}})},
                         {"links", link_to("chapter", demo.at("chapter"), folder, root) + "\n" +
                                       link_to("source", demo.at("source"), folder, root)},
                         {"figures", figures},
                         {"expectations", expectations.empty() ? "" : html("expectations", {{"rows", expectations}})},
                         {"cpu", machine.at("cpu")},
                         {"threads", machine.at("threads").dump()},
                         {"compiler", build.at("compiler")},
                         {"type", build.at("type")},
                         {"scalar", build.at("scalar")}}) +
           "\n";
}

std::ptrdiff_t met(const Json& demo) {
    return std::ranges::count_if(demo.at("expectations"), [](const Json& e) { return e.at("verdict") == "PASS"; });
}

// Its line of the contents.
std::string in_contents(const Json& demo) {
    const std::ptrdiff_t good = met(demo), all = std::ssize(demo.at("expectations"));
    const std::string score =
        html("score", {{"class", good == all ? "pass" : "missed"}, {"score", text_of(good, " of ", all, " met")}});
    return html("in contents", {{"demo", demo.at("demo")}, {"score", all > 0 ? score : ""}}) + "\n";
}

}    // namespace

std::string gallery_page(const std::vector<Json>& demos, const std::string& folder, const std::string& root) {
    std::ptrdiff_t good = 0, all = 0;
    std::string contents, sections;
    for (const Json& demo : demos) {
        good += met(demo);
        all += std::ssize(demo.at("expectations"));
        contents += in_contents(demo);
        sections += section(demo, folder, root);
    }
    return html("page", {{"style", std::string(style_css) + chart_css},
                         {"score", text_of(demos.size(), demos.size() == 1 ? " demo" : " demos", " of Ordinal, ", good,
                                           " of ", all, " expectations met.")},
                         {"contents", contents},
                         {"demos", sections}}) +
           "\n";
}

std::vector<Json> results_in(const std::string& folder, const std::vector<std::string>& order, std::ostream& warnings) {
    std::vector<Json> found;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
        if (entry.path().extension() != ".json") continue;
        try {
            Json demo = read_results(entry.path().string());
            if (order.empty() || std::ranges::find(order, demo.at("demo").get<std::string>()) != order.end())
                found.push_back(std::move(demo));
        } catch (const FileError& error) {
            warnings << "left out: " << error.what() << '\n';
        }
    }
    const auto place = [&](const Json& demo) {
        const auto name = demo.at("demo").get<std::string>();
        return std::pair(std::ranges::find(order, name) - order.begin(), name);
    };
    std::ranges::sort(found, {}, place);
    return found;
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

}    // namespace ordinal::demos
