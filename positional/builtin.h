// The schemes that come with Ordinal; positional/builtin.cpp is the list.
#pragma once

#include <utility>

#include "positional/registry.h"

namespace ordinal {

std::vector<std::pair<std::string, EncodingFactory>> builtin_encodings();

}    // namespace ordinal
