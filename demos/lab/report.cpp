#include "demos/lab/report.h"

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "demos/plot/svg.h"
#include "demos/plot/svg_picture.h"

namespace ordinal::demos {
namespace {

// Six digits are more than any picture shows, and a third of what the file would hold.
void round_to_six_digits(plot::LineChart& chart) {
    for (plot::Line& line : chart.lines)
        for (std::vector<double>* values : {&line.x, &line.y, &line.low, &line.high})
            for (double& value : *values) value = std::strtod(plot::number(value, "%.6g").c_str(), nullptr);
}

}    // namespace

Report::Report(const DemoOptions& options, std::vector<Claim> claims)
    : options_(options),
      verdicts_(options, std::move(claims)),
      results_(std::make_shared<Json>(empty_results(options.about))) {
    std::error_code reason;
    std::filesystem::create_directories(options.out, reason);
    require<FileError>(!reason, "--out '", options.out, "': expected a folder that can be made, got \"",
                       reason.message(), "\"; choose another");
    require_writable("--out", path(options.about.name + ".json"));
    if (!options.json.empty()) require_writable("--json", options.json);
}

std::string Report::path(const std::string& name) const {
    return (std::filesystem::path(options_.out) / name).string();
}

void Report::picture_file(const std::string& file, const std::string& bytes) {
    for (const Json& earlier : (*results_)["files"])
        require<OptionError>(earlier["name"] != file, "Report: two pictures would be ", file,
                             "; give each a name of its own");
    (*results_)["files"].push_back({{"name", file}, {"fnv1a", fnv1a(bytes)}});
    this->file(file, bytes);
}

void Report::heatmaps(const Picture& picture, const std::vector<plot::Heatmap>& panels, int columns) {
    picture_file(picture.file, plot::png(plot::draw_grid(picture.title, panels, columns)));
    (*results_)["pictures"].push_back(
        {{"file", picture.file}, {"title", picture.title}, {"look_at", picture.look_at}, {"alt", picture.alt}});
}

void Report::chart(const std::string& file, const plot::LineChart& chart, const std::string& look_at, Vary vary) {
    charts(file, chart.title, {chart}, 1, look_at, vary);
}

void Report::charts(const std::string& file, const std::string& title, std::vector<plot::LineChart> charts, int columns,
                    const std::string& look_at, Vary vary) {
    require<OptionError>(file.ends_with(".svg"), "Report: a chart is SVG: expected a name like chart.svg, got ", file);
    Json list = Json::array();
    for (plot::LineChart& chart : charts) {
        round_to_six_digits(chart);
        list.push_back(json_of(chart));
    }
    // Drawn from the numbers that are kept, so that the picture can be drawn again from them.
    picture_file(file, plot::svg_picture(title, charts, columns));
    (*results_)["charts"].push_back({{"file", file},
                                     {"title", title},
                                     {"look_at", look_at},
                                     {"timings", vary == Vary::with_the_machine},
                                     {"charts", list}});
}

void Report::table(const Table& table) {
    for (const auto& row : table.rows)
        require(row.size() == table.columns.size(), "Report: expected ", table.columns.size(),
                " cells in each row of the table '", table.name, "', got ", row.size());
    (*results_)["tables"].push_back(json_of(table));
}

void Report::show(const Table& table, std::ostream& out) {
    this->table(table);    // which asks for a cell under every column
    print_table(out, table, path(options_.about.name + ".json") + " and on the page");
}

void Report::list(const std::string& name, const Json& values) {
    require<OptionError>(values.is_array() && !results_->contains(name),
                         "Report: expected a list under a new name, got '", name, "', ",
                         values.is_array() ? "which is taken" : values.type_name());
    (*results_)[name] = values;
}

int Report::finish(std::ostream& out) {
    for (const Claim& claim : verdicts_.judged()) (*results_)["expectations"].push_back(json_of(claim));
    for (const auto& [name, bytes] : files_) write_file(path(name), bytes);
    write_results(path(options_.about.name + ".json"), *results_);
    if (!options_.json.empty()) write_results(options_.json, *results_);
    return verdicts_.print(out);
}

}    // namespace ordinal::demos
