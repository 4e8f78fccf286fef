// The book: README.md, the other pages beside it, and docs/. check_book() is all that the tests call.
#pragma once

#include "tests/docs/blocks.h"
#include "tests/docs/citations.h"
#include "tests/docs/course.h"
#include "tests/docs/links.h"
#include "tests/docs/page_reader.h"
#include "tests/docs/project.h"
#include "tests/docs/translation.h"

namespace book {

inline std::vector<Page> read_pages(const Project& project) {
    std::vector<Page> pages;
    for (const auto& [path, content] : project.files) {
        const bool of_the_book = path.find('/') == std::string::npos || path.rfind("docs/", 0) == 0;
        if (of_the_book && path.ends_with(".md")) pages.push_back(read_page(path, content));
    }
    return pages;
}

inline Problems check_book(const Project& project) {
    const std::vector<Page> pages = read_pages(project);
    Problems problems;
    for (const Page& page : pages) {
        problems.insert(problems.end(), page.problems.begin(), page.problems.end());
        check_blocks(page, project, problems);
        check_links(page, pages, project, problems);
    }
    check_programs(pages, project, problems);
    check_pages_named_by_sources(project, problems);
    check_citations(pages, project, problems);
    check_course(pages, project, problems);
    check_translations(pages, problems);
    return problems;
}

// One line a problem, as compilers write them: "docs/02-autograd.md:17: what is wrong; what to do".
inline std::string text_of(const Problems& problems) {
    std::string text;
    for (const Problem& problem : problems)
        text += problem.file + ":" + std::to_string(problem.line) + ": " + problem.what + "\n";
    return text;
}

}    // namespace book
