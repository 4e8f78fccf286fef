// The book as a course: what each chapter owes its reader, words that are explained before they are used, and drawn
// pictures. Asked of a project that has a glossary.
#pragma once

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <regex>

#include "tests/docs/links.h"
#include "tests/docs/page.h"
#include "tests/docs/project.h"

namespace book {

constexpr const char* glossary_path = "docs/glossary.md";

inline bool is_chapter(const Page& page) {    // docs/04-where-is-a-token.md; they come in reading order
    static const std::regex numbered("docs/\\d\\d-[a-z-]+\\.md");
    return std::regex_match(page.path, numbered);
}

// The lines [first, last) of the section with this heading, counted from 1, up to the next heading of any level.
inline std::pair<std::size_t, std::size_t> section(const Page& page, const std::string& anchor) {
    for (std::size_t i = 0; i < page.headings.size(); ++i)
        if (page.headings[i].anchor == anchor)
            return {page.headings[i].line,
                    i + 1 < page.headings.size() ? page.headings[i + 1].line : page.lines.size() + 1};
    return {0, 0};
}

inline std::string lines_between(const Page& page, std::size_t first, std::size_t last) {
    std::string text;
    for (std::size_t line = first; line < last; ++line) text += page.lines[line - 1] + "\n";
    return text;
}

// A head that says what the chapter takes, a picture, an exercise about a picture, answers to be unfolded.
inline void check_chapter(const Page& page, Problems& problems) {
    const auto owe = [&](bool met, std::size_t line, const char* what) {
        if (!met) report(problems, page.path, line, what);
    };
    const bool has_head = page.lines.size() > 2 && page.lines[2].starts_with("> **Time**");
    owe(has_head, 3, "a chapter begins with '> **Time** ...': how long, what it needs, what can be skipped");
    const auto [first, last] = section(page, "exercises");
    if (first == 0) return owe(false, 1, "this chapter has no ## Exercises");
    bool shows = false, asks = false;
    for (const Link& link : page.links) {
        const bool picture = link.target.find("pictures/") != std::string::npos;
        shows = shows || (picture && link.image);
        asks = asks || (picture && !link.image && first <= link.line && link.line < last);
    }
    owe(shows, 1, "this chapter has no picture; draw one in docs/pictures");
    owe(asks, first, "no exercise asks about a picture; link to the picture that it asks about");
    const bool folded = lines_between(page, first, last).find("<details>") != std::string::npos;
    owe(folded, first, "the exercises have no answers; fold them into <details>");
}

// docs/pictures/NAME.cpp is the program draw_NAME, which prints NAME.svg; some page shows it.
inline void check_drawings(const std::vector<Page>& pages, const Project& project, Problems& problems) {
    const std::string folder = "docs/pictures/";
    for (const auto& [path, content] : project.files) {
        if (path.rfind(folder, 0) != 0 || !path.ends_with(".cpp")) continue;
        const std::string name = std::filesystem::path(path).stem().string(), drawing = folder + name + ".svg";
        const Run run = project.run("draw_" + name);
        if (run.status != 0)
            report(problems, path, 1, "draw_", name, " ended with status ", run.status, "; build all and run it");
        else if (!project.has_file(drawing) || project.files.at(drawing) != run.output)
            report(problems, path, 1, drawing, " is another picture; write into it what draw_", name, " prints");
        bool shown = false;
        for (const Page& page : pages)
            for (const Link& link : page.links)
                shown = shown || (link.image && resolved(page.path, link.target) == drawing);
        if (!shown) report(problems, path, 1, "no page shows ", drawing, "; show it or delete both");
    }
}

// A page's sentences, line by line as on the page: without headings, pictures and the targets of links. `linked` are
// the places of the words that are links.
struct Sentences {
    std::string text;
    std::vector<std::pair<std::size_t, std::size_t>> linked;    // [begin, end)
};

inline Sentences sentences(const Page& page) {
    Sentences all{page.prose, {}};
    std::string& text = all.text;
    const auto blank = [&](std::size_t begin, std::size_t end) {
        for (auto i = begin; i < end; ++i)
            if (text[i] != '\n') text[i] = ' ';
    };
    for (std::size_t middle; (middle = text.find("](")) != std::string::npos;) {
        const auto begin = text.rfind('[', middle), end = std::min(text.find(')', middle), text.size() - 1);
        if (begin == std::string::npos) break;
        const bool picture = begin > 0 && text[begin - 1] == '!';
        if (!picture) all.linked.push_back({begin, middle});
        blank(picture ? begin : middle, end + 1);
    }
    std::size_t line = 1, next = 0;    // of page.headings
    for (std::size_t i = 0; i < text.size() && next < page.headings.size(); ++i) {
        if (line == page.headings[next].line) {
            const auto end = std::min(text.find('\n', i), text.size());
            blank(i, end);
            i = end, ++next;
        }
        if (i < text.size() && text[i] == '\n') ++line;
    }
    return all;
}

// The word in any case, also in the plural, also broken over two lines.
inline std::regex pattern_of(const std::string& word, const std::string& before = "\\b") {
    std::string pattern;
    for (const char c : word)
        pattern += c == ' '                                           ? "\\s+"
                   : std::isalnum(static_cast<unsigned char>(c)) != 0 ? std::string(1, c)
                                                                      : std::string("\\") + c;
    return std::regex(before + pattern + "(s|es)?\\b", std::regex::icase);
}

// - [logits](03-layers.md#what-bert-is-asked): what it means. The section says it in bold. Its first use in reading
// order is there, or later, or a link.
inline void check_glossary(const Page& glossary, const std::vector<Page>& pages, Problems& problems) {
    static const std::regex entry("^- \\[([^\\]]+)\\]\\(([^)#]+)#([^)]+)\\): .*");
    std::vector<std::pair<const Page*, Sentences>> chapters;
    for (const Page& page : pages)
        if (is_chapter(page)) chapters.push_back({&page, sentences(page)});
    std::string before;
    for (std::size_t i = 0; i < glossary.lines.size(); ++i) {
        std::smatch match;
        if (!std::regex_match(glossary.lines[i], match, entry)) {
            if (glossary.lines[i].starts_with("- "))
                report(problems, glossary.path, i + 1, "expected - [word](page#section): what it means");
            continue;
        }
        const std::string word = match[1], path = resolved(glossary.path, match[2]), anchor = match[3];
        std::string lower = word;
        std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
        if (lower < before)
            report(problems, glossary.path, i + 1, "'", word, "' stands before its place in the alphabet");
        before = lower;

        const Page* page = find_page(pages, path);
        if (page == nullptr || !has_anchor(*page, anchor)) continue;    // a link that leads nowhere is reported as such
        const auto [first, last] = section(*page, anchor);
        if (!std::regex_search(lines_between(*page, first, last), pattern_of(word, "\\*\\*")))
            report(problems, path, first, "the glossary sends readers of '", word, "' here; write **", word,
                   "** where it is explained");
        for (const auto& [chapter, all] : chapters) {
            std::smatch use;
            if (!std::regex_search(all.text, use, pattern_of(word))) continue;
            const auto at = static_cast<std::size_t>(use.position());
            const bool is_link = std::ranges::any_of(
                all.linked, [at](const auto& place) { return place.first <= at && at < place.second; });
            const auto line =
                1 + static_cast<std::size_t>(std::count(all.text.begin(), all.text.begin() + use.position(), '\n'));
            if (!is_link && (chapter->path < path || (chapter->path == path && line < first)))
                report(problems, chapter->path, line, "'", word, "' is used before ", path, " explains it at #", anchor,
                       "; link to it, or say it otherwise");
            break;
        }
    }
}

inline void check_course(const std::vector<Page>& pages, const Project& project, Problems& problems) {
    const Page* glossary = find_page(pages, glossary_path);
    if (glossary == nullptr) return;
    for (const Page& page : pages)
        if (is_chapter(page)) check_chapter(page, problems);
    check_drawings(pages, project, problems);
    check_glossary(*glossary, pages, problems);
}

}    // namespace book
