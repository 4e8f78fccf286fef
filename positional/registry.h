// The registry: every position scheme by name, so that demos, tests and students meet them all in one way.
//
//     auto encoding = make_encoding("rnn(init=orthogonal, gain=0.15)", {.d_model = 64}, rng);
//
// A scheme of your own joins with one call, from any file of your program:
//
//     const bool registered = register_encoding("mine", MyEncoding::make);
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <ordinal/positional/encoding.h>
#include <ordinal/positional/encoding_options.h>

namespace ordinal {

using EncodingFactory =
    std::function<std::shared_ptr<Encoding>(const EncodingRequest& request, EncodingOptions& options, Rng& rng)>;

// Returns true, so that it can stand before main as above. A name that exists already is refused.
bool register_encoding(const std::string& name, EncodingFactory factory);

std::vector<std::string> encoding_names();    // in the order of registration

struct NamedEncoding {
    std::string name;
    EncodingFactory make;
};
const std::vector<NamedEncoding>& builtin_encodings();    // those that come with Ordinal: positional/names.cpp

// specification: a name, or "name(option=value, ...)", or several, "A + B + ..." (positional/combined/composition.h),
// or one of these for each layer of a model, "by_layer(A, B, ...)" (positional/combined/by_layer.h). The options of
// positional/wrappers.h work for every scheme. Throws OptionError for an unknown name or option, with the nearest one,
// and for a request with a size below 1.
std::shared_ptr<Encoding> make_encoding(const std::string& specification, const EncodingRequest& request, Rng& rng);

// The options of a scheme of that name, by their names; and those of positional/wrappers.h, which every scheme has. OptionError: there is no such scheme.
struct SchemeOptions {
    std::vector<KnownOption> own, of_every_scheme;
};
SchemeOptions options_of(const std::string& name, const EncodingRequest& request);

}    // namespace ordinal
