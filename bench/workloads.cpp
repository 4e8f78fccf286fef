#include "bench/workloads.h"

#include <ordinal/core/error.h>
#include <ordinal/nn/nearest_name.h>
#include "bench/machine.h"

namespace ordinal::bench {
namespace {

constexpr double one_number = sizeof(Scalar) / 1e9;                // gigabytes
constexpr double codes = 512 * 768 * one_number;                   // [512, 768]
constexpr double batch_of_codes = 16 * codes;                      // [16, 512, 768]
constexpr double recursion_gflop = 2.0 * 511 * 768 * 768 / 1e9;    // 511 products of a matrix and a vector

// Two products of [n, 64] and [64, n] for each of 4 heads.
double attention_gflop(Index n) { return 2 * 2.0 * 4 * static_cast<double>(n * n) * 64 / 1e9; }

// Forward: x_t W_ih and h W_hh for 16 sequences of 256 numbers; backward twice that.
double recurrence_gflop(Index T) { return 3 * 2 * 2.0 * 16 * 256 * 256 * static_cast<double>(T) / 1e9; }

std::vector<Workload> list() {
    std::vector<Workload> all{
        {.name = "W1", .what = "BERT-mini, training step", .prepare = training_step, .gflop = 50.06},
        {.name = "W2", .what = "BERT-mini, forward", .prepare = forward_pass, .gflop = 16.685},
    };
    for (const Index T : {128, 512, 2048})
        for (const bool step_by_step : {false, true})
            all.push_back({.name = text_of("W3.", T, step_by_step ? ".cell" : ".rnn"),
                           .what = step_by_step ? "the same, step by step" : text_of("RNN, ", T, " steps, trained"),
                           .prepare = [=] { return recurrence(T, step_by_step); },
                           .gflop = recurrence_gflop(T)});
    all.insert(
        all.end(),
        {
            {.name = "W4.ops16", .what = "16 numbers, 4 operations", .prepare = sixteen_numbers, .inner = 500},
            {.name = "W4.mlp", .what = "small MLP, 100 points", .prepare = [] { return small_mlp(100); }, .inner = 500},
            {.name = "W4.mlp1", .what = "small MLP, 1 point", .prepare = [] { return small_mlp(1); }, .inner = 500},
        });
    for (const Index n : {512, 1024, 2048, 4096})
        all.push_back({.name = text_of("W5.", n),
                       .what = text_of("attention, ", n, " tokens"),
                       .prepare = [=] { return attention_forward(n); },
                       .gflop = attention_gflop(n)});
    for (const Index n : {1024, 4096})
        all.push_back({.name = text_of("W5.", n, ".causal"),
                       .what = text_of("... causal, ", n, " tokens"),
                       .prepare = [=] { return attention_forward(n, true); },
                       .gflop = attention_gflop(n) / 2});
    const auto table = [] { return codes_added(Scheme::table); };
    const auto sinusoid = [] { return codes_added(Scheme::sinusoid); };
    const auto recursion = [] { return codes_added(Scheme::recurrence); };
    all.insert(
        all.end(),
        {
            {.name = "W6.lookup", .what = "look positions up", .prepare = look_up, .gigabytes = batch_of_codes + codes},
            {.name = "W6.sin", .what = "sinusoids", .prepare = [] { return codes_of(Scheme::sinusoid); }},
            {.name = "W6.rnn",
             .what = "recursion",
             .prepare = [] { return codes_of(Scheme::recurrence); },
             .gflop = recursion_gflop},
            {.name = "W6.rnn_train",
             .what = "recursion, trained",
             .prepare = recursion_trained,
             .gflop = 3 * recursion_gflop},
            {.name = "W6.lookup_bcast",
             .what = "... look-up added to x",
             .prepare = table,
             .gigabytes = 2 * batch_of_codes + codes},
            {.name = "W6.sin_bcast",
             .what = "... sinusoids added",
             .prepare = sinusoid,
             .gigabytes = 2 * batch_of_codes},
            {.name = "W6.rnn_bcast", .what = "... recursion added", .prepare = recursion, .gflop = recursion_gflop},
        });
    for (const Index n : {512, 2048})
        all.push_back({.name = text_of("own.attention.", n),
                       .what = text_of("attention trained, ", n),
                       .prepare = [=] { return attention_backward(n); },
                       .gflop = 3 * attention_gflop(n),
                       .has_twin = false});
    all.push_back({.name = "own.sin_orbit",
                   .what = "sinusoids, step by step",
                   .prepare = sinusoid_as_recurrence,
                   .has_twin = false});
    return all;
}

}    // namespace

const std::vector<Workload>& workloads() {
    static const std::vector<Workload> all = list();
    return all;
}

const std::vector<MemoryWorkload>& memory_workloads() {
    const auto output = [](Index n) { return static_cast<double>(4 * n * 64) * sizeof(Scalar) / 1e6; };
    static const std::vector<MemoryWorkload> all{
        {"W1", 0}, {"W5.512", output(512)}, {"W5.2048", output(2048)}, {"W5.4096", output(4096)}};
    return all;
}

Memory measure_memory(const std::string& name) {
    for (const Workload& workload : workloads()) {
        if (workload.name != name) continue;
        const Run run = workload.prepare();
        const double before = resident_mb();
        for (int i = 0; i < 5; ++i) run();
        return {peak_resident_mb(), peak_resident_mb() - before};
    }
    require<OptionError>(false, "there is no workload '", name, "'");
    return {};
}

}    // namespace ordinal::bench
