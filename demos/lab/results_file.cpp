// The results of a demo as a JSON file: the one place that knows the library for it.
#include "demos/lab/results.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>

namespace ordinal::demos {
namespace {

using Json = nlohmann::ordered_json;

// The fields of each type under their names in the file, told once for writing and for reading. `File` is one of the
// two classes below. What is derived from other fields is written for readers who have no C++, and not read back.
template <class File>
void fields(File& file, AboutDemo& about) {
    file("demo", about.name);
    file("shows", about.shows);
    file("command", about.command);
    file("chapter", about.chapter);
    file("source", about.source);
}

template <class File>
void fields(File& file, Build& build) {
    file("compiler", build.compiler);
    file("type", build.type);
    file("scalar", build.scalar);
}

template <class File>
void fields(File& file, Machine& machine) {
    file("cpu", machine.cpu);
    file("threads", machine.threads);
}

template <class File>
void fields(File& file, Expectation& e) {
    file("what", e.what);
    file.derived("verdict", [&] { return is_met(e) ? "PASS" : "MISSED"; });
    file("per_seed", e.measured);
    file.derived("mean", [&] { return summary(e.measured).mean; });
    file.derived("min", [&] { return summary(e.measured).least; });
    file.derived("max", [&] { return summary(e.measured).greatest; });
    file("chance", e.chance);
    file("band", e.band);
    file("judged_by", e.judged_by);
    file("source", e.source);
    file("if_missed", e.if_missed);
    file("decimals", e.decimals);
    file("tolerance", e.tolerance);
}

template <class File>
void fields(File& file, Picture& picture) {
    file("file", picture.file);
    file("title", picture.title);
    file("look_at", picture.look_at);
    file("alt", picture.alt);
}

template <class File>
void fields(File& file, plot::Line& line) {
    file("name", line.name);
    file("x", line.x);
    file("y", line.y);
    file("low", line.low);
    file("high", line.high);
    file.if_any("only_dots", line.only_dots);
}

template <class File>
void fields(File& file, plot::Reference& reference) {
    file("name", reference.name);
    file("at", reference.at);
}

template <class File>
void fields(File& file, plot::Range& range) {
    file("low", range.low);
    file("high", range.high);
}

template <class File>
void fields(File& file, plot::LineChart& chart) {
    file("title", chart.title);
    file("x_label", chart.x_label);
    file("y_label", chart.y_label);
    file("log_x", chart.log_x);
    file("log_y", chart.log_y);
    file("y_range", chart.y_range);
    file("x_ticks", chart.x_ticks);
    file("horizontal", chart.horizontal);
    file("vertical", chart.vertical);
    file("lines", chart.lines);
}

template <class File>
void fields(File& file, ChartGroup& group) {
    file("file", group.file);
    file("title", group.title);
    file("look_at", group.look_at);
    file("timings", group.timings);
    file("charts", group.charts);
}

template <class File>
void fields(File& file, Table& table) {
    file("name", table.name);
    file("title", table.title);
    file("look_at", table.look_at);
    file("timings", table.timings);
    file("columns", table.columns);
    file("rows", table.rows);
}

template <class File>
void fields(File& file, Fingerprint& print) {
    file("name", print.name);
    file("fnv1a", print.fnv1a);
}

template <class File>
void fields(File& file, Results& results) {
    fields(file, results.about);
    file("build", results.build);
    file("machine", results.machine);
    file("expectations", results.expectations);
    file("pictures", results.pictures);
    file("charts", results.charts);
    file("tables", results.tables);
    file.if_any("files", results.files);
}

class Writer {
public:
    void operator()(const char* name, auto& value) { json_[name] = json_of(value); }
    void derived(const char* name, auto value) { json_[name] = value(); }
    void if_any(const char* name, auto& value) {    // left out where there is nothing to say, as in most lines
        if (value != std::decay_t<decltype(value)>{}) (*this)(name, value);
    }

    static Json json_of(auto& object) {
        Writer writer;
        fields(writer, object);
        return std::move(writer.json_);
    }
    static Json json_of(std::string& text) { return text; }
    static Json json_of(bool& value) { return value; }
    static Json json_of(int& value) { return value; }
    static Json json_of(double& value) { return value; }    // the library writes what is not finite as null
    static Json json_of(JudgedBy& by) { return by == JudgedBy::mean ? "mean" : "every seed"; }
    static Json json_of(Band& band) { return {{"low", band.low}, {"high", band.high}}; }
    template <class T>
    static Json json_of(std::optional<T>& value) {
        return value ? json_of(*value) : Json(nullptr);
    }
    template <class T>
    static Json json_of(std::vector<T>& items) {
        Json list = Json::array();
        for (T& item : items) list.push_back(json_of(item));
        return list;
    }

private:
    Json json_ = Json::object();
};

class Reader {
public:
    explicit Reader(const Json& json) : json_(json) {}
    void operator()(const char* name, auto& value) { read(json_.at(name), value); }
    void derived(const char*, auto) {}
    void if_any(const char* name, auto& value) {
        if (json_.contains(name)) (*this)(name, value);
    }

    static void read(const Json& json, auto& object) {
        Reader reader(json);
        fields(reader, object);
    }
    static void read(const Json& json, std::string& text) { text = json.get<std::string>(); }
    static void read(const Json& json, bool& value) { value = json.get<bool>(); }
    static void read(const Json& json, int& value) {    // a count: of decimals, of threads
        const auto number = json.get<double>();
        require<FileError>(0 <= number && number <= 4096 && number == std::floor(number),
                           "expected a count up to 4096, got ", number);
        value = static_cast<int>(number);
    }
    static void read(const Json& json, double& value) { value = json.is_null() ? std::nan("") : json.get<double>(); }
    static void read(const Json& json, JudgedBy& by) {
        by = json.get<std::string>() == "mean" ? JudgedBy::mean : JudgedBy::every_seed;
    }
    static void read(const Json& json, Band& band) {    // null: no end
        if (const Json& low = json.at("low"); !low.is_null()) band.low = low.get<double>();
        if (const Json& high = json.at("high"); !high.is_null()) band.high = high.get<double>();
    }
    template <class T>
    static void read(const Json& json, std::optional<T>& value) {
        if (!json.is_null()) read(json, value.emplace());
    }
    template <class T>
    static void read(const Json& json, std::vector<T>& items) {
        require<FileError>(json.is_array(), "expected a list, got a ", json.type_name());
        for (const Json& item : json) read(item, items.emplace_back());
    }

private:
    const Json& json_;
};

// What the types alone do not say of what was read.
void check(const Results& results) {
    for (const Expectation& e : results.expectations) {
        require<FileError>(!e.measured.empty(), "'", e.what, "' has no number of any seed");
        require<FileError>(e.decimals <= 15, "'", e.what, "' has ", e.decimals, " decimals");
    }
    for (const ChartGroup& group : results.charts) {
        require<FileError>(!group.charts.empty(), "'", group.file, "' has no charts");
        for (const plot::LineChart& chart : group.charts)
            for (const plot::Line& line : chart.lines)
                require<FileError>(line.x.size() == line.y.size(), "'", line.name, "' has ", line.x.size(), " x and ",
                                   line.y.size(), " y");
    }
    for (const Table& table : results.tables)
        for (const auto& row : table.rows)
            require<FileError>(row.size() == table.columns.size(), "table '", table.name, "' has a row of ", row.size(),
                               " cells below ", table.columns.size(), " columns");
}

// A list of numbers or words on one line, so that a file and its differences stay readable.
std::string with_flat_lists(const std::string& json) {
    std::string text;
    for (std::size_t at = 0; at < json.size();) {
        const auto open = json.find('[', at), next = json.find_first_of("[]{}\"", open == json.npos ? open : open + 1);
        if (open == json.npos || next == json.npos) return text + json.substr(at);
        text += json.substr(at, open - at);
        at = json[next] == ']' ? next : open + 1;
        for (std::size_t i = open; i < at; ++i) {
            if (json[i] != '\n') {
                text += json[i];
                continue;
            }
            while (json[i + 1] == ' ') ++i;    // the indentation after it
            if (text.back() == ',') text += ' ';
        }
    }
    return text;
}

}    // namespace

void write_results(const std::string& path, const Results& results) {
    Results copy = results;    // the fields are told once, for reading too, and so cannot be const
    write_file(path, with_flat_lists(Writer::json_of(copy).dump(1)) + '\n');
}

Results parse_results(const std::string& json, const std::string& path) {
    Results results;
    std::string problem;
    try {
        Reader::read(Json::parse(json), results);
        check(results);
    } catch (const nlohmann::json::exception& error) {
        problem = error.what();
    } catch (const FileError& error) {
        problem = error.what();
    }
    require<FileError>(problem.empty(), path, ": expected the results of a demo, got something else (", problem,
                       "); run the demo again");
    return results;
}

Results read_results(const std::string& path) { return parse_results(read_file(path), path); }

}    // namespace ordinal::demos
