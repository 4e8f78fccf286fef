// JSON as text: what the engine answers. (The library that reads the demos' JSON is larger than the rest of the page.)
#pragma once

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <ordinal/core/scalar.h>

namespace ordinal::demos::play {

inline std::string json(const std::string& text) {
    std::string quoted = "\"";
    for (const char c : text) {
        char code[8];
        std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
        if (c == '"' || c == '\\')
            quoted += {'\\', c};
        else
            quoted += 0 <= c && c < ' ' ? std::string(code) : std::string(1, c);
    }
    return quoted + '"';
}
inline std::string json(const char* text) { return json(std::string(text)); }
inline std::string json(bool yes) { return yes ? "true" : "false"; }
inline std::string json(Index number) { return std::to_string(number); }

// So many digits that reading gives the same number; null: none.
inline std::string json(double number) {
    if (!std::isfinite(number)) return "null";
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.17g", number);
    return digits;
}

// A text that is JSON already.
struct JsonText {
    std::string text;
};
inline std::string json(const JsonText& done) { return done.text; }

template <class T, class Each>
JsonText list_of(const std::vector<T>& items, Each each) {
    std::string text;
    for (const T& item : items) text += (text.empty() ? "" : ", ") + json(each(item));
    return {"[" + text + "]"};
}
template <class T>
JsonText list_of(const std::vector<T>& items) {
    return list_of(items, [](const T& item) { return item; });
}

// object("name", value, "name", value, ...)
inline std::string members() { return ""; }
template <class Value, class... Rest>
std::string members(const char* name, const Value& value, const Rest&... rest) {
    const std::string others = members(rest...);
    return json(name) + ": " + json(value) + (others.empty() ? "" : ", " + others);
}
template <class... NamesAndValues>
JsonText object(const NamesAndValues&... all) {
    return {"{" + members(all...) + "}"};
}

}    // namespace ordinal::demos::play
