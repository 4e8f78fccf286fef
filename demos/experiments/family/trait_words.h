// Traits in words, as the demos and the map of schemes show them.
#pragma once

#include <iosfwd>
#include <string>

#include <ordinal/positional/encoding.h>

namespace ordinal {

std::string words(Place place);                   // "queries and keys"
std::string words(Depth depth);                   // "O(log n)"
std::string words(AcceptedIds ids);               // "whole"
std::string bound_words(const Traits& traits);    // "512 positions", "unbounded", or how far it is computed
std::string place_words(const Traits& traits);    // and what log_n does besides
inline std::string yes_no(bool yes) { return yes ? "yes" : "no"; }

Index parameter_count(const Module& module);    // how many numbers it learns

// One trait a line, with what it means.
void print_traits(const Encoding& encoding, std::ostream& out);

}    // namespace ordinal
