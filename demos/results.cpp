// Compares fresh results and pictures with the committed ones, and takes them over on demand: ./go results runs it.
#include <exception>
#include <filesystem>
#include <iostream>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "demos/gallery/compare.h"
#include "demos/gallery/page.h"
#include "demos/gallery/quote.h"

using namespace ordinal;
namespace fs = std::filesystem;

namespace {

// Pictures of trained models differ a little from machine to machine.
constexpr double same_picture = 3;

int compare_results(const fs::path& docs, const fs::path& fresh) {
    int moved = 0;
    const auto report = [&moved](const std::string& where, const std::string& what) {
        std::cout << where << ": " << what << "\n";
        ++moved;
    };
    for (const Results& now : results_in(fresh.string(), {}, std::cerr)) {
        const std::string name = now.about.name + ".json";
        if (!fs::exists(docs / "results" / name)) {
            report(name, "is new");
            continue;
        }
        for (const std::string& what : what_moved(read_results((docs / "results" / name).string()), now))
            report(name, what);
    }
    for (const Results& before : results_in((docs / "results").string(), {}, std::cerr))
        if (const std::string name = before.about.name + ".json"; !fs::exists(fresh / name))
            std::cout << name << ": not run this time\n";
    for (const auto& entry : fs::directory_iterator(docs / "pictures")) {
        const fs::path other = fresh / entry.path().filename();
        if (entry.path().extension() != ".png") continue;
        if (!fs::exists(other))
            std::cout << entry.path().filename().string() << ": not drawn this time\n";
        else if (const double apart = picture_difference(entry.path().string(), other.string()); apart > same_picture)
            report(entry.path().filename().string(), text_of("looks different, by ", apart, " of 255"));
    }
    return moved;
}

void accept(const fs::path& docs, const fs::path& fresh) {
    for (const Results& now : results_in(fresh.string(), {}, std::cerr))
        write_results((docs / "results" / (now.about.name + ".json")).string(), now);
    for (const auto& entry : fs::directory_iterator(docs / "pictures"))
        if (const fs::path other = fresh / entry.path().filename(); fs::exists(other))
            write_file(entry.path().string(), read_file(other.string()));
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
    const int moved = compare_results(root / "docs", fresh);
    std::cout << (moved == 0 ? "Nothing moved beyond its tolerance.\n" : text_of(moved, " moved beyond tolerance.\n"));
    if (accepted) {
        accept(root / "docs", fresh);
        quote_again(root);
        std::cout << "docs/results, docs/pictures and the tables in the book are now those of this run.\n";
    }
    return moved == 0 || accepted ? 0 : 1;
} catch (const std::exception& error) {
    std::cerr << "results: " << error.what() << "\n";
    return 1;
}
