#include "demos/gallery/template.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include <ordinal/core/error.h>
#include "demos/plot/svg.h"

namespace ordinal::demos {
namespace {

using Json = nlohmann::ordered_json;
using Scopes = std::vector<const Json*>;    // the innermost last

const Json* find(const Scopes& scopes, const std::string& name) {
    if (name == ".") return scopes.back();
    for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope)
        if ((*scope)->is_object() && (*scope)->contains(name)) return &(*scope)->at(name);
    return nullptr;
}

bool is_something(const Json* value) {
    if (value == nullptr || value->is_null()) return false;
    if (value->is_boolean()) return value->get<bool>();
    if (value->is_string()) return !value->get_ref<const std::string&>().empty();
    return value->is_number() || !value->empty();
}

std::string text_at(const Scopes& scopes, const std::string& name) {
    const Json* value = find(scopes, name);
    require<OptionError>(value != nullptr && value->is_primitive(), "page: there is no text '", name,
                         "' here; name a field of the results");
    if (value->is_string()) return value->get<std::string>();
    return value->is_number_integer() ? value->dump() : number_text(value->is_null() ? NAN : value->get<double>());
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

class Filler {
public:
    explicit Filler(const std::string& page) : page_(page) {}

    // From here to the end of the section (of the page: ""). Where nothing is shown, its names need not be there.
    std::string section(const std::string& name, const Scopes& scopes, bool shown) {
        std::string out;
        for (;;) {
            const auto open = std::min(page_.find("{{", at_), page_.size());
            out += page_.substr(at_, open - at_);
            if (open == page_.size()) {
                require<OptionError>(name.empty(), "page: expected {{/", name, "}}, got the end");
                return out;
            }
            const std::string tag = next_tag(open), rest = tag.substr(1);
            if (tag.front() == '/') {
                require<OptionError>(rest == name, "page: expected {{/", name, "}}, got {{/", rest, "}}");
                return out;
            }
            if (std::string("#?^").find(tag.front()) != std::string::npos)
                out += rounds(rest, shown ? scopes_of(tag, scopes) : std::vector<Scopes>{}, scopes);
            else if (shown)
                out += value(tag, scopes);
        }
    }

private:
    const std::string& page_;
    std::size_t at_ = 0;

    std::string next_tag(std::size_t open) {
        const std::string end = page_.compare(open, 3, "{{{") == 0 ? "}}}" : "}}";
        const auto close = page_.find(end, open);
        require<OptionError>(close != std::string::npos && close > open + 2, "page: expected {{name}}, got ",
                             page_.substr(open, 20));
        at_ = close + end.size();
        return page_.substr(open + 2, close - open - 2);
    }

    static std::string value(const std::string& tag, const Scopes& scopes) {
        if (tag.front() == '{') return text_at(scopes, tag.substr(1));
        if (tag.front() == '`') return with_code(plot::escaped(text_at(scopes, tag.substr(1, tag.size() - 2))));
        return plot::escaped(text_at(scopes, tag));
    }

    // The scopes of each time that a section is shown.
    static std::vector<Scopes> scopes_of(const std::string& tag, const Scopes& scopes) {
        const Json* value = find(scopes, tag.substr(1));
        if (is_something(value) == (tag.front() == '^')) return {};
        if (tag.front() != '#') return {scopes};
        std::vector<Scopes> all;
        const auto add = [&](const Json& item) { (all.emplace_back(scopes)).push_back(&item); };
        if (value->is_array())
            std::for_each(value->begin(), value->end(), add);
        else
            add(*value);
        return all;
    }

    std::string rounds(const std::string& name, const std::vector<Scopes>& shown, const Scopes& hidden) {
        std::string out;
        const std::size_t start = at_;
        for (const Scopes& scopes : shown) {
            at_ = start;
            out += section(name, scopes, true);
        }
        if (shown.empty()) section(name, hidden, false);    // only to find its end
        return out;
    }
};

}    // namespace

std::string filled(const std::string& page, const Json& values) { return Filler(page).section("", {&values}, true); }

std::string number_text(double value) {
    if (std::isnan(value)) return "–";
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

}    // namespace ordinal::demos
