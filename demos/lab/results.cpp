#include "demos/lab/results.h"

#include <cstdint>
#include <cstdio>

#include <ordinal/core/error.h>
#include <ordinal/nn/nearest_name.h>

namespace ordinal::demos {

Table find_table(const Results& results, const std::string& name) {
    if (name == "expectations") {
        Table table{.name = name, .columns = {"", "what", "measured", "expected"}};
        for (const Expectation& e : results.expectations)
            table.rows.push_back(
                {is_met(e) ? "PASS" : "MISSED", e.what, measured_text(e), band_text(e.band, e.decimals)});
        return table;
    }
    std::vector<std::string> names{"expectations"};
    for (const Table& table : results.tables) {
        if (table.name == name) return table;
        names.push_back(table.name);
    }
    throw OptionError(text_of(results.about.name, ": there is no table '", name, "'; ", did_you_mean(name, names)));
}

std::string fnv1a(const std::string& bytes) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
    return text;
}

}    // namespace ordinal::demos
