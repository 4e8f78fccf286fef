#include "demos/gallery/template.h"

#include <nlohmann/json.hpp>

#include <ordinal/core/error.h>
#include "demos/plot/svg.h"

namespace ordinal::demos {
namespace {

using Values = std::vector<const Json*>;

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

// Of the innermost value that has it; null: none has.
const Json* value_of(const std::string& name, const Values& around) {
    if (name == ".") return around.back();
    for (auto value = around.rbegin(); value != around.rend(); ++value)
        if ((*value)->contains(name)) return &(*value)->at(name);
    return nullptr;
}

std::string written(const Json& value, char kind) {
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (kind == '{') return text;
    return kind == '`' ? with_code(plot::escaped(text)) : plot::escaped(text);
}

// What a section is written for, once each.
Values items_of(const Json* value) {
    if (value == nullptr || *value == nullptr || *value == false || *value == 0 || *value == "") return {};
    if (!value->is_array()) return {value};
    Values items;
    for (const Json& item : *value) items.push_back(&item);
    return items;
}

// `around`: the values that the text is inside of, the innermost last.
std::string filled(const std::string& page, const std::string& text, const Values& around) {
    std::string out;
    std::size_t at = 0;
    const auto up_to = [&](const std::string& mark) {    // from `at` on, and goes behind it
        const auto end = text.find(mark, at);
        require<OptionError>(end != std::string::npos, "page: expected ", mark, " behind ", text.substr(at, 20));
        const std::string before = text.substr(at, end - at);
        at = end + mark.size();
        return before;
    };
    while (text.find("{{", at) != std::string::npos) {
        out += up_to("{{");
        const char kind = text[at];
        if (std::string("{`#>").find(kind) != std::string::npos) ++at;
        const std::string name = up_to(kind == '{' ? "}}}" : kind == '`' ? "`}}" : "}}");
        if (kind == '>') {
            out += filled(page, part_of(page, name), around);
        } else if (kind == '#') {
            const std::string inner = up_to("{{/" + name + "}}");
            for (const Json* item : items_of(value_of(name, around))) {
                Values inside = around;
                inside.push_back(item);
                out += filled(page, inner, inside);
            }
        } else {
            const Json* value = value_of(name, around);
            require<OptionError>(value != nullptr, "page: nothing fills {{", name, "}}");
            out += written(*value, kind);
        }
    }
    return out + text.substr(at);
}

}    // namespace

std::string filled(const std::string& page, const std::string& part, const Json& what) {
    return filled(page, part_of(page, part), Values{&what});
}

}    // namespace ordinal::demos
