#include "demos/gallery/page.h"

#include <algorithm>
#include <filesystem>
#include <ostream>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "demos/gallery/figures.h"
#include "demos/gallery/style.h"
#include "demos/plot/svg_chart.h"

namespace ordinal {
namespace {

namespace fs = std::filesystem;
using plot::escaped;

std::string verdict(const Expectation& e) {
    return is_met(e) ? "<span class=\"verdict pass\">PASS</span>" : "<span class=\"verdict missed\">MISSED</span>";
}

std::ptrdiff_t count_met(const Results& demo) {
    return std::count_if(demo.expectations.begin(), demo.expectations.end(), is_met);
}

std::string score(const Results& demo) {
    if (demo.expectations.empty()) return "";
    const auto met = count_met(demo), all = std::ssize(demo.expectations);
    return text_of("<span class=\"", met == all ? "pass" : "missed", "\">", met, " of ", all, " met</span>");
}

// --- What was expected and what came. ---

std::string expectations_table(const Results& demo) {
    if (demo.expectations.empty()) return "";
    std::string html =
        "<h3>What was expected, and what came</h3>\n<table class=\"expectations\"><thead><tr><th scope=\"col\">verdict"
        "</th><th scope=\"col\">what</th><th scope=\"col\">measured</th><th scope=\"col\">expected</th>"
        "<th scope=\"col\">source of the band</th></tr></thead>\n<tbody>\n";
    for (const Expectation& e : demo.expectations) {
        const bool met = is_met(e);
        std::string seeds;
        for (const double value : e.measured) seeds += (seeds.empty() ? "" : ", ") + number_text(value);
        html += std::string("<tr") + (met ? "" : " class=\"miss\"") + "><td>" + verdict(e) + "</td><th scope=\"row\">" +
                prose(e.what);
        if (!met && !e.if_missed.empty()) html += "<span class=\"why faint\">Why? " + prose(e.if_missed) + "</span>";
        html += "</th><td class=\"number first\" data-label=\"measured\" title=\"each seed: " + seeds + "\">" +
                measured_text(e) + "</td><td class=\"number\" data-label=\"expected\">" +
                escaped(band_text(e.band, e.decimals)) +
                (e.measured.size() > 1 ? text_of(", ", judged_by_text(e)) : "");
        if (e.chance) html += " <span class=\"faint\">chance " + number_text(*e.chance) + "</span>";
        html += "</td><td class=\"faint\">" + prose(e.source) + "</td></tr>\n";
    }
    return html + "</tbody></table>\n";
}

// --- One demo, and all of them. ---

std::string link_to(const std::string& file, const std::string& folder, const std::string& root) {
    const fs::path target = fs::weakly_canonical(fs::path(root) / file);
    if (file.empty() || !fs::exists(target)) return escaped(file);
    const fs::path relative = target.lexically_relative(fs::weakly_canonical(folder));
    return "<a href=\"" + escaped(relative.generic_string()) + "\">" + escaped(file) + "</a>";
}

std::string section(const Results& demo, const std::string& folder, const std::string& root) {
    const AboutDemo& about = demo.about;
    std::string html = "<section id=\"" + escaped(about.name) + "\">\n<h2>" + escaped(about.name) + "</h2>\n<p>" +
                       prose(about.shows) + "</p>\n<p class=\"links small\">";
    if (!about.command.empty()) html += "<code class=\"command\">" + escaped(about.command) + "</code>";
    if (!about.chapter.empty()) html += "<span>chapter " + link_to(about.chapter, folder, root) + "</span>";
    if (!about.source.empty()) html += "<span>source " + link_to(about.source, folder, root) + "</span>";
    html += "</p>\n";
    for (const Picture& picture : demo.pictures) html += figure(picture, folder);
    for (const ChartGroup& group : demo.charts) html += figure(group);
    for (const Table& table : demo.tables) html += figure(table);
    html += expectations_table(demo);
    if (!demo.build.compiler.empty())
        html += "<p class=\"small faint\">Measured on " + escaped(demo.machine.cpu) +
                text_of(", ", demo.machine.threads, demo.machine.threads == 1 ? " thread" : " threads", "; ") +
                escaped(demo.build.compiler + ", " + demo.build.type + ", " + demo.build.scalar) + ".</p>\n";
    return html + "</section>\n";
}

}    // namespace

std::string gallery_page(const std::vector<Results>& demos, const std::string& folder, const std::string& root) {
    std::ptrdiff_t met = 0, all = 0;
    std::string contents, sections;
    for (const Results& demo : demos) {
        met += count_met(demo);
        all += std::ssize(demo.expectations);
        contents += "<li><a href=\"#" + escaped(demo.about.name) + "\">" + escaped(demo.about.name) + "</a>" +
                    score(demo) + "</li>\n";
        sections += section(demo, folder, root);
    }
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<title>Ordinal: what the demos found</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>" +
           std::string(gallery_style) + plot::svg_chart_style() +
           "</style>\n</head>\n<body>\n<header>\n<h1>How does a Transformer know where a token is?</h1>\n<p>" +
           text_of(demos.size(), demos.size() == 1 ? " demo" : " demos", " of Ordinal, ", met, " of ", all,
                   " expectations met. ") +
           "An expectation was written down before the run; where it was missed, the page says so. Point at a dot of a "
           "chart to read its numbers; click a picture to see it at its full size.</p>\n</header>\n"
           "<nav aria-label=\"The demos\"><ul>\n" +
           contents + "</ul></nav>\n<main>\n" + sections +
           "</main>\n<footer>Made from the JSON files beside this page, which hold every number shown here. "
           "MISSED: the number lies outside the band that was stated before the run.</footer>\n</body>\n</html>\n";
}

std::vector<Results> results_in(const std::string& folder, const std::vector<std::string>& order,
                                std::ostream& warnings) {
    std::vector<Results> found;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
        if (entry.path().extension() != ".json") continue;
        try {
            found.push_back(read_results(entry.path().string()));
        } catch (const FileError& error) {
            warnings << "left out: " << error.what() << '\n';
        }
    }
    const auto place = [&](const Results& demo) {
        return std::pair(std::find(order.begin(), order.end(), demo.about.name) - order.begin(), demo.about.name);
    };
    std::sort(found.begin(), found.end(), [&](const Results& a, const Results& b) { return place(a) < place(b); });
    return found;
}

}    // namespace ordinal
