#include <ordinal/positional/registry.h>

#include <algorithm>
#include <map>
#include <mutex>

#include <ordinal/nn/nearest_name.h>
#include <ordinal/positional/combined/by_layer.h>
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

// "rnn(init=orthogonal, gain=1)" -> "rnn" and "init=orthogonal, gain=1"
std::pair<std::string, std::string> name_and_inside(const std::string& specification) {
    const auto open = specification.find('(');
    const std::string name = trimmed(specification.substr(0, open));
    if (open == std::string::npos) return {name, ""};
    require<OptionError>(trimmed(specification).back() == ')', "make_encoding: '", shortened(specification),
                         "' has no closing parenthesis");
    return {name, trimmed(specification.substr(open + 1, specification.rfind(')') - open - 1))};
}

// -> {init: orthogonal, gain: 1}
std::map<std::string, std::string> options_in(const std::string& specification) {
    const std::string inside = name_and_inside(specification).second;
    std::map<std::string, std::string> values;
    if (inside.empty()) return values;
    for (const std::string& option : split(inside, ',')) {
        const auto equals = option.find('=');
        require<OptionError>(equals != std::string::npos, "make_encoding: expected option=value in '",
                             shortened(specification), "', got '", shortened(trimmed(option)), "'");
        const std::string key = trimmed(option.substr(0, equals));
        const bool is_new = values.emplace(key, trimmed(option.substr(equals + 1))).second;
        require<OptionError>(is_new, "make_encoding: option '", shortened(key), "' is given twice in '",
                             shortened(specification), "'");
    }
    return values;
}

// The one name that is no scheme but holds several. (No std::string: schemes are registered before main.)
constexpr const char* by_layer = "by_layer";

}    // namespace

bool register_encoding(const std::string& name, EncodingFactory factory) {
    require<OptionError>(!name.empty() && name.find_first_of(text_of(blanks, "(),=+")) == std::string::npos,
                         "register_encoding: '", shortened(name), "' is no name; use letters, digits and _");
    require<OptionError>(factory != nullptr, "register_encoding: '", shortened(name), "' needs a factory, got none");
    const std::lock_guard lock(registry().mutex);
    bool taken = name == by_layer;
    for (const NamedEncoding& entry : registry().entries) taken = taken || entry.name == name;
    require<OptionError>(!taken, "register_encoding: '", shortened(name), "' is registered already");
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
    std::vector<std::string> known = encoding_names();
    known.push_back(by_layer);
    throw OptionError(text_of("make_encoding: unknown encoding '", shortened(name), "'; ", did_you_mean(name, known)));
}

// One part of a composition.
static std::shared_ptr<Encoding> make_part(const std::string& specification, const EncodingRequest& request, Rng& rng) {
    const std::string name = name_and_inside(specification).first;
    require<OptionError>(name != by_layer, "make_encoding: by_layer stands around everything else, got '",
                         shortened(trimmed(specification)), "' as a part; write by_layer(A + C, B + C)");
    const EncodingFactory factory = factory_of(name);
    EncodingOptions options(name, options_in(specification));
    std::shared_ptr<Encoding> encoding = factory(request, options, rng);
    require<OptionError>(encoding != nullptr, "make_encoding: the factory of '", name, "' returned no encoding");
    encoding->set_sizes(request);
    encoding = wrapped(std::move(encoding), name, options);
    options.refuse_unknown();
    return encoding;
}

// A, or A + B + ...
static std::shared_ptr<Encoding> make_sum(const std::string& specification, const EncodingRequest& request, Rng& rng) {
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

std::shared_ptr<Encoding> make_encoding(const std::string& specification, const EncodingRequest& request, Rng& rng) {
    require<OptionError>(request.d_model > 0, "make_encoding: expected a positive d_model, got ", request.d_model);
    require<OptionError>(request.max_length > 0, "make_encoding: expected a max_length of at least 1, got ",
                         request.max_length);
    require<OptionError>(request.num_heads > 0, "make_encoding: expected num_heads of at least 1, got ",
                         request.num_heads);
    require_room("make_encoding", "the code of one position", {request.d_model}, "choose a smaller d_model");
    require_room("make_encoding", "the heads", {request.num_heads, 32}, "take fewer heads");
    if (split(specification, '+').size() > 1 || name_and_inside(specification).first != by_layer)
        return make_sum(specification, request, rng);
    std::vector<std::shared_ptr<const Encoding>> layers;
    for (const std::string& layer : split(name_and_inside(specification).second, ',')) {
        require<OptionError>(!trimmed(layer).empty(), "make_encoding: a layer of '", shortened(specification),
                             "' is empty; write by_layer(A, B), with none for a layer without positions");
        layers.push_back(make_sum(trimmed(layer), request, rng));
    }
    return std::make_shared<ByLayer>(std::move(layers));
}

SchemeOptions options_of(const std::string& name, const EncodingRequest& request) {
    const EncodingFactory factory = factory_of(name);
    Rng rng(1);
    EncodingOptions options(name);
    std::shared_ptr<Encoding> encoding = factory(request, options, rng);
    std::vector<KnownOption> own = options.known();    // in the order in which this compiler computes arguments
    std::sort(own.begin(), own.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    encoding->set_sizes(request);
    wrapped(std::move(encoding), name, options);
    return {own, {options.known().begin() + std::ssize(own), options.known().end()}};
}

}    // namespace ordinal
