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

std::shared_ptr<Encoding> sample_of(const std::string& encoding, const EncodingRequest& request) {
    Rng rng(1);
    return make_encoding(encoding, request, rng);
}

}    // namespace ordinal::demos
