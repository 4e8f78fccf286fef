#include "demos/experiments/speed/ladder_report.h"

#include <algorithm>
#include <cmath>
#include <iomanip>

#include <ordinal/core/fast/parallel.h>

namespace ordinal {

void print_ladder(const std::vector<Rung>& rungs, const std::vector<double>& speeds, const Limits& limits,
                  std::ostream& out) {
    out << std::fixed << std::setprecision(1) << "peak: " << limits.peak << " GFLOP/s on 1 thread, "
        << limits.peak_of_all << " on " << num_threads() << "; reading: " << limits.cache
        << " GB/s from the first-level cache, " << limits.memory << " from memory\n\n"
        << "                   GFLOP/s   share of peak   operations a byte\n";
    for (std::size_t i = 0; i < rungs.size(); ++i) {
        const double peak = rungs[i].all_threads ? limits.peak_of_all : limits.peak;
        out << std::left << std::setw(16) << rungs[i].name << std::right << std::setw(10) << speeds[i] << std::setw(14)
            << 100 * speeds[i] / peak << " %" << std::setw(20) << std::setprecision(2) << rungs[i].flop_per_byte()
            << std::setprecision(1) << "\n";
    }
}

plot::LineChart roofline(const std::vector<Rung>& rungs, const std::vector<double>& speeds, const Limits& limits) {
    const double lowest = *std::min_element(speeds.begin(), speeds.end());
    plot::LineChart chart{.title = "The ladder under the roof",
                          .x_label = "operations for each byte that the innermost loop moves",
                          .y_label = "GFLOP/s",
                          .horizontal = {{"peak, 1 thread", limits.peak}},
                          .log_x = true,
                          .log_y = true,
                          .y_range = plot::Range{lowest / 3, 2 * std::max(limits.peak, limits.peak_of_all)}};
    if (num_threads() > 1) chart.horizontal.push_back({"peak, all threads", limits.peak_of_all});
    for (std::size_t i = 0; i < rungs.size(); ++i)
        chart.lines.push_back({.name = rungs[i].name, .x = {rungs[i].flop_per_byte()}, .y = {speeds[i]}});
    const std::pair<const char*, double> slopes[] = {{"from memory", limits.memory},
                                                     {"from the first-level cache", limits.cache}};
    for (const auto& [name, speed] : slopes) {
        plot::Line line{.name = name};
        for (int step = 0; step <= 30; ++step) {    // from 0.05 operations a byte to where it meets the ceiling
            line.x.push_back(0.05 * std::pow(limits.peak / speed / 0.05, step / 30.0));
            line.y.push_back(speed * line.x.back());
        }
        chart.lines.push_back(std::move(line));
    }
    return chart;
}

void print_pairs(const std::vector<Pair>& pairs, const std::vector<double>& milliseconds, std::ostream& out) {
    out << std::fixed << std::setprecision(1) << "                                    plain ms   fast ms   times\n";
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const double plain = milliseconds[2 * i], fast = milliseconds[2 * i + 1];
        out << std::left << std::setw(34) << pairs[i].what << std::right << std::setw(10) << plain << std::setw(10)
            << fast << std::setw(8) << plain / fast << "\n";
    }
}

}    // namespace ordinal
