#include "demos/gallery/template.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include <ordinal/core/error.h>
#include "demos/plot/svg.h"

namespace ordinal {
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
            const std::string tag = next_tag(open);
            const char kind = tag.empty() ? ' ' : tag.front();
            const std::string rest = tag.substr(std::min<std::size_t>(1, tag.size()));
            if (kind == '/') {
                require<OptionError>(rest == name, "page: expected {{/", name, "}}, got {{/", rest, "}}");
                return out;
            }
            if (kind == '#' || kind == '?' || kind == '^')
                out += inner(kind, rest, scopes, shown);
            else if (shown)
                out += value(kind, tag, scopes);
        }
    }

private:
    const std::string& page_;
    std::size_t at_ = 0;

    std::string next_tag(std::size_t open) {
        const bool three = page_.compare(open, 3, "{{{") == 0;
        const std::string end = three ? "}}}" : "}}";
        const auto close = page_.find(end, open);
        require<OptionError>(close != std::string::npos, "page: expected ", end, " after ", page_.substr(open, 20));
        at_ = close + end.size();
        return page_.substr(open + 2, close - open - 2);
    }

    std::string value(char kind, const std::string& tag, const Scopes& scopes) const {
        if (kind == '{') return text_at(scopes, tag.substr(1));
        if (kind == '`') return with_code(plot::escaped(text_at(scopes, tag.substr(1, tag.size() - 2))));
        return plot::escaped(text_at(scopes, tag));
    }

    std::string inner(char kind, const std::string& name, const Scopes& scopes, bool shown) {
        const Json* value = find(scopes, name);
        if (kind == '^' || kind == '?') return once(name, scopes, shown, is_something(value) == (kind == '?'));
        if (!shown || !is_something(value)) return once(name, scopes, false, false);
        std::string out;
        const std::size_t start = at_;
        const auto with = [&](const Json& item) {
            Scopes inside = scopes;
            inside.push_back(&item);
            at_ = start;
            out += section(name, inside, true);
        };
        if (value->is_array())
            for (const Json& item : *value) with(item);
        else
            with(*value);
        return out;
    }

    std::string once(const std::string& name, const Scopes& scopes, bool shown, bool wanted) {
        const std::string out = section(name, scopes, shown && wanted);
        return shown && wanted ? out : "";
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

}    // namespace ordinal
