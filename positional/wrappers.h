// Wrappers: what works for every scheme, asked for by options that every scheme has.
//
//     gain=g    the code times a learned number that starts at g    additive schemes    positional/gain.h
#pragma once

#include <memory>
#include <string>

#include "positional/registry.h"

namespace ordinal {

// The encoding inside the wrappers that the options ask for. Throws OptionError where one does not fit.
std::shared_ptr<Encoding> wrapped(std::shared_ptr<Encoding> encoding, const std::string& name,
                                  EncodingOptions& options);

}    // namespace ordinal
