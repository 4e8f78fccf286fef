// One run of the benchmark with one number of threads.
#pragma once

#include <iosfwd>

#include "bench/options.h"
#include "bench/report.h"

namespace ordinal::bench {

// Measures what the options select, prints a table for each kind while it goes, and returns all figures.
// `self` is the path of this program: memory is measured in fresh processes of it.
Json run_session(const Options& options, int threads, const std::string& self, std::ostream& out);

}    // namespace ordinal::bench
