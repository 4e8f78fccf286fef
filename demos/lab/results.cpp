#include "demos/lab/results.h"

#include <sys/utsname.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include <ordinal/core/error.h>
#include <ordinal/core/fast/parallel.h>
#include <ordinal/nn/files/file.h>

// How the parts of a chart are written and read; the library finds these by their names.
namespace ordinal::demos::plot {

// Numbers that are not finite are null.
static std::vector<double> numbers(const Json& json) {
    std::vector<double> all;
    for (const Json& item : json.get<std::vector<Json>>())
        all.push_back(item.is_null() ? std::nan("") : item.get<double>());
    return all;
}

static void to_json(Json& json, const Range& range) { json = {{"low", range.low}, {"high", range.high}}; }
static void from_json(const Json& json, Range& range) { range = {json.at("low"), json.at("high")}; }

static void to_json(Json& json, const Reference& reference) { json = {{"name", reference.name}, {"at", reference.at}}; }
static void from_json(const Json& json, Reference& reference) { reference = {json.at("name"), json.at("at")}; }

static void to_json(Json& json, const Line& line) {
    json = {{"name", line.name}, {"x", line.x}, {"y", line.y}, {"low", line.low}, {"high", line.high}};
    if (line.only_dots) json["only_dots"] = true;
}
static void from_json(const Json& json, Line& line) {
    line = {.name = json.at("name"),
            .x = numbers(json.at("x")),
            .y = numbers(json.at("y")),
            .low = numbers(json.at("low")),
            .high = numbers(json.at("high")),
            .only_dots = json.value("only_dots", false)};
}

}    // namespace ordinal::demos::plot

namespace ordinal::demos {
namespace {

std::string this_compiler() {
#ifdef __clang__
    return text_of("clang ", __clang_major__, ".", __clang_minor__, ".", __clang_patchlevel__);
#else
    return text_of("g++ ", __VERSION__);
#endif
}

std::string this_cpu() {
    std::ifstream info("/proc/cpuinfo");    // Linux
    for (std::string line; std::getline(info, line);)
        if (line.starts_with("model name")) return line.substr(std::min(line.size(), line.find(": ") + 2));
    utsname system{};
    return uname(&system) == 0 ? system.machine : "";    // elsewhere at least "arm64"
}

std::vector<Json> list(const Json& json, const char* name) { return json.at(name).get<std::vector<Json>>(); }

void check_texts(const Json& json, std::initializer_list<const char*> names) {
    for (const char* name : names) static_cast<void>(json.at(name).get<std::string>());
}

// Reads everything once: what cannot be shown, compared and quoted is no result.
void check(const Json& results) {
    check_texts(results, {"demo", "shows", "command", "chapter", "source"});
    check_texts(results.at("build"), {"compiler", "type", "scalar"});
    check_texts(results.at("machine"), {"cpu"});
    const Json& threads = results.at("machine").at("threads");
    require<FileError>(threads.is_number_unsigned(), "expected a number of threads, got ", threads.type_name());
    for (const Json& claim : list(results, "expectations")) {
        claim_of(claim);
        check_texts(claim, {"verdict"});
        plot::numbers(Json::array({claim.at("tolerance")}));
    }
    for (const Json& picture : list(results, "pictures")) {
        check_texts(picture, {"title", "look_at", "alt"});
        const auto file = picture.at("file").get<std::string>();
        require<FileError>(std::filesystem::path(file).filename() == file, "'", file,
                           "' is no file beside the results");
    }
    for (const Json& group : list(results, "charts")) {
        check_texts(group, {"file", "title", "look_at"});
        static_cast<void>(group.at("timings").get<bool>());
        require<FileError>(!list(group, "charts").empty(), "'", group.at("file").get<std::string>(), "' has no charts");
        for (const Json& chart : group.at("charts")) chart_of(chart);
    }
    for (const Json& table : list(results, "tables")) table_of(table);
    if (!results.contains("files")) return;
    for (const Json& file : list(results, "files")) check_texts(file, {"name", "fnv1a"});
}

// A list of numbers on one line, so that a file and its differences stay readable.
std::string with_flat_lists(const std::string& json) {
    std::string text;
    bool flat = false;    // up to the next bracket there are numbers only
    for (std::size_t i = 0; i < json.size(); ++i) {
        if (json[i] == '[') flat = json[json.find_first_of("[]{}\"", i + 1)] == ']';
        if (json[i] == ']') flat = false;
        if (flat && json[i] == '\n') {
            while (json[i + 1] == ' ') ++i;    // the indentation after it
            if (text.back() == ',') text += ' ';
        } else {
            text += json[i];
        }
    }
    return text;
}

}    // namespace

Json empty_results(const Demo& about) {
    return {{"demo", about.name},
            {"shows", about.shows},
            {"command", about.command},
            {"chapter", about.chapter},
            {"source", about.source},
            {"build",
             {{"compiler", this_compiler()},
              {"type", ORDINAL_BUILD_TYPE},
              {"scalar", sizeof(Scalar) == sizeof(double) ? "double" : "float"}}},
            {"machine", {{"cpu", this_cpu()}, {"threads", num_threads()}}},
            {"expectations", Json::array()},
            {"pictures", Json::array()},
            {"charts", Json::array()},
            {"tables", Json::array()}};
}

Json json_of(const Claim& judged) {
    const auto [mean, least, greatest] = summary(judged.measured);
    return {{"what", judged.what},
            {"verdict", is_met(judged) ? "PASS" : "MISSED"},
            {"per_seed", judged.measured},
            {"mean", mean},
            {"min", least},
            {"max", greatest},
            {"chance", judged.chance ? Json(*judged.chance) : Json()},
            {"band", plot::Range{judged.band.low, judged.band.high}},
            {"judged_by", judged.judged_by == JudgedBy::mean ? "mean" : "every seed"},
            {"source", judged.source},
            {"if_missed", judged.if_missed},
            {"decimals", judged.decimals},
            {"tolerance", judged.tolerance}};
}

Json json_of(const plot::LineChart& chart) {
    return {{"title", chart.title},       {"x_label", chart.x_label},
            {"y_label", chart.y_label},   {"log_x", chart.log_x},
            {"log_y", chart.log_y},       {"y_range", chart.y_range ? Json(*chart.y_range) : Json()},
            {"x_ticks", chart.x_ticks},   {"horizontal", chart.horizontal},
            {"vertical", chart.vertical}, {"lines", chart.lines}};
}

Json json_of(const Table& table) {
    return {{"name", table.name},       {"title", table.title},     {"look_at", table.look_at},
            {"timings", table.timings}, {"columns", table.columns}, {"rows", table.rows}};
}

Claim claim_of(const Json& json) {
    Claim claim{.what = json.at("what"),
                .measured = plot::numbers(json.at("per_seed")),
                .source = json.at("source"),
                .if_missed = json.at("if_missed"),
                .judged_by = json.at("judged_by") == "mean" ? JudgedBy::mean : JudgedBy::every_seed};
    require<FileError>(!claim.measured.empty(), "'", claim.what, "' has no number of any seed");
    const double decimals = json.at("decimals");    // 1e300 is no int
    require<FileError>(0 <= decimals && decimals <= 15, "'", claim.what, "' has ", decimals, " decimals");
    claim.decimals = static_cast<int>(decimals);
    const Json& band = json.at("band");    // null: no end
    if (!band.at("low").is_null()) claim.band.low = band.at("low");
    if (!band.at("high").is_null()) claim.band.high = band.at("high");
    if (!json.at("chance").is_null()) claim.chance = json.at("chance").get<double>();
    return claim;
}

plot::LineChart chart_of(const Json& json) {
    plot::LineChart chart{.title = json.at("title"),
                          .x_label = json.at("x_label"),
                          .y_label = json.at("y_label"),
                          .lines = json.at("lines"),
                          .horizontal = json.at("horizontal"),
                          .vertical = json.at("vertical"),
                          .log_x = json.at("log_x"),
                          .log_y = json.at("log_y"),
                          .x_ticks = plot::numbers(json.at("x_ticks"))};
    if (!json.at("y_range").is_null()) chart.y_range = json.at("y_range").get<plot::Range>();
    check_line_chart(chart);
    return chart;
}

Table table_of(const Json& json) {
    Table table{.name = json.at("name"),
                .title = json.at("title"),
                .look_at = json.at("look_at"),
                .columns = json.at("columns"),
                .rows = json.at("rows"),
                .timings = json.at("timings")};
    require<FileError>(!table.columns.empty(), "table '", table.name, "' has no columns");
    for (const auto& row : table.rows)
        require<FileError>(row.size() == table.columns.size(), "table '", table.name, "' has a row of ", row.size(),
                           " cells below ", table.columns.size(), " columns");
    return table;
}

void write_results(const std::string& path, const Json& results) {
    write_file(path, with_flat_lists(results.dump(1)) + '\n');
}

Json parse_results(const std::string& text, const std::string& path) {
    std::string problem;
    const auto not_too_deep = [](int depth, Json::parse_event_t, Json&) {    // what follows goes down by calling itself
        require<FileError>(depth < 64, "more than 64 brackets inside each other");
        return true;
    };
    try {
        Json results = Json::parse(text, not_too_deep);
        check(results);
        return results;
    } catch (const std::exception& error) {    // the library's, or ours
        problem = error.what();
    }
    throw FileError(
        text_of(path, ": expected the results of a demo, got something else (", problem, "); run the demo again"));
}

Json read_results(const std::string& path) { return parse_results(read_file(path), path); }

std::string fnv1a(const std::string& bytes) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
    return text;
}

}    // namespace ordinal::demos
