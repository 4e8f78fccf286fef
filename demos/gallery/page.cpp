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
#include "demos/plot/svg_chart.h"
#include "demos/plot/svg_picture.h"

namespace ordinal::demos {
namespace {

namespace fs = std::filesystem;

// --- Tables: of a demo, and of the numbers of a chart. ---

Json grid(const std::string& name, const Table& table) {
    Json rows = Json::array();
    for (const auto& row : table.rows) {
        Json cells = Json::array();
        for (std::size_t c = 1; c < row.size(); ++c) {
            const bool number = !row[c].empty() && row[c].find_first_of("-0123456789") == 0;    // stays on one line
            cells.push_back({{"text", row[c]}, {"number", number}});
        }
        rows.push_back({{"head", row.at(0)}, {"cells", cells}});
    }
    return {{"name", name}, {"heading", ""}, {"columns", table.columns}, {"rows", rows}};
}

std::string cell(const plot::Line& line, std::size_t i) {
    const bool spread = !line.low.empty() && line.low[i] < line.high[i];
    return number_text(line.y[i]) +
           (spread ? " [" + number_text(line.low[i]) + " .. " + number_text(line.high[i]) + "]" : "");
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
            for (std::size_t i = 0; i < x.size(); ++i) table.rows.back().push_back(cell(line, i));
        }
    } else {
        table.columns = {"line", chart.x_label, chart.y_label};
        for (const plot::Line& line : chart.lines)
            for (std::size_t i = 0; i < line.x.size(); i += 1 + line.x.size() / longest)
                table.rows.push_back({line.name, number_text(line.x[i]), cell(line, i)});
    }
    return table;
}

// --- Figures: pictures, charts, tables. ---

Json picture_figure(Json picture, const std::string& folder) {
    const std::string png = read_file((fs::path(folder) / picture.at("file").get<std::string>()).string());
    picture["picture"] = "data:image/png;base64," + base64(png);
    return picture;
}

Json legend(const plot::LineChart& chart) {
    Json entries = Json::array();
    for (const auto& [sample, name] : plot::legend_of(chart)) entries.push_back({{"sample", sample}, {"name", name}});
    return entries;
}

Json chart_figure(const Json& group) {
    std::vector<plot::LineChart> charts;
    for (const Json& chart : group.at("charts")) charts.push_back(chart_of(chart));
    const bool several = charts.size() > 1, one_legend = plot::have_one_legend(charts);
    Json panels = Json::array(), grids = Json::array();
    for (const plot::LineChart& chart : charts) {
        const std::string name = "Line chart: " + chart.title + ". Its numbers are in the table below.";
        panels.push_back({{"heading", several ? chart.title : ""},
                          {"svg", plot::svg_panel(chart, name)},
                          {"legend", one_legend ? Json() : legend(chart)}});
        grids.push_back(grid(chart.title + ": the numbers", numbers_of(chart)));
        if (several) grids.back()["heading"] = chart.title;
    }
    return {{"title", group.at("title")},
            {"look_at", group.at("look_at")},
            {"panels", panels},
            {"legend", one_legend ? legend(charts.back()) : Json()},
            {"grids", grids}};
}

Json table_figure(const Table& table) {
    return {{"title", table.title}, {"look_at", table.look_at}, {"grids", Json::array({grid(table.title, table)})}};
}

// --- One demo, and all of them. ---

Json link_to(const std::string& what, const std::string& file, const std::string& folder, const std::string& root) {
    const fs::path target = fs::weakly_canonical(fs::path(root) / file);
    const fs::path relative = target.lexically_relative(fs::weakly_canonical(folder));
    return {{"what", what}, {"file", file}, {"href", fs::exists(target) ? relative.generic_string() : ""}};
}

void add_to(Json& expectation) {
    const Claim claim = claim_of(expectation);
    std::string seeds;
    for (const double value : claim.measured) seeds += (seeds.empty() ? "" : ", ") + number_text(value);
    expectation["missed"] = !is_met(claim);
    expectation["measured"] = measured_text(claim);
    expectation["seeds"] = seeds;
    expectation["expected"] =
        band_text(claim.band, claim.decimals) + (claim.measured.size() > 1 ? text_of(", ", judged_by_text(claim)) : "");
}

Index met(const Json& demo) {
    return std::ranges::count_if(demo.at("expectations"), [](const Json& e) { return e.at("verdict") == "PASS"; });
}

// What the page shows of a demo beyond what its file says.
void add_to(Json& demo, const std::string& folder, const std::string& root) {
    demo["links"] = Json::array();
    for (const char* what : {"chapter", "source"})
        if (demo.at(what) != "") demo["links"].push_back(link_to(what, demo.at(what), folder, root));
    Json& figures = demo["figures"] = Json::array();
    for (const Json& picture : demo.at("pictures")) figures.push_back(picture_figure(picture, folder));
    for (const Json& group : demo.at("charts")) figures.push_back(chart_figure(group));
    for (const Json& table : demo.at("tables")) figures.push_back(table_figure(table_of(table)));
    for (Json& expectation : demo.at("expectations")) add_to(expectation);
    const std::size_t all = demo.at("expectations").size();
    demo["score"] = text_of(met(demo), " of ", all, " met");
    demo["score_class"] = met(demo) == std::ssize(demo.at("expectations")) ? "pass" : "missed";
}

}    // namespace

std::string gallery_page(std::vector<Json> demos, const std::string& folder, const std::string& root) {
    Index all_met = 0, all = 0;
    for (Json& demo : demos) {
        all_met += met(demo);
        all += std::ssize(demo.at("expectations"));
        add_to(demo, folder, root);
    }
    const std::string score = text_of(demos.size(), demos.size() == 1 ? " demo" : " demos", " of Ordinal, ", all_met,
                                      " of ", all, " expectations met.");
    return filled(page_html, {{"style", std::string(style_css) + chart_css}, {"score", score}, {"demos", demos}});
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
