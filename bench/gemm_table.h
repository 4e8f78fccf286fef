// Matrix products of the sizes that count, beside OpenBLAS.
#pragma once

#include <iosfwd>

#include "bench/options.h"
#include "bench/report.h"

namespace ordinal::bench {

// Every shape that the options select, in rounds: the machine's peak, ours, theirs. A ratio is our GFLOP/s over theirs.
Json measure_gemm(const Options& options, std::ostream& out);

}    // namespace ordinal::bench
