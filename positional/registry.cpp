#include <ordinal/positional/registry.h>

#include <algorithm>
#include <cmath>
#include <locale>
#include <sstream>

#include <ordinal/nn/nearest_name.h>
#include <ordinal/positional/builtin.h>
#include <ordinal/positional/wrappers.h>

namespace ordinal {
namespace {

struct Entry {
    std::string name;
    EncodingFactory factory;
};

std::vector<Entry>& entries() {
    static std::vector<Entry> all = [] {
        std::vector<Entry> builtin;
        for (auto& [name, factory] : builtin_encodings()) builtin.push_back({name, factory});
        return builtin;
    }();
    return all;
}

constexpr const char* blanks = " \t\n\v\f\r";

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(blanks);
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// "rnn(init=orthogonal, gain=1)" -> the name "rnn" and {init: orthogonal, gain: 1}
std::pair<std::string, std::map<std::string, std::string>> parse(const std::string& specification) {
    const auto open = specification.find('(');
    const std::string name = trimmed(specification.substr(0, open));
    std::map<std::string, std::string> values;
    if (open == std::string::npos) return {name, values};
    require<OptionError>(trimmed(specification).back() == ')', "make_encoding: '", specification,
                         "' has no closing parenthesis");
    const auto close = specification.rfind(')');
    if (trimmed(specification.substr(open + 1, close - open - 1)).empty()) return {name, values};
    for (auto begin = open + 1; begin <= close;) {    // up to and with what stands after the last comma
        const auto end = std::min(specification.find(',', begin), close);
        const std::string option = specification.substr(begin, end - begin);
        const auto equals = option.find('=');
        require<OptionError>(equals != std::string::npos, "make_encoding: expected option=value in '", specification,
                             "', got '", trimmed(option), "'");
        const std::string key = trimmed(option.substr(0, equals));
        const bool is_new = values.emplace(key, trimmed(option.substr(equals + 1))).second;
        require<OptionError>(is_new, "make_encoding: option '", key, "' is given twice in '", specification, "'");
        begin = end + 1;
    }
    return {name, values};
}

}    // namespace

double EncodingOptions::number(const std::string& name, double otherwise) {
    known_.push_back(name);
    const auto found = values_.find(name);
    if (found == values_.end()) return otherwise;
    const std::string& text = found->second;
    double value = 0;
    std::istringstream in(text);
    in.imbue(std::locale::classic());
    require<OptionError>(in >> value && in.peek() == EOF && std::isfinite(value), encoding_, ": option '", name,
                         "' needs a number, got '", text, "'");
    return value;
}

Index EncodingOptions::count(const std::string& name, Index otherwise) {
    const double value = number(name, static_cast<double>(otherwise));
    require<OptionError>(!has(name) || (value >= 1 && value == std::floor(value)), encoding_, ": option '", name,
                         "' needs a whole number > 0, got ", value);
    require<OptionError>(!has(name) || value <= 1e9, encoding_, ": option '", name, "' is at most 1000000000, got ",
                         value);
    return static_cast<Index>(value);
}

std::string EncodingOptions::choice(const std::string& name, const std::vector<std::string>& choices) {
    known_.push_back(name);
    const auto found = values_.find(name);
    if (found == values_.end()) return choices.front();
    require<OptionError>(std::find(choices.begin(), choices.end(), found->second) != choices.end(), encoding_,
                         ": option '", name, "' cannot be '", found->second, "'; ",
                         did_you_mean(found->second, choices));
    return found->second;
}

void EncodingOptions::refuse_unknown() const {
    for (const auto& [name, value] : values_)
        require<OptionError>(std::find(known_.begin(), known_.end(), name) != known_.end(), encoding_,
                             ": unknown option '", name, "'; ", did_you_mean(name, known_));
}

void register_encoding(const std::string& name, EncodingFactory factory) {
    require<OptionError>(!name.empty() && name.find_first_of(text_of(blanks, "(),=")) == std::string::npos,
                         "register_encoding: '", name, "' is no name; use letters, digits and _");
    require<OptionError>(factory != nullptr, "register_encoding: '", name, "' needs a factory, got none");
    const std::vector<std::string> names = encoding_names();
    require<OptionError>(std::find(names.begin(), names.end(), name) == names.end(), "register_encoding: '", name,
                         "' is registered already");
    entries().push_back({name, std::move(factory)});
}

std::vector<std::string> encoding_names() {
    std::vector<std::string> names;
    for (const auto& entry : entries()) names.push_back(entry.name);
    return names;
}

std::shared_ptr<Encoding> make_encoding(const std::string& specification, const EncodingRequest& request, Rng& rng) {
    const auto [name, values] = parse(specification);
    require<OptionError>(request.d_model > 0, "make_encoding: expected a positive d_model, got ", request.d_model);
    require<OptionError>(request.max_length > 0, "make_encoding: expected a max_length of at least 1, got ",
                         request.max_length);
    require<OptionError>(request.num_heads > 0, "make_encoding: expected num_heads of at least 1, got ",
                         request.num_heads);
    require_room("make_encoding", "the code of one position", {request.d_model}, "choose a smaller d_model");
    require_room("make_encoding", "the heads", {request.num_heads, 32}, "take fewer heads");
    for (const Entry& entry : entries()) {
        if (entry.name != name) continue;
        EncodingOptions options(name, values);
        std::shared_ptr<Encoding> encoding = entry.factory(request, options, rng);
        require<OptionError>(encoding != nullptr, "make_encoding: the factory of '", name, "' returned no encoding");
        encoding = wrapped(std::move(encoding), name, options);
        options.refuse_unknown();
        return encoding;
    }
    throw OptionError(text_of("make_encoding: unknown encoding '", name, "'; ", did_you_mean(name, encoding_names())));
}

}    // namespace ordinal
