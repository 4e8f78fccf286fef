// The project's own source text, for tests that read it.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/places.h"

struct SourceFile {
    std::string path;    // from the root of the source tree: "core/shape.h"
    std::vector<std::string> lines;
    bool is_header() const { return path.size() > 2 && path.compare(path.size() - 2, 2, ".h") == 0; }
};

// All .h and .cpp files below a folder of the source tree, sorted by path.
inline std::vector<SourceFile> source_files(const std::string& folder) {
    const std::filesystem::path root = source_dir();
    std::vector<SourceFile> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
        if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") continue;
        SourceFile file{entry.path().lexically_relative(root).generic_string(), {}};
        std::ifstream stream(entry.path());
        for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
        files.push_back(file);
    }
    std::sort(files.begin(), files.end(), [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
    return files;
}
