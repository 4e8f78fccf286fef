// Which scheme for which need: tables made from the traits, so that they cannot promise more than those do.
#pragma once

#include <string>
#include <vector>

#include <ordinal/positional/registry.h>
#include "demos/lab/results.h"

namespace ordinal::demos {

// The tests hold the traits to be true; the parameters are counted.
struct MappedScheme {
    std::string name;
    Traits traits;
    Index parameters = 0;    // numbers that it learns
};

// The schemes that come with Ordinal, for codes of 64 numbers, 4 heads and tables of 512 rows. Not those that somebody
// has registered besides.
std::vector<MappedScheme> mapped_schemes();

Table traits_table(const std::vector<MappedScheme>& schemes);     // a row a scheme
Table by_need_table(const std::vector<MappedScheme>& schemes);    // a row a need, with the schemes that meet it

// The page (docs/16-which-scheme.md, Markdown) with these tables in the place of those under its headings "By need" and
// "All promises". FileError: it has no such table.
std::string scheme_map(const std::string& page, const std::vector<MappedScheme>& schemes = mapped_schemes());

}    // namespace ordinal::demos
