// Every scheme's header can be read next to any other: at most 160 lines, the same four labels, then code.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include <ordinal/positional/registry.h>
#include "tests/core/source_files.h"

using namespace ordinal;

namespace {

// What stands out of order, or is not there: the four labels, then code. Empty: nothing.
std::string missing_part(const SourceFile& file) {
    auto from = file.lines.begin();
    for (const std::string start : {"// Source:", "// Formula:", "// Shapes:", "// Why:", "#pragma once"}) {
        from = std::find_if(from, file.lines.end(), [&](const std::string& line) { return line.rfind(start, 0) == 0; });
        if (from == file.lines.end()) return start;
    }
    return "";
}

// Does the header define a scheme, a step of a recursion, or a wrapper? Those that only others build on do not count.
bool defines_scheme(const SourceFile& file) {
    const std::set<std::string> bases{"positional/encoding.h", "positional/combined/wrapper.h",
                                      "positional/graphs/graph_positions.h", "positional/recurrences/recursion_step.h"};
    if (!file.is_header() || bases.contains(file.path)) return false;
    const std::vector<std::string> kinds{": public AdditiveEncoding", ": public Encoding", ": public Wrapper",
                                         ": public GraphPositions", ": public RecursionStep"};
    for (const std::string& line : file.lines)
        for (const std::string& kind : kinds)
            if (line.rfind("class ", 0) == 0 && line.find(kind) != std::string::npos) return true;
    return false;
}

// "a=1, b" -> a, b
std::set<std::string> names_in(const std::string& list) {
    std::set<std::string> names;
    for (std::size_t begin = 0; begin < list.size();) {
        const std::size_t end = std::min(list.find(", ", begin), list.size());
        names.insert(list.substr(begin, std::min(list.find('=', begin), end) - begin));
        begin = end + 2;
    }
    return names;
}

// The options of a scheme in the comments of the headers: of every "// ... name(option=default, option)".
std::set<std::string> options_in_headers(const std::string& name) {
    std::set<std::string> all;
    for (const SourceFile& file : source_files("positional"))
        for (const std::string& line : file.lines) {
            const std::string start = " " + name + "(";
            const std::size_t at = line.find(start, std::min(line.find("// "), line.size()));
            if (!file.is_header() || at == std::string::npos) continue;
            const std::size_t begin = at + start.size();
            all.merge(names_in(line.substr(begin, line.find(')', begin) - begin)));
        }
    return all;
}

// Those that it takes, without those that every scheme has; the sentence about an unknown one lists them.
std::set<std::string> options_of(const std::string& name) {
    Rng rng(1);
    try {
        make_encoding(name + "(q0=1)", {.d_model = 8, .max_length = 40, .num_heads = 2}, rng);
    } catch (const OptionError& error) {
        const std::string sentence = error.what(), start = "unknown option 'q0'; known: ";
        REQUIRE(sentence.find(start) != std::string::npos);
        std::set<std::string> names = names_in(sentence.substr(sentence.find(start) + start.size()));
        for (const char* wrapper :
             {"gain", "drop", "log_n", "ssmax", "group", "window", "segments", "shift", "randomized"})
            CHECK(names.erase(wrapper) == 1);
        return names;
    }
    FAIL("an unknown option was taken");
    return {};
}

}    // namespace

TEST_CASE("the headers name exactly the options that a scheme takes") {
    for (const NamedEncoding& scheme : builtin_encodings()) {
        CAPTURE(scheme.name);
        CHECK(options_in_headers(scheme.name) == options_of(scheme.name));
    }
    CHECK(options_of("alibi") == std::set<std::string>{"form"});
}

TEST_CASE("no header of positional has more than 160 lines") {
    for (const SourceFile& file : source_files("positional")) {
        CAPTURE(file.path);
        if (file.is_header()) CHECK(file.lines.size() <= 160);
    }
}

TEST_CASE("every scheme and wrapper has the four labels in order and then code") {
    int schemes = 0;
    for (const SourceFile& file : source_files("positional")) {
        if (!defines_scheme(file) && file.path != "positional/tables/extend_table.h") continue;
        CAPTURE(file.path);
        ++schemes;
        CHECK(missing_part(file) == "");
    }
    CHECK(schemes >= 29);
}

TEST_CASE("a scheme's header without its parts is noticed") {
    const SourceFile bare{"positional/mine.h", {"// Mine.", "class Mine : public AdditiveEncoding {", "};"}};
    CHECK(defines_scheme(bare));
    CHECK(missing_part(bare) == "// Source:");
    const auto with = [](const std::vector<std::string>& lines) { return missing_part({"positional/mine.h", lines}); };
    CHECK(with({"// Source: me", "// Formula: 1", "// Shapes:", "// Why:", "#pragma once"}) == "");
    CHECK(with({"// Formula: 1", "// Source: me", "// Shapes:", "// Why:", "#pragma once"}) == "// Formula:");
    CHECK(with({"// Source: me", "// Formula: 1", "// Shapes:", "#pragma once", "// Why:"}) == "#pragma once");
    CHECK_FALSE(defines_scheme({"positional/words.h", {"class Words {", "};"}}));
}
