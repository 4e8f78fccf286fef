#include "demos/models/encodings.h"

#include <algorithm>

namespace ordinal::demos {

std::vector<std::string> and_others(std::vector<std::string> listed, const EncodingRequest& request,
                                    const std::function<bool(const std::string& name, const Traits& traits)>& wanted) {
    for (const std::string& name : encoding_names()) {
        const auto encoding = sample_of(name, request);
        const bool known = std::any_of(listed.begin(), listed.end(), [&](const std::string& other) {
            return other == name || other.starts_with(name + "(");
        });
        if (!known && wanted(name, encoding->traits()))
            listed.push_back(encoding->is_additive() ? name + "(gain=0.15)" : name);
    }
    return listed;
}

std::shared_ptr<Encoding> sample_of(const std::string& encoding, const EncodingRequest& request, Index positions) {
    Rng rng(1);
    auto sample = make_encoding(encoding, request, rng);
    const Index bound = sample->traits().max_length.value_or(positions);
    require<OptionError>(bound >= positions, encoding, ": expected ", positions, " positions or more, got ", bound);
    return sample;
}

void require_at_input(const std::string& name, const Encoding& encoding) {
    const Place place = encoding.traits().place;
    require<OptionError>(place == Place::input || place == Place::nowhere,
                         "--encodings: expected codes at the input, got ", name,
                         ", which acts inside attention; ./go demos family shows it");
}

void require_vectors(const std::string& name, const Encoding& encoding) {
    if (encoding.is_additive()) return;
    require_at_input(name, encoding);
    throw OptionError("--encodings: expected a vector for each position, got " + name +
                      ", which reads the tokens; ./go demos family shows it");
}

}    // namespace ordinal::demos
