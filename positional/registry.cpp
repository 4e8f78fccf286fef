#include <ordinal/positional/registry.h>

#include <algorithm>
#include <map>
#include <mutex>

#include <ordinal/nn/nearest_name.h>
#include <ordinal/positional/combined/composition.h>
#include <ordinal/positional/wrappers.h>

namespace ordinal {
namespace {

// All schemes by name. Several threads may register and make schemes at once.
struct Registry {
    std::mutex mutex;    // of what follows
    std::vector<NamedEncoding> entries = builtin_encodings();
};

Registry& registry() {
    static Registry all;
    return all;
}

constexpr const char* blanks = " \t\n\v\f\r";

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(blanks);
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// The pieces between separators that stand outside of all parentheses.
std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> pieces(1);
    Index depth = 0;
    for (const char c : text) {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c == separator && depth <= 0)
            pieces.emplace_back();
        else
            pieces.back() += c;
    }
    return pieces;
}

// "rnn(init=orthogonal, gain=1)" -> the name "rnn" and {init: orthogonal, gain: 1}
std::pair<std::string, std::map<std::string, std::string>> parse(const std::string& specification) {
    const auto open = specification.find('(');
    const std::string name = trimmed(specification.substr(0, open));
    std::map<std::string, std::string> values;
    if (open == std::string::npos) return {name, values};
    require<OptionError>(trimmed(specification).back() == ')', "make_encoding: '", shortened(specification),
                         "' has no closing parenthesis");
    const auto close = specification.rfind(')');
    const std::string inside = specification.substr(open + 1, close - open - 1);
    if (trimmed(inside).empty()) return {name, values};
    for (const std::string& option : split(inside, ',')) {
        const auto equals = option.find('=');
        require<OptionError>(equals != std::string::npos, "make_encoding: expected option=value in '",
                             shortened(specification), "', got '", shortened(trimmed(option)), "'");
        const std::string key = trimmed(option.substr(0, equals));
        const bool is_new = values.emplace(key, trimmed(option.substr(equals + 1))).second;
        require<OptionError>(is_new, "make_encoding: option '", shortened(key), "' is given twice in '",
                             shortened(specification), "'");
    }
    return {name, values};
}

}    // namespace

bool register_encoding(const std::string& name, EncodingFactory factory) {
    require<OptionError>(!name.empty() && name.find_first_of(text_of(blanks, "(),=+")) == std::string::npos,
                         "register_encoding: '", shortened(name), "' is no name; use letters, digits and _");
    require<OptionError>(factory != nullptr, "register_encoding: '", shortened(name), "' needs a factory, got none");
    const std::lock_guard lock(registry().mutex);
    for (const NamedEncoding& entry : registry().entries)
        require<OptionError>(entry.name != name, "register_encoding: '", shortened(name), "' is registered already");
    registry().entries.push_back({name, std::move(factory)});
    return true;
}

std::vector<std::string> encoding_names() {
    const std::lock_guard lock(registry().mutex);
    std::vector<std::string> names;
    for (const NamedEncoding& entry : registry().entries) names.push_back(entry.name);
    return names;
}

// A copy: making one scheme may make or register others.
static EncodingFactory factory_of(const std::string& name) {
    {
        const std::lock_guard lock(registry().mutex);
        for (const NamedEncoding& entry : registry().entries)
            if (entry.name == name) return entry.make;
    }
    if (name == "table_plus_linear" || name == "sinusoid_plus_table")
        throw OptionError(text_of("make_encoding: '", name, "' is a composition today: write table(beyond=zero) + ",
                                  name == "table_plus_linear" ? "linear" : "sinusoidal"));
    throw OptionError(
        text_of("make_encoding: unknown encoding '", shortened(name), "'; ", did_you_mean(name, encoding_names())));
}

// One part of a composition.
static std::shared_ptr<Encoding> make_part(const std::string& specification, const EncodingRequest& request, Rng& rng) {
    const auto [name, values] = parse(specification);
    EncodingOptions options(name, values);
    std::shared_ptr<Encoding> encoding = factory_of(name)(request, options, rng);
    require<OptionError>(encoding != nullptr, "make_encoding: the factory of '", name, "' returned no encoding");
    encoding->set_sizes(request);
    encoding = wrapped(std::move(encoding), name, options);
    options.refuse_unknown();
    return encoding;
}

std::shared_ptr<Encoding> make_encoding(const std::string& specification, const EncodingRequest& request, Rng& rng) {
    require<OptionError>(request.d_model > 0, "make_encoding: expected a positive d_model, got ", request.d_model);
    require<OptionError>(request.max_length > 0, "make_encoding: expected a max_length of at least 1, got ",
                         request.max_length);
    require<OptionError>(request.num_heads > 0, "make_encoding: expected num_heads of at least 1, got ",
                         request.num_heads);
    require_room("make_encoding", "the code of one position", {request.d_model}, "choose a smaller d_model");
    require_room("make_encoding", "the heads", {request.num_heads, 32}, "take fewer heads");
    const std::vector<std::string> parts = split(specification, '+');
    if (parts.size() == 1) return make_part(specification, request, rng);
    std::vector<std::shared_ptr<const Encoding>> all;
    for (const std::string& part : parts) {
        require<OptionError>(!trimmed(part).empty(), "make_encoding: a part of '", shortened(specification),
                             "' is empty; write A + B");
        all.push_back(make_part(part, request, rng));
    }
    return std::make_shared<Composition>(std::move(all));
}

}    // namespace ordinal
