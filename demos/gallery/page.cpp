#include "demos/gallery/page.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "demos/embedded.h"
#include "demos/gallery/template.h"
#include "demos/plot/svg.h"
#include "demos/plot/svg_chart.h"
#include "demos/plot/svg_picture.h"

namespace ordinal::demos {
namespace {

namespace fs = std::filesystem;
using plot::number_text;

// --- The story: what one looks at first. ---

struct Stop {
    std::string file, says;
};
const std::vector<Stop> story{
    {"heatmaps.png",
     "Before any training. Each square compares the codes of all positions. An RNN as it is usually started soon "
     "stands "
     "still: all its later positions look alike. A rotation goes on turning, and a table is noise."},
    {"verse_beyond.png",
     "A small BERT has learned poems at 32 positions and is shown 96. Past its last trained row its table has nothing "
     "to say. The RNN that has found the couplet goes on."},
    {"fates_heatmaps.png",
     "Where does a recursion end? In a point where it rests, in a cycle, or never. Training chooses, by the task."},
    {"extrapolate.svg",
     "One question a task, asked where training has never been. No scheme is right on all of them by itself. A cycle, a "
     "rotation and a bias that forgets are, together."},
    {"parallelism.svg",
     "The price of a recursion is waiting: a step for each position. A linear one need not be walked step by step."},
    {"swap.svg",
     "On real poems, beyond the trained length: a wrong position is worse than none. The line without positions is the "
     "one that comparisons forget."}};

// --- Tables: of a demo, and of the numbers of a chart. ---

Json html_table(const std::string& name, const Table& table) {
    Json rows = Json::array();
    for (const auto& row : table.rows) {
        Json cells = Json::array();
        for (std::size_t c = 1; c < row.size(); ++c) {
            const bool number = !row[c].empty() && row[c].find_first_of("-0123456789") == 0;    // stays on one line
            cells.push_back({{"text", row[c]}, {"number", number}});
        }
        rows.push_back({{"head", row.at(0)}, {"cells", cells}});
    }
    return {{"name", name}, {"columns", table.columns}, {"rows", rows}};
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

// --- Figures: pictures and charts. ---

std::string png_in_page(const std::string& folder, const std::string& file) {
    return "data:image/png;base64," + base64(read_file((fs::path(folder) / file).string()));
}

Json legend(const plot::LineChart& chart) {
    Json entries = Json::array();
    for (const auto& [sample, name] : plot::legend_of(chart)) entries.push_back({{"sample", sample}, {"name", name}});
    return entries.empty() ? Json() : Json{{"entries", entries}};
}

Json charts(const Json& results) {
    std::vector<plot::LineChart> charts;
    for (const Json& chart : results) charts.push_back(chart_of(chart));
    const bool one_legend = plot::have_one_legend(charts);
    Json panels = Json::array();
    for (const plot::LineChart& chart : charts) {
        Json& panel = panels.emplace_back(html_table(chart.title + ": the numbers", numbers_of(chart)));
        panel["heading"] = charts.size() > 1 ? chart.title : "";
        panel["svg"] = plot::svg_panel(chart, "Line chart: " + chart.title + ". Its numbers are in the table below.");
        panel["legend"] = one_legend ? Json() : legend(chart);
    }
    return {{"panels", panels}, {"legend", one_legend ? legend(charts.back()) : Json()}};
}

// What the results say of each, and a picture or a group of panels.
Json figures_of(const Json& demo, const std::string& folder) {
    Json figures = Json::array();
    for (const Json& picture : demo.at("pictures"))
        figures.emplace_back(picture)["picture"] = png_in_page(folder, picture.at("file"));
    for (const Json& group : demo.at("charts")) figures.emplace_back(group)["group"] = charts(group.at("charts"));
    return figures;
}

// --- One demo, and all of them. ---

Json link_to(const std::string& what, const std::string& file, const std::string& folder, const std::string& root) {
    if (file.empty()) return {};
    std::error_code none;    // a name that is too long for the system is that of no file
    const fs::path target = fs::path(root) / file;
    const bool there = fs::exists(target, none);
    return {{"what", what}, {"file", file}, {"href", there ? fs::relative(target, folder, none).generic_string() : ""}};
}

Json expectation(const Json& json) {
    const Claim claim = claim_of(json);
    const std::vector<std::string> row = row_of(claim);
    const bool met = is_met(claim);
    std::string seeds, expected = row[3];
    for (const double value : claim.measured) seeds += (seeds.empty() ? "" : ", ") + number_text(value);
    if (claim.measured.size() > 1) expected += claim.judged_by == JudgedBy::mean ? ", the mean" : ", every seed";
    return {{"row", met ? "met" : "miss"},
            {"class", met ? "pass" : "missed"},
            {"verdict", row[0]},
            {"what", claim.what},
            {"why", met ? "" : claim.if_missed},
            {"seeds", seeds},
            {"measured", row[2]},
            {"expected", expected},
            {"chance", claim.chance ? number_text(*claim.chance) : ""},
            {"source", claim.source}};
}

// "# 6. The RNN encoding", the first line of a chapter, without its mark; where there is none, its file.
std::string title_of(const std::string& chapter, const std::string& root) {
    const fs::path file = fs::path(root) / chapter;
    std::error_code none;
    if (chapter.empty() || !fs::is_regular_file(file, none)) return chapter.empty() ? "Other demos" : chapter;
    const std::string text = read_file(file.string());
    const auto begin = text.find_first_not_of("# "), end = text.find('\n');
    return begin < end ? text.substr(begin, end - begin) : chapter;
}

// What the page shows of a demo. What the story shows is not shown again.
Json section(Json demo, const std::string& folder, const std::string& root) {
    const auto met = [](const Json& claim) { return claim.at("verdict") == "PASS"; };
    const auto good = std::ranges::count_if(demo.at("expectations"), met), all = std::ssize(demo.at("expectations"));
    demo["good"] = good;
    demo["all"] = all;
    demo["class"] = good == all ? "pass" : "missed";
    demo["link"] = link_to("source", demo.at("source"), folder, root);
    demo["figures"] = figures_of(demo, folder);
    for (Json& figure : demo["figures"]) {
        const bool told = std::ranges::any_of(story, [&](const Stop& stop) { return stop.file == figure.at("file"); });
        figure[told ? "above" : "below"] = true;
    }
    for (Json& table : demo["tables"]) table.update(html_table(table.at("title"), table_of(table)));
    for (Json& claim : demo["expectations"]) claim = expectation(claim);
    return demo;
}

}    // namespace

std::string gallery_page(const std::vector<Json>& demos, const std::string& folder, const std::string& root) {
    int good = 0, all = 0;
    std::string chapter = "none yet";
    Json sections = Json::array(), stops = Json::array();
    for (const Json& demo : demos) {
        Json& now = sections.emplace_back(section(demo, folder, root));
        good += now.at("good").get<int>();
        all += now.at("all").get<int>();
        now["begins"] = nullptr;    // a chapter
        if (demo.at("chapter") == chapter) continue;
        chapter = demo.at("chapter");
        now["begins"] = {{"title", title_of(chapter, root)}, {"link", link_to("chapter", chapter, folder, root)}};
    }
    for (const Stop& stop : story)
        for (const Json& section : sections)
            for (const Json& figure : section.at("figures"))
                if (figure.at("file") == stop.file) stops.emplace_back(figure)["says"] = stop.says;
    return filled(page_html, "page",
                  {{"style", std::string(style_css) + chart_css},
                   {"face", fs::is_regular_file(fs::path(folder) / "face.png") ? png_in_page(folder, "face.png") : ""},
                   {"play", link_to("Play with it yourself:", "build/play/index.html", folder, root)},
                   {"story", stops.empty() ? Json() : Json{{"stops", stops}}},
                   {"count", text_of(demos.size(), demos.size() == 1 ? " demo" : " demos")},
                   {"good", good},
                   {"all", all},
                   {"demos", sections}}) +
           "\n";
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
