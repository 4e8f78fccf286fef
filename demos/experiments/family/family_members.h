// One scheme of the family, looked at from all sides: its traits, its kernel, its indicators.
#pragma once

#include <string>
#include <vector>

#include <ordinal/positional/measures/indicators.h>
#include <ordinal/positional/measures/kernel.h>
#include <ordinal/positional/registry.h>
#include "demos/lab/results.h"

namespace ordinal {

struct Member {
    std::string name;    // as given: "rotary(layout=half)"
    Traits traits;
    Index parameters = 0;    // numbers that it learns
    NdArray kernel = {};     // [T, T]
    Indicators indicators;
};

// The scheme untrained, as attention_kernel(options) sees it; a table gets as many rows as there are positions.
Member look_at(const std::string& specification, const KernelOptions& options);

// A cell is empty where there is nothing to say.
Table traits_table(const std::vector<Member>& members);
Table indicators_table(const std::vector<Member>& members);
Table all_columns(const std::vector<Member>& members);    // both, and numbers with all their digits

extern const char* const indicator_legend;    // what the columns of indicators mean, a line each

std::string as_text(const Table& table);    // aligned columns
std::string as_csv(const Table& table);     // quoted where needed (RFC 4180)

}    // namespace ordinal
