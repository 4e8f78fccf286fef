#include "demos/gallery/folder.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>

namespace ordinal::demos {

namespace fs = std::filesystem;

std::vector<Json> results_in(const std::string& folder, std::vector<std::string> names, std::ostream& warnings) {
    std::error_code none;
    if (names.empty()) {
        for (const auto& entry : fs::directory_iterator(folder, none))
            if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
        std::ranges::sort(names);
    }
    std::vector<Json> found;
    for (const std::string& name : names) {
        const std::string file = (fs::path(folder) / (name + ".json")).string();
        if (!fs::exists(file, none)) continue;
        try {
            require<FileError>(fs::is_regular_file(file, none), file,    // a pipe might wait for ever
                               ": expected the results of a demo, got no regular file");
            found.push_back(read_results(file));
        } catch (const FileError& error) {
            warnings << "left out: " << error.what() << '\n';
        }
    }
    return found;
}

void leave_out_foreign_pictures(std::vector<Json>& demos, const std::string& folder, std::ostream& warnings) {
    for (Json& demo : demos) {
        Json own = Json::array();
        for (const Json& picture : demo.at("pictures")) {
            const fs::path file = fs::path(folder) / picture.at("file").get<std::string>();
            const auto is_other = [&](const Json& known) {
                return known.at("name") == picture.at("file") && known.at("fnv1a") != fnv1a(read_file(file.string()));
            };
            const bool there = fs::is_regular_file(file);
            if (there && (!demo.contains("files") || std::ranges::none_of(demo.at("files"), is_other)))
                own.push_back(picture);
            else
                warnings << "left out: " << file.string() << " is " << (there ? "of another run" : "missing")
                         << "; run the demo " << demo.at("demo").get<std::string>() << " again\n";
        }
        demo["pictures"] = own;
    }
}

}    // namespace ordinal::demos
