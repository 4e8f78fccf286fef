// Compares fresh results and pictures with the committed ones, exactly but for timings, and takes them over on demand:
// ./go results runs it.
#include <exception>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "demos/common/results.h"
#include "demos/gallery/page.h"
#include "demos/gallery/quote.h"

using namespace ordinal;
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

// What must be the same again. Timings are other on each machine and each day; the verdicts on them must stay.
Json without_timings(Json demo) {
    demo.erase("build");
    demo.erase("machine");
    for (Json& e : demo.at("expectations"))
        if (e.at("tolerance").is_null())    // infinite: a timing
            for (const char* field : {"per_seed", "mean", "min", "max"}) e.erase(field);
    for (const char* kind : {"charts", "tables"})
        for (Json& figure : demo.at(kind)) {
            if (!figure.at("timings").get<bool>()) continue;
            if (demo.contains("files"))
                for (Json& file : demo["files"])
                    if (file.at("name") == figure.value("file", "")) file.erase("fnv1a");
            for (const char* field : {"charts", "columns", "rows"}) figure.erase(field);
        }
    return demo;
}

// Each value that differs, by its place in the file: "/files/0/fnv1a: was "0123", is "4567"". Pictures differ where
// their fingerprints do.
int print_differences(const std::string& name, const Json& before, const Json& now) {
    int count = 0;
    for (const Json& change : Json::diff(before, now)) {
        const auto path = change.at("path").get<std::string>(), kind = change.at("op").get<std::string>();
        std::cout << name << ' ' << path << ": ";
        if (kind == "replace")
            std::cout << "was " << before.at(Json::json_pointer(path)).dump() << ", is " << change.at("value").dump();
        else
            std::cout << (kind == "add" ? "is new" : "is gone");
        std::cout << '\n';
        ++count;
    }
    return count;
}

int compare(const fs::path& committed, const std::vector<Json>& fresh) {
    int differences = 0;
    for (const Json& now : fresh) {
        const std::string name = now.at("demo").get<std::string>() + ".json";
        if (const fs::path file = committed / name; fs::exists(file)) {
            const Json before = Json::parse(read_file(file.string()));
            differences += print_differences(name, without_timings(before), without_timings(now));
        } else {
            std::cout << name << " is new\n";
            ++differences;
        }
    }
    return differences;
}

// A picture of the book is replaced by the fresh one of its name, which may be of another kind: a .png by an .svg.
void accept(const fs::path& docs, const fs::path& fresh, const std::vector<Json>& results) {
    const auto copy = [](const fs::path& from, const fs::path& to) {
        write_file(to.string(), read_file(from.string()));
    };
    for (const Json& demo : results) {
        const std::string name = demo.at("demo").get<std::string>() + ".json";
        copy(fresh / name, docs / "results" / name);
    }
    for (const auto& old : std::vector<fs::path>(fs::directory_iterator(docs / "pictures"), {}))
        for (const char* kind : {".png", ".svg"}) {
            const fs::path name = old.filename().replace_extension(kind);
            if (!fs::exists(fresh / name)) continue;
            if (old.extension() != kind) fs::remove(old);
            copy(fresh / name, docs / "pictures" / name);
        }
}

// Tables that the book quotes, from the committed results.
void quote_again(const fs::path& root) {
    const auto results_of = [&](const std::string& file) {
        return read_results((root / "docs" / "results" / file).string());
    };
    for (const fs::path& folder : {root, root / "docs"})
        for (const auto& entry : fs::directory_iterator(folder)) {
            if (entry.path().extension() != ".md") continue;
            const std::string page = read_file(entry.path().string());
            if (const std::string now = with_fresh_tables(page, results_of); now != page) {
                write_file(entry.path().string(), now);
                std::cout << "tables written anew in " << entry.path().filename().string() << "\n";
            }
        }
}

}    // namespace

int main(int argc, char** argv) try {
    const bool accepted = argc == 4 && std::string(argv[3]) == "--accept";
    require<OptionError>(argc == 3 || accepted, "expected ROOT FRESH [--accept]: the project and a folder of results");
    const fs::path root = argv[1], fresh = argv[2];
    const std::vector<Json> results = results_in(fresh.string(), {}, std::cerr);
    const int differences = compare(root / "docs" / "results", results);
    std::cout << (differences == 0 ? "The same, to the last digit.\n" : text_of(differences, " values differ.\n"));
    if (accepted) {
        accept(root / "docs", fresh, results);
        quote_again(root);
        std::cout
            << "docs/results, docs/pictures and the tables in the book are now those of this run; `git diff` shows "
               "what has changed.\n";
    }
    return differences == 0 || accepted ? 0 : 1;
} catch (const std::exception& error) {
    std::cerr << "results: " << error.what() << "\n";
    return 1;
}
