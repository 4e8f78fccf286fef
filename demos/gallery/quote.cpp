#include "demos/gallery/quote.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include <ordinal/core/error.h>
#include <ordinal/nn/nearest_name.h>

namespace ordinal::demos {
namespace {

Table find_table(const Json& results, const std::string& name) {
    if (name == "expectations") {
        Table table{.name = name, .columns = {"", "what", "measured", "expected"}};
        for (const Json& claim : results.at("expectations")) table.rows.push_back(row_of(claim_of(claim)));
        return table;
    }
    std::vector<std::string> names{"expectations"};
    for (const Json& table : results.at("tables")) {
        if (table.at("name") == name) return table_of(table);
        names.push_back(table.at("name"));
    }
    throw OptionError(text_of(results.at("demo").get<std::string>(), ": there is no table '", name, "'; ",
                              did_you_mean(name, names)));
}

}    // namespace

Table quoted_table(const Json& results, const std::string& quotation) {
    const auto colon = quotation.find(": ");
    Table table = find_table(results, quotation.substr(0, colon));
    if (colon == std::string::npos) return table;
    std::vector<std::vector<std::string>> chosen;
    std::istringstream names(quotation.substr(colon + 1));
    for (std::string name; std::getline(names >> std::ws, name, ';');) {
        const auto row = std::ranges::find_if(
            table.rows, [&](const auto& cells) { return std::ranges::find(cells, name) != cells.end(); });
        require<OptionError>(row != table.rows.end(), "the table '", table.name, "' of ",
                             results.at("demo").get<std::string>(), " has no row '", name, "'");
        chosen.push_back(*row);
    }
    table.rows = chosen;
    return table;
}

std::string with_fresh_tables(const std::string& page, const std::function<Json(const std::string& file)>& results_of) {
    std::istringstream in(page);
    std::string fresh;
    bool in_old_table = false;
    for (std::string line; std::getline(in, line);) {
        if (in_old_table && line.starts_with("|")) continue;
        in_old_table = false;
        fresh += line + '\n';
        static const std::regex marker("<!-- results: +([^ ]+) +(.*[^ ]) +-->");    // a table's name may have spaces
        std::smatch match;
        if (!std::regex_match(line, match, marker)) continue;
        fresh += markdown(quoted_table(results_of(match[1]), match[2]));
        in_old_table = true;
    }
    return fresh;
}

}    // namespace ordinal::demos
