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
using Json = nlohmann::ordered_json;

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

Json figure_of(const Picture& picture, const std::string& folder) {
    const std::string png = read_file((fs::path(folder) / picture.file).string());
    return {{"title", picture.title},
            {"look_at", picture.look_at},
            {"alt", picture.alt},
            {"picture", "data:image/png;base64," + base64(png)}};
}

Json legend(const plot::LineChart& chart) {
    Json entries = Json::array();
    for (const auto& [sample, name] : plot::legend_of(chart)) entries.push_back({{"sample", sample}, {"name", name}});
    return entries;
}

Json figure_of(const ChartGroup& group) {
    const bool several = group.charts.size() > 1, one_legend = plot::have_one_legend(group.charts);
    Json panels = Json::array(), grids = Json::array();
    for (const plot::LineChart& chart : group.charts) {
        const std::string name = "Line chart: " + chart.title + ". Its numbers are in the table below.";
        panels.push_back({{"heading", several ? chart.title : ""},
                          {"svg", plot::svg_panel(chart, name)},
                          {"legend", one_legend ? Json() : legend(chart)}});
        grids.push_back(grid(chart.title + ": the numbers", numbers_of(chart)));
        if (several) grids.back()["heading"] = chart.title;
    }
    return {{"title", group.title},
            {"look_at", group.look_at},
            {"panels", panels},
            {"legend", one_legend ? legend(group.charts.back()) : Json()},
            {"grids", grids}};
}

Json figure_of(const Table& table) {
    return {{"title", table.title}, {"look_at", table.look_at}, {"grids", Json::array({grid(table.title, table)})}};
}

// --- One demo, and all of them. ---

Json link_to(const std::string& what, const std::string& file, const std::string& folder, const std::string& root) {
    const fs::path target = fs::weakly_canonical(fs::path(root) / file);
    const fs::path relative = target.lexically_relative(fs::weakly_canonical(folder));
    return {{"what", what}, {"file", file}, {"href", fs::exists(target) ? relative.generic_string() : ""}};
}

void add_to(Json& expectation, const Expectation& e) {
    std::string seeds;
    for (const double value : e.measured) seeds += (seeds.empty() ? "" : ", ") + number_text(value);
    expectation["missed"] = !is_met(e);
    expectation["measured"] = measured_text(e);
    expectation["seeds"] = seeds;
    expectation["expected"] =
        band_text(e.band, e.decimals) + (e.measured.size() > 1 ? text_of(", ", judged_by_text(e)) : "");
}

// What the page shows of a demo beyond what its file says.
void add_to(Json& demo, const Results& results, const std::string& folder, const std::string& root) {
    const AboutDemo& about = results.about;
    demo["links"] = Json::array();
    if (!about.chapter.empty()) demo["links"].push_back(link_to("chapter", about.chapter, folder, root));
    if (!about.source.empty()) demo["links"].push_back(link_to("source", about.source, folder, root));
    Json& figures = demo["figures"] = Json::array();
    for (const Picture& picture : results.pictures) figures.push_back(figure_of(picture, folder));
    for (const ChartGroup& group : results.charts) figures.push_back(figure_of(group));
    for (const Table& table : results.tables) figures.push_back(figure_of(table));
    for (std::size_t i = 0; i < results.expectations.size(); ++i)
        add_to(demo["expectations"][i], results.expectations[i]);
    const auto met = std::ranges::count_if(results.expectations, is_met), all = std::ssize(results.expectations);
    demo["score"] = text_of(met, " of ", all, " met");
    demo["score_class"] = met == all ? "pass" : "missed";
}

}    // namespace

std::string gallery_page(std::vector<Json> demos, const std::string& folder, const std::string& root) {
    std::ptrdiff_t met = 0, all = 0;
    for (Json& demo : demos) {
        const Results results = parse_results(demo.dump(), demo.value("demo", ""));
        met += std::ranges::count_if(results.expectations, is_met);
        all += std::ssize(results.expectations);
        add_to(demo, results, folder, root);
    }
    const std::string score = text_of(demos.size(), demos.size() == 1 ? " demo" : " demos", " of Ordinal, ", met,
                                      " of ", all, " expectations met.");
    return filled(page_html, {{"style", std::string(style_css) + chart_css}, {"score", score}, {"demos", demos}});
}

std::vector<Json> results_in(const std::string& folder, const std::vector<std::string>& order, std::ostream& warnings) {
    std::vector<Json> found;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
        if (entry.path().extension() != ".json") continue;
        try {
            const std::string text = read_file(entry.path().string());
            const std::string name = parse_results(text, entry.path().string()).about.name;
            if (order.empty() || std::ranges::find(order, name) != order.end()) found.push_back(Json::parse(text));
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
