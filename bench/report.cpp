#include "bench/report.h"

#include <algorithm>
#include <cstdio>

namespace ordinal::bench {

std::string number_text(double x) {
    const int decimals = x >= 99.95 ? 0 : x >= 9.995 ? 1 : x >= 0.9995 ? 2 : 3;
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", decimals, x);
    return text;
}

std::string spread_text(const Spread& x) {
    return number_text(x.median) + " (" + number_text(x.min) + "-" + number_text(x.max) + ")";
}

std::string time_text(const Spread& ms) {
    const bool small = ms.median < 1;
    const double factor = small ? 1000 : 1;
    return number_text(ms.median * factor) + (small ? " us (" : " ms (") + number_text(ms.min * factor) + "-" +
           number_text(ms.max * factor) + ")";
}

std::string padded(const std::string& text, std::size_t width) {
    return text + std::string(width - std::min(width, text.size()), ' ');
}

std::string percent_text(double share) { return number_text(100 * share) + " %"; }

Json to_json(const Spread& spread) { return {{"median", spread.median}, {"min", spread.min}, {"max", spread.max}}; }

Json to_json(const Rounds& times) {
    Json json = to_json(times.spread());
    json["rounds"] = times.medians();
    return json;
}

}    // namespace ordinal::bench
