#include "bench/gemm_table.h"

#include <cmath>
#include <ostream>

#include <ordinal/core/error.h>
#include <ordinal/core/fast/parallel.h>
#include "bench/gemm_shapes.h"
#include "bench/machine.h"

namespace ordinal::bench {
namespace {

// GFLOP/s from milliseconds: the shortest time is the highest speed.
Spread speed(double gflop, const Spread& ms) {
    return {1e3 * gflop / ms.median, 1e3 * gflop / ms.max, 1e3 * gflop / ms.min};
}

std::string sizes_text(const GemmShape& shape) {
    const std::string batch = shape.batch > 1 ? text_of(" x", shape.batch) : "";
    return text_of(shape.m, ", ", shape.n, ", ", shape.k, batch);
}

// A product is short, so the sides take turns more often than in a long workload.
constexpr int turns_in_a_round = 5;

struct Measured {
    Comparison times;
    double peak;    // GFLOP/s, in the same rounds
};

Measured measure_shape(const GemmShape& shape, const OpenBlas& blas, const Options& options) {
    GemmProblem problem(shape);
    const auto inner = static_cast<Index>(std::ceil(0.1 / shape.gflop()));    // some 100 microseconds to a sample
    const double seconds = options.seconds / 10 / turns_in_a_round;
    Samples peaks;
    const auto ours = [&] {
        peaks.push_back(measure_peak(0.002));
        return measure([&] { problem.ours(); }, seconds, inner);
    };
    const auto theirs = [&] { return measure([&] { problem.theirs(blas); }, seconds, inner); };
    const int turns = options.rounds * turns_in_a_round;
    Comparison times = take_turns(turns, ours, blas.present() ? theirs : std::function<Samples()>());
    return {std::move(times), median(peaks)};
}

// Prints a line and returns it as a record.
Json report_shape(const GemmShape& shape, const Measured& measured, std::ostream& out) {
    const Comparison& times = measured.times;
    const Spread ours = speed(shape.gflop(), times.ours.spread());
    const double share = ours.median / measured.peak;
    Json row{{"name", "gemm." + shape.name}, {"m", shape.m}, {"n", shape.n}, {"k", shape.k}, {"batch", shape.batch}};
    row["ours_gflops"] = to_json(ours);
    row["share_of_peak"] = share;
    out << padded("gemm." + shape.name, 26) << padded(sizes_text(shape), 20) << padded(spread_text(ours), 20)
        << padded(percent_text(share), 10);
    if (!times.theirs.rounds.empty()) {
        const Spread theirs = speed(shape.gflop(), times.theirs.spread()), r = times.ratio();
        const Spread ratio{1 / r.median, 1 / r.max, 1 / r.min};    // of speeds, not of times
        row["openblas_gflops"] = to_json(theirs);
        row["ratio"] = to_json(ratio);
        row["ratio_of_best"] = 1 / times.ratio_of_best();
        out << padded(spread_text(theirs), 20) << padded(spread_text(ratio), 22)
            << number_text(1 / times.ratio_of_best());
    }
    out << std::endl;
    return row;
}

}    // namespace

Json measure_gemm(const Options& options, std::ostream& out) {
    const OpenBlas blas;
    blas.set_num_threads(num_threads());
    out << "\nMatrix products [m, k][k, n] in GFLOP/s, median (min-max). Ratio: Ordinal / peer, higher is better\n"
        << "Peer: " << (blas.present() ? blas.description() : "no OpenBLAS found") << '\n'
        << padded("", 26) << padded("m, n, k", 20) << padded("Ordinal", 20) << padded("of peak", 10)
        << padded("OpenBLAS", 20) << padded("ratio", 22) << "of the best\n";
    Json rows = Json::array();
    double sum_of_logs = 0;
    int compared = 0;
    for (const GemmShape& shape : gemm_shapes()) {
        if (!options.selects("gemm." + shape.name)) continue;
        rows.push_back(report_shape(shape, measure_shape(shape, blas, options), out));
        if (!blas.present() || (shape.batch > 1 && num_threads() > 1)) continue;    // it has no batches on threads
        sum_of_logs += std::log(rows.back()["ratio"]["median"].get<double>());
        ++compared;
    }
    Json result{{"peer", blas.description()}, {"shapes", rows}};
    if (compared > 0) {
        result["geometric_mean_ratio"] = std::exp(sum_of_logs / compared);
        out << "Geometric mean of " << compared << " ratios" << (num_threads() > 1 ? " (without batches)" : "") << ": "
            << number_text(result["geometric_mean_ratio"]) << '\n';
    }
    return result;
}

}    // namespace ordinal::bench
