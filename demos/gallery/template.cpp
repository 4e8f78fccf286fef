#include "demos/gallery/template.h"

#include <ordinal/core/error.h>
#include "demos/plot/svg.h"

namespace ordinal::demos {
namespace {

// Without the empty lines around it.
std::string part_of(const std::string& page, const std::string& part) {
    const std::string marker = "<!-- part: " + part + " -->\n";
    const auto found = page.find(marker);
    require<OptionError>(found != std::string::npos, "page: there is no part '", part, "'");
    const auto begin = found + marker.size();
    const std::string text = page.substr(begin, page.find("<!-- part: ", begin) - begin);
    return text.substr(0, text.find_last_not_of('\n') + 1);
}

// Every second ` ends what the one before has begun.
std::string with_code(const std::string& html) {
    std::string out;
    bool code = false;
    for (const char c : html) {
        if (c != '`')
            out += c;
        else
            out += (code = !code) ? "<code>" : "</code>";
    }
    return code ? out + "</code>" : out;
}

}    // namespace

std::string filled(const std::string& page, const std::string& part, const Gaps& gaps) {
    const std::string text = part_of(page, part);
    std::string out;
    for (std::size_t at = 0;;) {
        const auto open = text.find("{{", at);
        if (open == std::string::npos) return out + text.substr(at);
        const bool is_html = text.compare(open, 3, "{{{") == 0, has_code = text.compare(open, 3, "{{`") == 0;
        const std::string end = is_html ? "}}}" : has_code ? "`}}" : "}}";
        const auto begin = open + end.size(), close = text.find(end, begin);
        require<OptionError>(close != std::string::npos, "page: expected {{name}}, got ", text.substr(open, 20));
        const auto gap = gaps.find(text.substr(begin, close - begin));
        require<OptionError>(gap != gaps.end(), "page: nothing fills ", text.substr(open, close + end.size() - open),
                             " of the part '", part, "'");
        const std::string& value = gap->second;
        out += text.substr(at, open - at);
        out += is_html ? value : has_code ? with_code(plot::escaped(value)) : plot::escaped(value);
        at = close + end.size();
    }
}

}    // namespace ordinal::demos
