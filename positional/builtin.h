// The schemes that come with Ordinal, by group. A group is compiled once, in a file of its own, so that editing a
// scheme rebuilds no demo.
#pragma once

#include <utility>

#include <ordinal/positional/registry.h>

namespace ordinal {

using EncodingList = std::vector<std::pair<std::string, EncodingFactory>>;

EncodingList builtin_basics();    // builtin_basics.cpp: none, table, rnn, ..., sinusoidal: the first two and kin
EncodingList builtin_tables();    // builtin_tables.cpp: a table made longer; partly fixed, partly learned
EncodingList
builtin_recurrences();    // builtin_recurrences.cpp: residual steps, an ODE, linear recurrences, scans, graphs
EncodingList builtin_attention();    // builtin_attention.cpp: turned queries and keys, biased scores, counts by content

EncodingList builtin_encodings();    // all of them, in this order

}    // namespace ordinal
