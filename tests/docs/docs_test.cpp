// The book is true: its listings are in the sources, its outputs are what the programs print, its links and citations
// lead somewhere.
#include <doctest/doctest.h>

#include "tests/docs/book.h"
#include "tests/places.h"

TEST_CASE("no page of the book is stale") {
    book::Project project = book::load_project(source_dir(), binary_dir() + "/bin");
    REQUIRE(project.has_file("README.md"));
    CHECK(book::text_of(book::check_book(project)) == "");
}
