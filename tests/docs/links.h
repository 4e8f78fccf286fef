// Links, pictures and file names: what a page points at is there.
#pragma once

#include <algorithm>
#include <filesystem>
#include <regex>
#include <utility>

#include "tests/docs/page.h"
#include "tests/docs/project.h"

namespace book {

// "docs/a.md" and "../core/shape.h" -> "core/shape.h"; a target that leaves the project begins with "..".
inline std::string resolved(const std::string& page, const std::string& target) {
    const auto path = (std::filesystem::path(page).parent_path() / target).lexically_normal().generic_string();
    return path == "." ? "" : path;
}

inline const Page* find_page(const std::vector<Page>& pages, const std::string& path) {
    for (const Page& page : pages)
        if (page.path == path) return &page;
    return nullptr;
}

inline bool has_anchor(const Page& page, const std::string& anchor) {
    for (const Heading& heading : page.headings)
        if (heading.anchor == anchor) return true;
    return false;
}

inline void check_link(const Page& page, const Link& link, const std::vector<Page>& pages, const Project& project,
                       Problems& problems) {
    const auto complain = [&](const std::string& what) { report(problems, page.path, link.line, what); };
    if (link.image && link.text.empty())
        complain("the picture " + link.target + " has no text; say between [ and ] what it shows");
    if (link.target.rfind("https://", 0) == 0) return;
    if (link.target.find(':') != std::string::npos)
        return complain("the link " + link.target + " is neither https:// nor a file of the project");

    const auto hash = std::min(link.target.find('#'), link.target.size());
    const std::string file = link.target.substr(0, hash);
    const std::string path = file.empty() ? page.path : resolved(page.path, file);
    if (!project.has_file(path) && !(project.has_folder(path) && !link.image))
        return complain("the link " + link.target + " leads nowhere: there is no file " + path);
    if (hash == link.target.size()) return;

    const std::string anchor = link.target.substr(hash + 1);
    const Page* target = find_page(pages, path);
    if (target == nullptr || !has_anchor(*target, anchor))
        complain("the link " + link.target + " leads nowhere: " + path + " has no heading #" + anchor);
}

// `core/shape.h`, `docs/` and the like. What begins with no folder of the project may be anything, as in `and/or`.
inline void check_file_name(const Page& page, const Span& span, const Project& project, Problems& problems) {
    static const std::regex path("([A-Za-z0-9_.-]+)(/[A-Za-z0-9_.-]+)*/?");
    std::smatch match;
    if (!std::regex_match(span.text, match, path) || span.text.find('/') == std::string::npos) return;
    const std::string first = match[1];
    const bool folder = span.text.back() == '/';
    if (first == "build" || first == "." || first == ".." || (!folder && !project.has_folder(first))) return;
    if (project.has_folder(span.text) || project.has_file(span.text)) return;
    report(problems, page.path, span.line, "there is no ", span.text, "; name it from the root of the project");
}

// Patterns that no page holds, and what to do about them.
inline void check_lines(const Page& page, Problems& problems) {
    static const std::regex machine_path(R"((^|[\s"'`(=])(/(?!usr/|opt/|dev/|proc/|etc/)[A-Za-z0-9_.-]+/|[A-Z]:\\))");
    for (std::size_t i = 0; i < page.lines.size(); ++i)
        if (std::regex_search(page.lines[i], machine_path))
            report(problems, page.path, i + 1, "a path of one machine; write it from the root of the project");

    static const std::vector<std::pair<std::string, std::string>> refused{
        {"http://", "http:// is not safe; write https://"},
        {"<img", "<img> is not checked; write ![text](file)"},
        {"href=", "<a href> is not checked; write [text](target)"},
        {"][", "[text][name] is not checked; write [text](target)"},
    };
    const Lines prose = lines_of(page.prose);
    for (std::size_t i = 0; i < prose.size(); ++i)
        for (const auto& [pattern, what] : refused)
            if (prose[i].find(pattern) != std::string::npos) report(problems, page.path, i + 1, what);
}

inline void check_links(const Page& page, const std::vector<Page>& pages, const Project& project, Problems& problems) {
    for (const Link& link : page.links) check_link(page, link, pages, project, problems);
    for (const Span& span : page.spans) check_file_name(page, span, project, problems);
    check_lines(page, problems);
}

// Comments and error messages send readers to pages, too.
inline void check_pages_named_by_sources(const Project& project, Problems& problems) {
    static const std::regex page("docs/[A-Za-z0-9_-]+\\.md");
    for (const auto& [path, content] : project.files) {
        if (!is_source(path)) continue;
        const Lines lines = lines_of(content);
        for (std::size_t i = 0; i < lines.size(); ++i)
            for (std::sregex_iterator match(lines[i].begin(), lines[i].end(), page), end; match != end; ++match)
                if (!project.has_file(match->str()))
                    report(problems, path, i + 1, "there is no page ", match->str(), "; name another");
    }
}

}    // namespace book
