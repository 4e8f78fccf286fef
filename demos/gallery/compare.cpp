#include "demos/gallery/compare.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>

namespace ordinal::demos {
namespace {

namespace fs = std::filesystem;
Json without_timings(Json demo) {
    demo.erase("build");
    demo.erase("machine");
    for (Json& e : demo.at("expectations"))
        if (e.at("tolerance").is_null())    // infinite: a timing
            for (const char* field : {"per_seed", "mean", "min", "max"}) e.erase(field);
    for (const char* kind : {"charts", "tables"})
        for (Json& figure : demo.at(kind)) {
            if (!figure.at("timings").get<bool>()) continue;
            for (const char* field : {"charts", "columns", "rows"}) figure.erase(field);
            if (!demo.contains("files")) continue;
            for (Json& file : demo.at("files"))
                if (file.at("name") == figure.value("file", "")) file.erase("fnv1a");
        }
    return demo;
}

void take(const fs::path& from, const fs::path& to) { write_file(to.string(), read_file(from.string())); }

}    // namespace

std::vector<std::string> differences(const Json& before, const Json& now) {
    const Json a = without_timings(before), b = without_timings(now);
    std::vector<std::string> found;
    for (const Json& change : Json::diff(a, b)) {
        const auto path = change.at("path").get<std::string>(), kind = change.at("op").get<std::string>();
        std::string what = "is gone";
        if (kind == "add") what = "is new: " + change.at("value").dump().substr(0, 60);    // enough to recognise it
        if (kind == "replace")
            what = text_of("was ", a.at(Json::json_pointer(path)).dump(), ", is ", change.at("value").dump());
        found.push_back(path + ": " + what);
    }
    const auto verdict = [](const std::string& text) { return text.find("/verdict: ") < text.size(); };
    std::stable_partition(found.begin(), found.end(), verdict);
    return found;
}

void take_over(const std::string& fresh, const std::string& docs) {
    for (const auto& entry : fs::directory_iterator(fresh))
        if (entry.path().extension() == ".json")
            take(entry.path(), fs::path(docs) / "results" / entry.path().filename());
    for (const auto& picture : fs::directory_iterator(fs::path(docs) / "pictures"))
        if (const fs::path drawn = fresh / picture.path().filename(); fs::exists(drawn)) take(drawn, picture);
}

}    // namespace ordinal::demos
