#include "bench/session.h"

#include <algorithm>
#include <optional>
#include <ostream>
#include <type_traits>

#include <ordinal/core/error.h>
#include <ordinal/core/fast/parallel.h>
#include "bench/child.h"
#include "bench/gemm_shapes.h"
#include "bench/gemm_table.h"
#include "bench/machine.h"
#include "bench/torch_peer.h"

namespace ordinal::bench {
namespace {

struct Limits {
    double gflops;
    Bandwidth bandwidth;
};

// What a workload reaches, as a column of text and in its record.
std::string against_limits(const Workload& workload, double ms, const Limits& limits, Json& row) {
    if (workload.gflop > 0) {
        const double gflops = 1e3 * workload.gflop / ms;
        row["gflops"] = gflops;
        row["share_of_peak"] = gflops / limits.gflops;
        return number_text(gflops) + " GFLOP/s, " + percent_text(gflops / limits.gflops);
    }
    if (workload.gigabytes > 0) {
        const double rate = 1e3 * workload.gigabytes / ms;
        row["gigabytes_a_second"] = rate;
        row["share_of_bandwidth"] = rate / limits.bandwidth.copy;
        return number_text(rate) + " GB/s, " + percent_text(rate / limits.bandwidth.copy);
    }
    return "";
}

// Prints a line and returns it as a record.
Json report_workload(const Workload& workload, const Comparison& times, const Limits& limits, std::ostream& out) {
    const Spread ours = times.ours.spread();
    Json row{{"name", workload.name}, {"what", workload.what}, {"ours_ms", to_json(times.ours)}};
    out << padded(workload.name, 20) << padded(workload.what, 25) << padded(time_text(ours), 24);
    if (times.theirs.rounds.empty()) {
        out << padded("", 56);
    } else {
        row["torch_ms"] = to_json(times.theirs);
        row["ratio"] = to_json(times.ratio());
        row["ratio_of_best"] = times.ratio_of_best();
        out << padded(time_text(times.theirs.spread()), 24) << padded(spread_text(times.ratio()), 22)
            << padded(number_text(times.ratio_of_best()), 10);
    }
    out << against_limits(workload, ours.median, limits, row) << std::endl;
    return row;
}

Json measure_workloads(const Options& options, const Limits& limits, TorchPeer* torch, std::ostream& out) {
    out << "\nTime of a repetition, median (min-max). Ratio: Ordinal / PyTorch, lower is better; best: of the minima.\n"
        << "Behind it the speed, and its share of the machine's (of the memory's, where more than 100 % is caches).\n"
        << padded("", 45) << padded("Ordinal", 24) << padded("PyTorch", 24) << padded("ratio", 22) << "best\n";
    Json rows = Json::array();
    for (const Workload& workload : workloads()) {
        if (!options.selects(workload.name)) continue;
        const Run run = workload.prepare();
        const auto ours = [&] { return measure(run, options.seconds, workload.inner); };
        const auto theirs = [&] { return torch->measure(workload.name, options.seconds); };
        const bool compared = torch != nullptr && workload.has_twin;
        const Comparison times = take_turns(options.rounds, ours, compared ? theirs : std::function<Samples()>());
        rows.push_back(report_workload(workload, times, limits, out));
    }
    return rows;
}

Memory memory_in_fresh_process(const std::string& self, const std::string& workload, int threads) {
    Child child({self, "--memory-of", workload, "--threads", std::to_string(threads)});
    const Json answer = Json::parse(child.read_line().value_or("{}"));
    return {answer.value("peak_mb", 0.0), answer.value("growth_mb", 0.0)};
}

Json measure_memories(const Options& options, const std::string& self, bool with_torch, std::ostream& out) {
    out << "\nPeak memory in MB: of the process, and its growth over five repetitions\n"
        << padded("", 18) << padded("Ordinal", 22) << padded("PyTorch", 22) << "of which the output itself\n";
    Json rows = Json::array();
    for (const MemoryWorkload& workload : memory_workloads()) {
        if (!options.selects("memory." + workload.name)) continue;
        const auto text = [](const Memory& memory) {
            return padded(number_text(memory.peak) + ", +" + number_text(memory.growth), 22);
        };
        const auto record = [](const Memory& memory) {
            return Json{{"peak_mb", memory.peak}, {"growth_mb", memory.growth}};
        };
        Json row{{"name", "memory." + workload.name}, {"result_mb", workload.result_mb}};
        const Memory ours = memory_in_fresh_process(self, workload.name, num_threads());
        row["ours"] = record(ours);
        out << padded("memory." + workload.name, 18) << text(ours);
        if (with_torch) {
            const Memory theirs = torch_memory(workload.name, num_threads());
            row["torch"] = record(theirs);
            out << text(theirs);
        }
        if (workload.result_mb > 0) out << number_text(workload.result_mb);
        out << std::endl;
        rows.push_back(row);
    }
    return rows;
}

template <class Items>
bool selects_any(const Options& options, const std::string& prefix, const Items& items) {
    return std::any_of(items.begin(), items.end(), [&](const auto& i) { return options.selects(prefix + i.name); });
}

}    // namespace

Json run_session(const Options& options, int threads, const std::string& self, std::ostream& out) {
    set_num_threads(threads);
    const Limits limits{measure_peak(0.1), measure_bandwidth()};
    out << "\n=== " << threads << (threads == 1 ? " thread" : " threads")
        << ". The machine's limits: " << number_text(limits.gflops) << " GFLOP/s, memory "
        << number_text(limits.bandwidth.read) << " GB/s reading, " << number_text(limits.bandwidth.copy)
        << " GB/s copying\n";
    Json result{{"threads", threads},
                {"peak_gflops", limits.gflops},
                {"read_gigabytes_a_second", limits.bandwidth.read},
                {"copy_gigabytes_a_second", limits.bandwidth.copy}};

    if (selects_any(options, "gemm.", gemm_shapes())) result["gemm"] = measure_gemm(options, out);

    const bool times = selects_any(options, "", workloads());
    const bool memories = selects_any(options, "memory.", memory_workloads());
    std::optional<TorchPeer> torch;
    if ((times || memories) && !options.without_torch && std::is_same_v<Scalar, float>) torch.emplace(threads);
    if (torch && torch->version().empty()) torch.reset();
    if (torch) result["torch"] = torch->version();
    if (times || memories)
        out << "\nPeer: " << (torch ? "PyTorch " + torch->version() : "none (PyTorch is not installed, or not wanted)")
            << '\n';
    if (times) result["workloads"] = measure_workloads(options, limits, torch ? &*torch : nullptr, out);
    if (memories) result["memory"] = measure_memories(options, self, torch.has_value(), out);

    result["peak_gflops_at_the_end"] = measure_peak(0.1);    // has the machine changed its speed meanwhile?
    return result;
}

}    // namespace ordinal::bench
