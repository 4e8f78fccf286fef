#include "demos/gallery/page.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "demos/embedded.h"
#include "demos/gallery/figures.h"
#include "demos/lab/results.h"
#include "demos/plot/svg.h"

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
     "Four questions, asked where training has never been. No scheme is right on all of them by itself. A cycle, a "
     "rotation and a bias that forgets are, together."},
    {"parallelism.svg",
     "The price of a recursion is waiting: a step for each position. A linear one need not be walked step by step."},
    {"swap.svg",
     "On real poems, beyond the trained length: a wrong position is worse than none. The line without positions is the "
     "one that comparisons forget."}};

// --- One demo, and all of them. ---

std::string link_to(const std::string& what, const std::string& file, const std::string& folder,
                    const std::string& root) {
    if (file.empty()) return "";
    std::error_code none;    // a name that is too long for the system is that of no file
    const fs::path target = fs::weakly_canonical(fs::path(root) / file, none);
    if (!fs::exists(target, none)) return html("no link", {{"what", what}, {"file", file}});
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

std::ptrdiff_t met(const Json& demo) {
    return std::ranges::count_if(demo.at("expectations"), [](const Json& e) { return e.at("verdict") == "PASS"; });
}

// What the story shows is not shown again.
std::string section(const Json& demo, const std::string& folder, const std::string& root) {
    std::string figures, expectations;
    for (const Figure& figure : figures_of(demo, folder)) {
        const bool told = std::ranges::any_of(story, [&](const Stop& stop) { return stop.file == figure.file; });
        figures += told ? html("above", {{"file", figure.file}}) + "\n" : figure.html;
    }
    for (const Json& claim : demo.at("expectations")) expectations += expectation(claim);
    const std::ptrdiff_t good = met(demo), all = std::ssize(demo.at("expectations"));
    if (all > 0)
        expectations = html("expectations", {{"rows", expectations},
                                             {"class", good == all ? "pass" : "missed"},
                                             {"score", text_of(good, " of ", all, " met")}});
    const std::string command = demo.at("command");
    const Json &machine = demo.at("machine"), &build = demo.at("build");
    return html("demo", {{"demo", demo.at("demo")},
                         {"shows", demo.at("shows")},
                         {"command", command.empty() ? "" : html("command", {{"command", command}})},
                         {"links", link_to("source", demo.at("source"), folder, root)},
                         {"figures", figures},
                         {"tables", tables_of(demo)},
                         {"expectations", expectations},
                         {"cpu", machine.at("cpu")},
                         {"threads", machine.at("threads").dump()},
                         {"compiler", build.at("compiler")},
                         {"type", build.at("type")},
                         {"scalar", build.at("scalar")}}) +
           "\n";
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
    std::string contents, sections, stops, chapter = "none yet";
    std::map<std::string, std::string> figures;    // by file
    for (const Json& demo : demos) {
        good += met(demo);
        all += std::ssize(demo.at("expectations"));
        contents += in_contents(demo);
        for (const Figure& figure : figures_of(demo, folder)) figures[figure.file] = figure.html;
        if (const std::string now = demo.at("chapter"); now != chapter) {
            chapter = now;
            sections += html("chapter",
                             {{"title", title_of(chapter, root)}, {"link", link_to("chapter", chapter, folder, root)}});
        }
        sections += section(demo, folder, root);
    }
    for (const Stop& stop : story)
        if (const auto figure = figures.find(stop.file); figure != figures.end())
            stops += html("stop", {{"id", stop.file}, {"says", stop.says}, {"figure", figure->second}});
    const fs::path face = fs::path(folder) / "face.png";
    return html("page",
                {{"style", std::string(style_css) + chart_css},
                 {"face", !fs::exists(face)
                              ? ""
                              : html("face", {{"data", "data:image/png;base64," + base64(read_file(face.string()))}})},
                 {"play", link_to("Play with it yourself:", "build/play/index.html", folder, root)},
                 {"story", stops.empty() ? "" : html("story", {{"stops", stops}})},
                 {"score", text_of(demos.size(), demos.size() == 1 ? " demo" : " demos", " of Ordinal, ", good, " of ",
                                   all, " expectations met.")},
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
            require<FileError>(
                entry.is_regular_file(none), entry.path().string(),
                ": expected the results of a demo, got no regular file");    // a pipe might wait for ever
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
