#include "positional/wrappers.h"

#include "positional/gain.h"

namespace ordinal {

std::shared_ptr<Encoding> wrapped(std::shared_ptr<Encoding> encoding, const std::string& name,
                                  EncodingOptions& options) {
    if (const auto additive = std::dynamic_pointer_cast<AdditiveEncoding>(encoding)) {
        const double gain = options.number("gain", 1);
        if (options.has("gain")) encoding = std::make_shared<Gain>(additive, gain);
    } else {
        require<OptionError>(!options.has("gain"), name, ": option 'gain' works for additive encodings only");
    }
    return encoding;
}

}    // namespace ordinal
