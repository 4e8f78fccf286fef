// Figures for people (columns of text) and for programs (JSON).
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "bench/samples.h"

namespace ordinal::bench {

using Json = nlohmann::ordered_json;

std::string number_text(double x);           // three digits that count: "0.407", "15.7", "345"
std::string time_text(const Spread& ms);     // "15.7 ms (15.1-17.0)", below one millisecond "407 us (...)"
std::string spread_text(const Spread& x);    // "1.12 (0.92-1.82)"
std::string percent_text(double share);      // "82.3 %"
std::string padded(const std::string& text, std::size_t width);    // blanks behind

Json to_json(const Spread& spread);
Json to_json(const Rounds& times);    // milliseconds: the spread, and the median of each round

}    // namespace ordinal::bench
