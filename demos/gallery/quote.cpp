#include "demos/gallery/quote.h"

#include <regex>
#include <sstream>

namespace ordinal {

std::string with_fresh_tables(const std::string& page,
                              const std::function<Results(const std::string& file)>& results_of) {
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
        fresh += markdown(find_table(results_of(match[1]), match[2]));
        in_old_table = true;
    }
    return fresh;
}

}    // namespace ordinal
