// Compares fresh results and pictures with the committed ones, exactly but for timings, and takes them over on demand:
// ./go results runs it.
#include <exception>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "demos/gallery/compare.h"
#include "demos/gallery/folder.h"
#include "demos/gallery/quote.h"

using namespace ordinal;
using namespace ordinal::demos;
namespace fs = std::filesystem;

namespace {

// Prints all verdicts and a few of the other values that differ.
int compare(const fs::path& committed, const std::vector<Json>& fresh) {
    constexpr int shown = 5;
    int count = 0;
    for (const Json& now : fresh) {
        const std::string name = now.at("demo").get<std::string>() + ".json";
        const fs::path file = committed / name;
        std::vector<std::string> found{": is new"};
        if (fs::exists(file)) try {
                found = differences(read_results(file.string()), now);
            } catch (const FileError& error) {    // of an earlier version, or cut short
                found = {text_of(": cannot be compared (", error.what(), ")")};
            }
        int others = 0;
        for (const std::string& what : found)
            if (what.find("/verdict") < what.size() || ++others <= shown) std::cout << name << " " << what << "\n";
        if (others > shown) std::cout << name << ": and " << others - shown << " more values\n";
        count += static_cast<int>(found.size());
    }
    return count;
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
    const std::vector<Json> demos = results_in(fresh.string(), {}, std::cerr);
    require<FileError>(!demos.empty(), "expected results of demos in ", fresh.string(), ", found none to compare");
    const int count = compare(root / "docs" / "results", demos);
    std::cout << (count == 0 ? "The same, to the last digit.\n" : text_of(count, " values differ.\n"));
    if (accepted) {
        take_over(fresh.string(), (root / "docs").string());
        quote_again(root);
        std::cout << "docs/results, docs/pictures and the tables in the book are now those of this run.\n";
    }
    require<FileError>(std::cout.flush().good(), "standard output cannot be written");
    return count == 0 || accepted ? 0 : 1;
} catch (const std::exception& error) {
    std::cerr << "results: " << error.what() << "\n";
    return 1;
}
