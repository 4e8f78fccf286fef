// The book as a course, on made-up projects: what a chapter lacks, pictures that are stale and words that come too
// early are reported with file, line and what to do.
#include <doctest/doctest.h>

#include "tests/docs/book.h"

using namespace book;

namespace {

// The problems of a project with these files, in which draw_dot draws a dot.
std::string course_problems(std::map<std::string, std::string> files) {
    Project project;
    project.files = std::move(files);
    project.run = [](const std::string& command) -> Run {
        return command == "draw_dot" ? Run{"<svg/>\n", 0} : Run{"", command == "./go help" ? 0 : 127};
    };
    return text_of(check_book(project));
}

}    // namespace

TEST_CASE("the checker asks each chapter of a course for its head and picture and exercise and answers") {
    const std::string glossary = "# Glossary\n", drawing = "int main() {}\n";
    const std::string whole =
        "# 1. Dots\n\n> **Time** an hour.\n\n![a dot](pictures/dot.svg)\n\n## Exercises\n\n"
        "1. Look at [the dot](pictures/dot.svg).\n\n<details><summary>Answers</summary>\n\n1. Round.\n\n</details>\n";
    const auto problems_with = [&](const std::string& chapter, const std::string& svg) {
        return course_problems({{"docs/glossary.md", glossary},
                                {"docs/01-dots.md", chapter},
                                {"docs/pictures/dot.cpp", drawing},
                                {"docs/pictures/dot.svg", svg}});
    };
    CHECK(problems_with(whole, "<svg/>\n") == "");
    CHECK(problems_with(whole, "<svg></svg>\n") ==
          "docs/pictures/dot.cpp:1: docs/pictures/dot.svg is another picture; write into it what draw_dot prints\n");
    CHECK(problems_with("# 1. Dots\n\n## Exercises\n\n1. Why?\n", "<svg/>\n") ==
          "docs/01-dots.md:3: a chapter begins with '> **Time** ...': how long, what it needs, what can be skipped\n"
          "docs/01-dots.md:1: this chapter has no picture; draw one in docs/pictures\n"
          "docs/01-dots.md:3: no exercise asks about a picture; link to the picture that it asks about\n"
          "docs/01-dots.md:3: the exercises have no answers; fold them into <details>\n"
          "docs/pictures/dot.cpp:1: no page shows docs/pictures/dot.svg; show it or delete both\n");
}

TEST_CASE("the checker reports words that are used before they are explained") {
    const auto chapter = [](const std::string& text) {
        return "# 1. Dots\n\n> **Time** an hour.\n\n![a dot](pictures/dot.svg)\n\n" + text +
               "\n## Exercises\n\n1. [a dot](pictures/dot.svg)\n<details></details>\n";
    };
    const auto problems_with = [&](const std::string& first, const std::string& second, const std::string& glossary) {
        return course_problems({{"docs/glossary.md", glossary},
                                {"docs/01-a.md", chapter(first)},
                                {"docs/02-b.md", chapter(second)},
                                {"docs/pictures/dot.svg", "<svg/>\n"}});
    };
    const std::string torus = "- [torus](02-b.md#rings): a ring of rings\n",
                      defined = "## Rings\n\nA **torus** is a ring.\n";
    CHECK(problems_with("See [torus](02-b.md#rings), a torus.\n", defined, torus) == "");
    CHECK(problems_with("`torus` is no torso.\n", defined, torus) == "");
    CHECK(
        problems_with("Many\nTori, one Torus.\n", defined, torus) ==
        "docs/01-a.md:8: 'torus' is used before docs/02-b.md explains it at #rings; link to it, or say it otherwise\n");
    CHECK(
        problems_with("", "A torus.\n\n" + defined, torus) ==
        "docs/02-b.md:7: 'torus' is used before docs/02-b.md explains it at #rings; link to it, or say it otherwise\n");
    CHECK(problems_with("", "## Rings\n\nA torus is a ring.\n", torus) ==
          "docs/02-b.md:7: the glossary sends readers of 'torus' here; write **torus** where it is explained\n");
    CHECK(problems_with("", defined, torus + "- [ring](02-b.md#rings): round\n") ==
          "docs/glossary.md:2: 'ring' stands before its place in the alphabet\n"
          "docs/02-b.md:7: the glossary sends readers of 'ring' here; write **ring** where it is explained\n");
    CHECK(problems_with("", defined, "- torus: a ring\n") ==
          "docs/glossary.md:1: expected - [word](page#section): what it means\n");
}
