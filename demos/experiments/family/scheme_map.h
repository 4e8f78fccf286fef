// The page "which scheme for which need", written from the traits, so that it cannot promise more than they do.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <ordinal/positional/registry.h>

namespace ordinal {

// What the page knows of a scheme. The tests hold the traits to be true; the parameters are counted.
struct MappedScheme {
    std::string name;
    Traits traits;
    Index parameters = 0;
};

// The schemes that come with Ordinal, for codes of 64 numbers, 4 heads and tables of 512 rows. Not those that somebody
// has registered besides.
std::vector<MappedScheme> mapped_schemes();

// The whole page, Markdown.
std::string scheme_map(const std::vector<MappedScheme>& schemes = mapped_schemes());

}    // namespace ordinal
