// What the book talks about: the files of the project and the programs it builds.
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>

namespace book {

struct Run {
    std::string output;
    int status = 0;
};

// The checks see nothing else, so that a made-up project can be checked as well as the real one.
struct Project {
    std::map<std::string, std::string> files;    // path from the root -> content
    std::function<Run(const std::string& command)> run;

    bool has_file(const std::string& path) const { return files.count(path) == 1; }
    bool has_folder(const std::string& path) const {    // with or without a slash at the end
        const std::string prefix = path.empty() || path.back() == '/' ? path : path + "/";
        const auto first = files.lower_bound(prefix);
        return first != files.end() && first->first.compare(0, prefix.size(), prefix) == 0;
    }
};

// What teaches: the code that cites papers and sends readers to pages.
inline bool is_source(const std::string& path) {
    for (const char* folder : {"core/", "nn/", "positional/", "demos/"})
        if (path.rfind(folder, 0) == 0) return path.ends_with(".h") || path.ends_with(".cpp");
    return false;
}

inline Run run_in_shell(const std::string& command) {
    FILE* pipe = popen(command.c_str(), "r");
    ordinal::require<ordinal::FileError>(pipe != nullptr, "run_in_shell: cannot start ", command);
    Run run;
    char block[4096];
    for (std::size_t count; (count = std::fread(block, 1, sizeof block, pipe)) > 0;) run.output.append(block, count);
    const int ended = pclose(pipe);
    run.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    return run;
}

// Everything under `root` that is not built, hidden or made by Git. Commands are "./go ..." or a program in `programs`.
inline Project load_project(const std::string& root, const std::string& programs) {
    namespace fs = std::filesystem;
    Project project;
    for (auto entry = fs::recursive_directory_iterator(root); entry != fs::recursive_directory_iterator(); ++entry) {
        const fs::path& path = entry->path();
        const bool built = path.filename() == "build" || fs::exists(path / "CMakeCache.txt");
        if (entry->is_directory() && (built || path.filename() == ".git")) entry.disable_recursion_pending();
        if (entry->is_regular_file())
            project.files[path.lexically_relative(root).generic_string()] = ordinal::read_file(path.string());
    }
    project.run = [root, programs](const std::string& command) {
        const bool go = command.rfind("./go", 0) == 0;
        const auto name_end = std::min(command.find(' '), command.size());
        const std::string program = go ? root + "/go" : programs + "/" + command.substr(0, name_end);
        // in the folder of the project, where a reader runs it, too
        return run_in_shell("cd '" + root + "' && " + (go ? "sh '" : "'") + program + "'" + command.substr(name_end) +
                            " 2>/dev/null");
    };
    return project;
}

}    // namespace book
