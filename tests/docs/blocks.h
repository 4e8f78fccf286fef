// Code blocks: each listing is in its source, each output is what the program prints, each command exists. Tables of
// results: each is what the committed run has found. Tables of names: what stands in the second column, a program uses.
#pragma once

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "demos/gallery/quote.h"
#include "tests/docs/excerpt.h"
#include "tests/docs/page.h"
#include "tests/docs/project.h"

namespace book {

inline void check_listing(const Page& page, const Block& block, const Project& project, Problems& problems) {
    const std::string& file = block.argument;
    const bool program = block.marker == "program";
    if (!project.has_file(file))
        return report(problems, page.path, block.line, "there is no file ", file, " to show; name it from the root");
    if (block.lines.empty())
        return report(problems, page.path, block.line, "this block is empty; copy lines of ", file, " into it");
    const ExcerptRules rules = program ? ExcerptRules{"", true, false} : ExcerptRules{"// ...", false, true};
    if (const auto stale = first_stale_line(block.lines, lines_of(project.files.at(file)), rules))
        report(problems, page.path, block.line + 1 + *stale, file, " goes on differently; copy ",
               program ? "the whole file" : "the lines", " again");
}

inline void check_output(const Page& page, const Block& block, const Project& project, Problems& problems) {
    const std::string& command = block.argument;
    const Run run = project.run(command);
    if (run.status != 0)
        return report(problems, page.path, block.line, "'", command, "' ended with status ", run.status,
                      "; build all and run it yourself");
    if (const auto stale = first_stale_line(block.lines, lines_of(run.output), {"...", true, false}))
        report(problems, page.path, block.line + 1 + *stale, "'", command,
               "' goes on differently; run it and copy what it prints");
}

// <!-- results: FILE TABLE --> or <!-- results: FILE TABLE: ROW; ROW -->
inline void check_results(const Page& page, const Block& block, const Project& project, Problems& problems) {
    const auto space = std::min(block.argument.find(' '), block.argument.size());
    const std::string file = "docs/results/" + block.argument.substr(0, space);
    if (!project.has_file(file))
        return report(problems, page.path, block.line, "there is no file ", file, "; ./go results --accept writes it");
    try {
        const ordinal::demos::Json results = ordinal::demos::parse_results(project.files.at(file), file);
        const Lines table = lines_of(
            ordinal::demos::markdown(ordinal::demos::quoted_table(results, trimmed(block.argument.substr(space)))));
        if (const auto stale = first_stale_line(block.lines, table, {"", true, false}))
            report(problems, page.path, block.line + 1 + *stale, file,
                   " says something else; ./go results --accept writes the table again");
    } catch (const ordinal::Error& error) {
        report(problems, page.path, block.line, error.what());
    }
}

inline std::string without_spaces(const std::string& text) {
    std::string kept;
    for (const char c : text)
        if (!std::isspace(static_cast<unsigned char>(c))) kept += c;
    return kept;
}

// <!-- names: FILE -->: each `code` in the second column stands in the file, which is compiled.
inline void check_names(const Page& page, const Block& block, const Project& project, Problems& problems) {
    if (!project.has_file(block.argument))
        return report(problems, page.path, block.line, "there is no file ", block.argument,
                      " that could use these names");
    const std::string source = without_spaces(project.files.at(block.argument));
    for (std::size_t i = 2; i < block.lines.size(); ++i) {    // below the head
        std::istringstream cells(block.lines[i]);
        std::string cell;
        for (int column = 0; column <= 2; ++column)
            if (!std::getline(cells, cell, '|')) cell.clear();
        static const std::regex code("`([^`]+)`");
        const std::sregex_iterator first(cell.begin(), cell.end(), code), end;
        if (first == end) report(problems, page.path, block.line + 1 + i, "the second column names nothing in `code`");
        for (auto span = first; span != end; ++span)
            if (source.find(without_spaces((*span)[1])) == std::string::npos)
                report(problems, page.path, block.line + 1 + i, block.argument, " does not use `", (*span)[1].str(),
                       "`; use it there, so that a compiler reads it");
    }
}

// The X of every "./go X" in a text.
inline std::set<std::string> go_commands(const std::string& text) {
    static const std::regex pattern("\\./go +([a-z]+)");
    std::set<std::string> commands;
    for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match)
        commands.insert((*match)[1]);
    return commands;
}

inline void check_go(const Page& page, std::size_t line, const std::string& text, const Project& project,
                     Problems& problems) {
    const std::set<std::string> named = go_commands(text);
    if (named.empty()) return;
    const std::set<std::string> known = go_commands(project.run("./go help").output);
    for (const std::string& command : named)
        if (known.count(command) == 0)
            report(problems, page.path, line, "'./go help' knows no command ", command, "; name one that it lists");
}

inline void check_block(const Page& page, const Block& block, const Project& project, Problems& problems) {
    if (block.marker == "results" || block.marker == "names") {
        if (block.language != "table")
            return report(problems, page.path, block.line, "expected a table after the marker '", block.marker,
                          "', got a block");
        return block.marker == "results" ? check_results(page, block, project, problems)
                                         : check_names(page, block, project, problems);
    }
    static const std::set<std::string> languages{"cpp", "python", "text", "sh", "cmake", "math", "mermaid"};
    const bool shows_source = block.marker == "listing" || block.marker == "program";
    const char* source = block.argument.ends_with(".py") ? "python" : "cpp";
    const std::string expected = shows_source ? source : block.marker == "output" ? "text" : block.language;
    if (languages.count(block.language) == 0)
        return report(problems, page.path, block.line, "a block is cpp, python, text, sh, cmake, math or mermaid, not '",
                      block.language, "'; name one of them after the fence");
    if (block.language != expected)
        return report(problems, page.path, block.line, "expected a ", expected, " block after the marker '",
                      block.marker, "', got ", block.language, "; change one of them");
    if ((block.language == "cpp" || block.language == "python") && !shows_source)
        return report(problems, page.path, block.line, "nothing tests this block; put <!-- listing: FILE --> or ",
                      "<!-- program: FILE --> on the line before it");
    if (shows_source) check_listing(page, block, project, problems);
    if (block.marker == "output") check_output(page, block, project, problems);
    if (block.language == "sh")
        for (std::size_t i = 0; i < block.lines.size(); ++i)
            check_go(page, block.line + 1 + i, block.lines[i], project, problems);
}

inline void check_blocks(const Page& page, const Project& project, Problems& problems) {
    for (const Block& block : page.blocks) check_block(page, block, project, problems);
    for (const Span& span : page.spans) check_go(page, span.line, span.text, project, problems);
}

// Every program of the book is shown in it.
inline void check_programs(const std::vector<Page>& pages, const Project& project, Problems& problems) {
    std::set<std::string> shown;
    for (const Page& page : pages)
        for (const Block& block : page.blocks)
            if (block.marker == "program") shown.insert(block.argument);
    for (const auto& [path, content] : project.files)
        if (path.rfind("docs/programs/", 0) == 0 && path.ends_with(".cpp") && shown.count(path) == 0)
            report(problems, path, 1, "no page shows this program; show it or delete it");
}

}    // namespace book
