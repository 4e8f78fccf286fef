// Makes the page of what the demos found: DIR/index.html from the results and pictures in DIR. ./go demos runs it last.
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "demos/gallery/folder.h"
#include "demos/gallery/page.h"

using namespace ordinal;
using namespace ordinal::demos;

int main(int argc, char** argv) try {
    require<OptionError>(argc >= 2, "expected DIR [DEMO ...]: where the demos left their results, and their order");
    const std::string folder = argv[1], page = folder + "/index.html";
    auto demos = results_in(folder, {argv + 2, argv + argc}, std::cerr);
    require<FileError>(!demos.empty(), "expected results of demos in ", folder, ", found none; run ./go demos first");
    leave_out_foreign_pictures(demos, folder, std::cerr);
    write_file(page, gallery_page(demos, folder, ORDINAL_SOURCE_DIR));
    std::cout << "The page of all results: " << page << "\n";
    require<FileError>(std::cout.flush().good(), "standard output cannot be written");
    return 0;
} catch (const std::exception& error) {
    std::cerr << "gallery: " << error.what() << "\n";
    return 1;
}
