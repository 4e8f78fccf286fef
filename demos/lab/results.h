// Results: what one run of a demo found, as JSON. Report writes them; the gallery, the book's tables and the comparison
// with earlier runs are made from these files and from nothing else.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "demos/lab/claims.h"
#include "demos/lab/options.h"
#include "demos/lab/table.h"
#include "demos/plot/line_chart.h"

namespace ordinal::demos {

using Json = nlohmann::ordered_json;

// What there is before anything was found: the demo, the build, the machine, and empty lists of expectations, pictures,
// charts and tables.
Json empty_results(const Demo& about);

// What is derived from other fields, such as a verdict, is written for readers who have no C++.
Json json_of(const Claim& judged);
Json json_of(const plot::LineChart& chart);
Json json_of(const Table& table);

Claim claim_of(const Json& json);
plot::LineChart chart_of(const Json& json);    // one that can be drawn
Table table_of(const Json& json);

// A file, whole or not at all. Numbers that are not finite are null. Throws FileError.
void write_results(const std::string& path, const Json& results);

// Throws FileError: missing, no JSON, or not the results of a demo.
Json read_results(const std::string& path);
Json parse_results(const std::string& text, const std::string& path);

// What a picture's bytes come to, so that a picture and the numbers of another run are told apart.
std::string fnv1a(const std::string& bytes);    // FNV-1a, 64 bits (Fowler, Noll and Vo), 16 hexadecimal digits

}    // namespace ordinal::demos
