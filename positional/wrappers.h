// Wrappers: what works for every scheme, asked for by options that every scheme has.
//
//     gain=g          the code times a learned number that starts at g    additive schemes    combined/gain.h
//     drop=p          left out of a share p of the training batches       additive schemes    combined/dropped.h
//     log_n=N         queries times log n / log N for n tokens            all                 combined/log_n.h
//     ssmax=N         the same times a learned number for each head       all                 combined/log_n.h
//     group=G         beyond the keys of a window=W exact distances,      rotations           combined/grouped.h
//                     far ones count in groups of G
//     segments=place  the place of a token in its sentence or line,       ids in any order    combined/segmented.h
//                     and segments=number the number of that segment
//     shift=S         training texts begin anywhere in 0 .. S             ids in any order    combined/shifted.h
//     randomized=L    ids are a sorted sample out of 0 .. L - 1           ids in any order    combined/randomized.h
//
// In this order from the inside out: gain next to the codes, groups outside of what they group, the choice of ids
// outside of all.
#pragma once

#include <memory>
#include <string>

#include <ordinal/positional/encoding.h>

namespace ordinal {

// The encoding inside the wrappers that the options ask for. Throws OptionError where one does not fit.
std::shared_ptr<Encoding> wrapped(std::shared_ptr<Encoding> encoding, const std::string& name,
                                  EncodingOptions& options);

}    // namespace ordinal
