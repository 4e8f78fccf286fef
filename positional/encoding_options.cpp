#include <ordinal/positional/encoding_options.h>

#include <algorithm>
#include <cmath>
#include <locale>
#include <sstream>

#include <ordinal/nn/nearest_name.h>

namespace ordinal {

std::string shortened(const std::string& text) {
    constexpr std::size_t most = 100;
    if (text.size() <= most) return text;
    std::size_t end = most;    // where a character begins
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end) + "...";
}

double EncodingOptions::number(const std::string& name, double otherwise) {
    known_.push_back({name, text_of(otherwise)});
    const auto found = values_.find(name);
    if (found == values_.end()) return otherwise;
    const std::string& text = found->second;
    double value = 0;
    std::istringstream in(text);
    in.imbue(std::locale::classic());
    require<OptionError>(in >> value && in.peek() == EOF && std::isfinite(value), encoding_, ": option '", name,
                         "' needs a number, got '", shortened(text), "'");
    return value;
}

Index EncodingOptions::count(const std::string& name, Index otherwise) {
    const double value = number(name, static_cast<double>(otherwise));
    known_.back() = {.name = name, .otherwise = text_of(otherwise), .whole = true};
    require<OptionError>(!has(name) || (value >= 1 && value == std::floor(value)), encoding_, ": option '", name,
                         "' needs a whole number > 0, got ", value);
    require<OptionError>(!has(name) || value <= 1e9, encoding_, ": option '", name, "' is at most 1000000000, got ",
                         value);
    return static_cast<Index>(value);
}

std::string EncodingOptions::choice(const std::string& name, const std::vector<std::string>& choices) {
    known_.push_back({name, choices.front(), choices});
    const auto found = values_.find(name);
    if (found == values_.end()) return choices.front();
    require<OptionError>(std::find(choices.begin(), choices.end(), found->second) != choices.end(), encoding_,
                         ": option '", name, "' cannot be '", shortened(found->second), "'; ",
                         did_you_mean(found->second, choices));
    return found->second;
}

void EncodingOptions::refuse_unknown() const {
    std::vector<std::string> names;
    for (const KnownOption& option : known_) names.push_back(option.name);
    for (const auto& [name, value] : values_)
        require<OptionError>(std::find(names.begin(), names.end(), name) != names.end(), encoding_,
                             ": unknown option '", shortened(name), "'; ", did_you_mean(name, names));
}

}    // namespace ordinal
