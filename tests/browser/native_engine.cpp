// The page's engine as a program of this machine: the browser tests ask both the same and compare. A question a line,
//     ["look", "sinusoidal", 48, 1]
// and an answer a line, as the page has it; arrays are {"shape": [...], "numbers": [...]}.
#include <functional>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include <ordinal/core/scalar.h>
#include "demos/play/engine.h"

using Json = nlohmann::ordered_json;

namespace {

const std::map<std::string, std::function<const char*(const Json&)>> questions{
    {"about", [](const Json&) { return ordinal_about(); }},
    {"trained", [](const Json& of) { return ordinal_trained(of[1], of[2]); }},
    {"look", [](const Json& of) { return ordinal_look(of[1].get<std::string>().c_str(), of[2], of[3]); }},
    {"indicators", [](const Json&) { return ordinal_indicators(); }},
    {"cell", [](const Json& of) { return ordinal_cell(of[1], of[2]); }},
    {"explain", [](const Json& of) { return ordinal_explain(of[1]); }},
    {"train",
     [](const Json& of) {
         return ordinal_train(of[1].get<std::string>().c_str(), of[2].get<std::string>().c_str(), of[3], of[4]);
     }},
    {"step", [](const Json&) { return ordinal_step(); }},
    {"progress", [](const Json& of) { return ordinal_progress(of[1]); }},
    {"accuracy", [](const Json& of) { return ordinal_accuracy(of[1]); }}};

// Numbers in the place of addresses.
void read_arrays(Json& answer) {
    if (answer.is_object() && answer.contains("at")) {
        const auto* numbers = reinterpret_cast<const ordinal::Scalar*>(answer["at"].get<std::uintptr_t>());
        std::size_t size = 1;
        for (const Json& length : answer["shape"]) size *= length.get<std::size_t>();
        answer.erase("at");
        answer["numbers"] = std::vector<ordinal::Scalar>(numbers, numbers + size);
    } else if (answer.is_structured()) {
        for (Json& part : answer) read_arrays(part);
    }
}

}    // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        const Json question = Json::parse(line);
        Json answer = Json::parse(questions.at(question[0])(question));
        read_arrays(answer);
        std::cout << answer.dump() << std::endl;
    }
}
