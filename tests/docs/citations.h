// Citations: what is cited is in docs/references.md, and what is there is cited.
#pragma once

#include <regex>
#include <set>

#include "tests/docs/links.h"
#include "tests/docs/page.h"
#include "tests/docs/project.h"

namespace book {

constexpr const char* references_path = "docs/references.md";

// "arXiv 1810.04805", "arXiv:1810.04805" and "arxiv.org/abs/1810.04805" -> "1810.04805"
inline std::set<std::string> arxiv_ids(const std::string& line) {
    static const std::regex pattern("arxiv(?:\\.org/(?:abs|pdf)/|[: ]+)(\\d{4}\\.\\d{4,5})", std::regex::icase);
    std::set<std::string> ids;
    for (std::sregex_iterator match(line.begin(), line.end(), pattern), end; match != end; ++match)
        ids.insert((*match)[1]);
    return ids;
}

// An entry is a heading that ends with a year: "Devlin 2019", "Su 2021b". Other headings are sections.
inline bool is_entry(const Heading& heading) {
    static const std::regex year("\\d{4}[a-z]?$");
    return std::regex_search(heading.text, year);
}

// arXiv ids between this heading and the next.
inline std::set<std::string> ids_of_entry(const Page& page, const Heading& heading) {
    std::set<std::string> ids;
    for (std::size_t i = heading.line; i < page.lines.size() && page.lines[i].rfind('#', 0) != 0; ++i)
        ids.merge(arxiv_ids(page.lines[i]));
    return ids;
}

// Anchors of the entries that pages link to.
inline std::set<std::string> cited_entries(const std::vector<Page>& pages) {
    std::set<std::string> cited;
    for (const Page& page : pages)
        for (const Link& link : page.links) {
            const auto hash = link.target.find('#');
            if (hash == std::string::npos || page.path == references_path) continue;
            if (resolved(page.path, link.target.substr(0, hash)) == references_path)
                cited.insert(link.target.substr(hash + 1));
        }
    return cited;
}

inline void check_citations(const std::vector<Page>& pages, const Project& project, Problems& problems) {
    const Page* references = find_page(pages, references_path);
    std::set<std::string> listed;    // arXiv ids
    if (references != nullptr)
        for (const std::string& line : references->lines) listed.merge(arxiv_ids(line));

    std::set<std::string> named;    // arXiv ids in sources
    for (const auto& [path, content] : project.files) {
        if (!is_source(path)) continue;
        const Lines lines = lines_of(content);
        for (std::size_t i = 0; i < lines.size(); ++i)
            for (const std::string& id : arxiv_ids(lines[i])) {
                named.insert(id);
                if (listed.count(id) == 0)
                    report(problems, path, i + 1, references_path, " has no entry with arXiv ", id, "; add it");
            }
    }

    if (references == nullptr) return;
    const std::set<std::string> cited = cited_entries(pages);
    for (const Heading& heading : references->headings) {
        if (!is_entry(heading)) continue;
        bool used = cited.count(heading.anchor) == 1;
        for (const std::string& id : ids_of_entry(*references, heading)) used = used || named.count(id) == 1;
        if (!used)
            report(problems, references->path, heading.line, "nothing cites ", heading.text, "; link to #",
                   heading.anchor, " or delete it");
    }
}

}    // namespace book
