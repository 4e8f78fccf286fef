// Every scheme's header can be read next to any other: at most 160 lines, and the same five parts.
#include <doctest/doctest.h>

#include <set>

#include "tests/core/source_files.h"

namespace {

bool has_line(const SourceFile& file, const std::string& start) {
    return std::any_of(file.lines.begin(), file.lines.end(),
                       [&](const std::string& line) { return line.rfind(start, 0) == 0; });
}

// Does the header define a scheme, a step of a recursion, or a wrapper? Those that only others build on do not count.
bool defines_scheme(const SourceFile& file) {
    const std::set<std::string> bases{"positional/encoding.h", "positional/wrapper.h", "positional/graph_positions.h",
                                      "positional/recursion_step.h"};
    if (!file.is_header() || bases.contains(file.path)) return false;
    const std::vector<std::string> kinds{": public AdditiveEncoding", ": public Encoding", ": public Wrapper",
                                         ": public GraphPositions", ": public RecursionStep"};
    for (const std::string& line : file.lines)
        for (const std::string& kind : kinds)
            if (line.rfind("class ", 0) == 0 && line.find(kind) != std::string::npos) return true;
    return false;
}

}    // namespace

TEST_CASE("no header of positional has more than 160 lines") {
    for (const SourceFile& file : source_files("positional")) {
        CAPTURE(file.path);
        if (file.is_header()) CHECK(file.lines.size() <= 160);
    }
}

TEST_CASE("every scheme and wrapper names its source and formula and shapes and why") {
    int schemes = 0;
    for (const SourceFile& file : source_files("positional")) {
        if (!defines_scheme(file) && file.path != "positional/extend_table.h") continue;
        CAPTURE(file.path);
        ++schemes;
        CHECK(has_line(file, "// Source:"));
        CHECK(has_line(file, "// Formula:"));
        CHECK(has_line(file, "// Shapes:"));
        CHECK(has_line(file, "// Why:"));
    }
    CHECK(schemes >= 29);
}

TEST_CASE("a scheme's header without its parts is noticed") {
    const SourceFile bare{"positional/mine.h", {"// Mine.", "class Mine : public AdditiveEncoding {", "};"}};
    CHECK(defines_scheme(bare));
    CHECK_FALSE(has_line(bare, "// Source:"));
    CHECK_FALSE(defines_scheme({"positional/words.h", {"class Words {", "};"}}));
}
