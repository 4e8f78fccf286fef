// Trained encodings as text: what a demo has trained and another program shows. A block for each:
//
//     encoding NAME TRAINED D_MODEL MAX_LENGTH NUM_HEADS SPECIFICATION
//     parameter        and below it its numbers, as many digits as bring each back to the last bit
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <ordinal/positional/registry.h>

namespace ordinal::demos {

struct KeptEncoding {
    std::string name;     // one word
    Index trained = 0;    // the longest text of its training
    EncodingRequest request = {};
    std::string specification = {};
    std::shared_ptr<Encoding> encoding = {};    // as it was trained
};

std::string text_of_encodings(const std::vector<KeptEncoding>& all);
// Throws Error: a text that is none of the above.
std::vector<KeptEncoding> encodings_in(const std::string& text);

}    // namespace ordinal::demos
