// The book is true: its listings are in the sources, its outputs are what the programs print, its links and citations
// lead somewhere.
#include <doctest/doctest.h>

#include "tests/docs/book.h"

TEST_CASE("no page of the book is stale") {
    book::Project project = book::load_project(ORDINAL_SOURCE_DIR, ORDINAL_BINARY_DIR "/bin");
    REQUIRE(project.has_file("README.md"));
    CHECK(book::text_of(book::check_book(project)) == "");
}
