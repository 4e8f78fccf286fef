// The table of the same bits in docs/07-why-it-is-fast.md: each line of it is a test, by its name in quotation marks,
// or says that it is not tested.
#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <sstream>

#include "tests/docs/project.h"
#include "tests/places.h"

// What is wrong with the lines of the table; `tests` is the text of all tests.
static std::string wrong_lines(const std::string& page, const std::string& tests) {
    std::string wrong, line;
    std::size_t rows = 0;
    for (std::istringstream in(page.substr(std::min(page.find("\n| between |"), page.size())));
         std::getline(in, line);) {
        if (rows > 0 && line.empty()) break;
        if (line.empty() || ++rows <= 2) continue;    // its head
        static const std::regex quoted("\"([^\"]+)\"");
        const auto names = std::sregex_iterator(line.begin(), line.end(), quoted);
        if (names == std::sregex_iterator() && line.find("not tested") == std::string::npos)
            wrong += "names no test and does not say 'not tested': " + line + "\n";
        for (auto name = names; name != std::sregex_iterator(); ++name)
            if (tests.find(name->str()) == std::string::npos) wrong += "there is no test '" + (*name)[1].str() + "'\n";
    }
    return rows > 2 ? wrong : "there is no such table\n";
}

TEST_CASE("each line of the table of the same bits names its test or says that there is none") {
    const book::Project project = book::load_project(source_dir(), "");
    std::string tests;
    for (const auto& [path, text] : project.files)
        if (path.starts_with("tests/") && !path.starts_with("tests/docs/")) tests += text;
    CHECK(wrong_lines(project.files.at("docs/07-why-it-is-fast.md"), tests) == "");
}

TEST_CASE("a line of the table without its test is reported") {
    const std::string head = "text\n| between | the same? | held by |\n|---|---|---|\n";
    CHECK(wrong_lines("text\n", "") == "there is no such table\n");
    CHECK(wrong_lines(head + "| runs | yes | \"a run\" |\n| moons | no | not tested |\n\n| x |\n",
                      "TEST_CASE(\"a run\")") == "");
    CHECK(wrong_lines(head + "| runs | yes | \"a run\" |\n", "") == "there is no test 'a run'\n");
    CHECK(wrong_lines(head + "| runs | yes | surely |\n", "") ==
          "names no test and does not say 'not tested': | runs | yes | surely |\n");
}
