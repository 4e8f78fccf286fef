// JSON that stays valid, in which a length, a type or a number is another: what a reader meets that checks less than it
// believes.
#pragma once

#include <array>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <ordinal/core/random.h>

namespace ordinal::fuzz {

using Json = nlohmann::ordered_json;

// Every value of the tree, the whole of it first.
inline std::vector<Json*> places_in(Json& tree) {
    std::vector<Json*> places{&tree};
    for (std::size_t i = 0; i < places.size(); ++i)
        if (places[i]->is_structured())
            for (Json& part : *places[i]) places.push_back(&part);
    return places;
}

inline Json any_value(Rng& rng) {
    static constexpr std::array values{"null",
                                       "true",
                                       "false",
                                       "[]",
                                       "{}",
                                       "[[]]",
                                       "[null]",
                                       "{\"a\":1}",
                                       "\"\"",
                                       "\"x\"",
                                       "0",
                                       "-1",
                                       "1",
                                       "0.5",
                                       "1e300",
                                       "-1e300",
                                       "3",
                                       "1e-310",
                                       "1e308",
                                       "1e-45",
                                       "2147483648",
                                       "4294967296",
                                       "9223372036854775808",
                                       "-9223372036854775808",
                                       "1e9",
                                       "5e-324",
                                       "1e-9",
                                       "16",
                                       "\"\\u0000\"",
                                       "\"../a\"",
                                       "\"\\\"<&`\"",
                                       "1000000000000"};
    if (rng.chance(0.02)) return std::string(5000, 'x');
    if (rng.chance(0.02)) return Json::parse(std::string(200, '[') + std::string(200, ']'));
    return Json::parse(values[static_cast<std::size_t>(rng.below(std::ssize(values)))]);
}

// A list or object with one item more or fewer, or none; a text cut or repeated; a number multiplied.
inline void change_length(Json& value, Rng& rng) {
    const Index kind = rng.below(3);
    if (value.is_structured()) {
        if (kind == 0 || value.empty()) {
            if (value.is_object()) value["another"] = any_value(rng);
            if (value.is_array()) value.push_back(value.empty() ? any_value(rng) : Json(value.back()));
        } else if (kind == 1) {
            value.erase(std::next(value.begin(), rng.below(std::ssize(value))));
        } else {
            value.clear();
        }
    } else if (value.is_string()) {
        const auto text = value.get<std::string>();
        value = kind == 0 ? "" : kind == 1 ? text + text : text.substr(0, text.find('e'));
    } else if (value.is_number()) {
        constexpr std::array factors{-1.0, 1e300, 1e-300};
        value = value.get<double>() * factors[static_cast<std::size_t>(kind)];
    } else {
        value = any_value(rng);
    }
}

// One to three changes.
inline Json changed(Json tree, Rng& rng) {
    for (Index changes = 1 + rng.below(3); changes > 0; --changes) {
        const std::vector<Json*> places = places_in(tree);
        const auto one = [&] { return places[static_cast<std::size_t>(rng.below(std::ssize(places)))]; };
        Json& value = *one();
        const Index kind = rng.below(4);
        if (kind == 0)
            value = any_value(rng);
        else if (kind == 1)
            value = Json(*one());    // of another place
        else
            change_length(value, rng);
    }
    return tree;
}

}    // namespace ordinal::fuzz
