// The registry: every position scheme by name, so that demos, tests and students meet them all in one way.
//
//     auto encoding = make_encoding("rnn(init=orthogonal, gain=0.15)", {.d_model = 64}, rng);
//
// A scheme of your own joins with one call, from any file of your program:
//
//     register_encoding("mine", [](const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
//         return std::make_shared<MyEncoding>(request.d_model, options.number("speed", 1), rng);
//     });
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <ordinal/positional/encoding.h>

namespace ordinal {

// What every scheme is told.
struct EncodingRequest {
    Index d_model = 768;
    Index max_length = 512;    // >= 1: rows of a table; schemes without a bound do not look further at it
    Index num_heads = 12;      // >= 1: schemes inside attention want equal heads, head_dim = d_model / num_heads

    Index head_dim() const {
        require<OptionError>(num_heads > 0 && d_model % num_heads == 0, "EncodingRequest: d_model ", d_model,
                             " cannot be cut into ", num_heads, " equal heads");
        return d_model / num_heads;
    }
};

// The part of a specification in parentheses: "init=orthogonal, gain=0.15". Reading a value marks it as known.
class EncodingOptions {
public:
    explicit EncodingOptions(std::string encoding, std::map<std::string, std::string> values = {})
        : encoding_(std::move(encoding)), values_(std::move(values)) {}

    double number(const std::string& name, double otherwise);
    Index count(const std::string& name, Index otherwise);                                   // 1, 2, ... up to 10^9
    std::string choice(const std::string& name, const std::vector<std::string>& choices);    // the first is the default
    bool has(const std::string& name) const { return values_.contains(name); }
    void refuse_unknown() const;    // throws OptionError for a value that nobody has read

private:
    std::string encoding_;
    std::map<std::string, std::string> values_;
    std::vector<std::string> known_;
};

using EncodingFactory =
    std::function<std::shared_ptr<Encoding>(const EncodingRequest& request, EncodingOptions& options, Rng& rng)>;

// A name that exists already is refused.
void register_encoding(const std::string& name, EncodingFactory factory);

std::vector<std::string> encoding_names();    // in the order of registration

// specification: a name, or "name(option=value, ...)". The options of positional/wrappers.h work for every scheme.
// Throws OptionError for an unknown name or option, with the nearest one, and for a request with a size below 1.
std::shared_ptr<Encoding> make_encoding(const std::string& specification, const EncodingRequest& request, Rng& rng);

}    // namespace ordinal
