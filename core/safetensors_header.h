// The JSON header of a safetensors file, to and from text. The only place that knows JSON.
#pragma once

#include <string>
#include <vector>

#include "core/safetensors.h"

namespace ordinal {

constexpr Index max_safetensors_header = 100'000'000;    // the format's own limit, in bytes

struct SafetensorsHeader {
    std::vector<StoredArray> arrays;
    Metadata metadata;
};

// Checks every rule of the format against a file with data_size bytes behind its header; arrays come back in file
// order. Throws FileError with the rule that `path` broke.
SafetensorsHeader parse_safetensors_header(const std::string& text, Index data_size, const std::string& path);

// The header as text, padded with spaces so that the numbers begin at a multiple of 8 bytes. Throws FileError when
// a name is used twice or is not UTF-8.
std::string format_safetensors_header(const SafetensorsHeader& header);

// A name from a file, fit to print: in quotes, cut when long, without control characters.
std::string shown(const std::string& name);

template <class... Parts>
void require_well_formed(bool condition, const std::string& path, const Parts&... parts) {
    require<FileError>(condition, "safetensors: ", path, " is malformed: ", parts..., "; save or download it again");
}

}    // namespace ordinal
