#include "demos/experiments/sequences/recovery_runs.h"

#include <ordinal/nn/optimizer.h>
#include <ordinal/positional/tables/extend_table.h>
#include <ordinal/positional/tables/learned_table.h>

namespace ordinal {
namespace {

const char* const from_scratch = "from scratch";

struct TableModel {
    std::shared_ptr<LearnedTable> table;
    Transformer model;
};

// A model whose table has these rows. The other weights are drawn.
TableModel model_with(const NdArray& rows, Rng& rng) {
    const auto table = std::make_shared<LearnedTable>(rows);
    return {table, sequence_model(table, rng)};
}

NdArray fresh_table(Index rows, Rng& rng) { return random_normal({rows, sequence_request.d_model}, 0.1, rng); }

// The trained model on a longer table: everything but the table is copied.
TableModel extended(const TableModel& trained, const std::string& strategy, Rng& rng) {
    NoGrad guard;
    const Extension extension{extend_by_name(strategy)};
    TableModel longer =
        model_with(extend_table(trained.table->weight(), extended_length, extension, rng).values(), rng);
    const Parameters from = trained.model.parameters(), to = longer.model.parameters();
    for (std::size_t i = 0; i < from.size(); ++i)
        if (!from[i].name.starts_with("encoder.position.")) to[i].tensor.set_values(from[i].tensor.values());
    return longer;
}

// Everything is trained, at 128 positions only, in equal steps.
std::vector<double> fine_tune(const Transformer& model, const SequenceTask& task, const std::vector<Index>& asked,
                              const StepDone& step_done, Rng& rng) {
    constexpr Index batch_size = 8;
    constexpr double learning_rate = 1e-3;
    const Parameters parameters = model.parameters();
    Adam optimizer(parameters, {.beta2 = 0.98});
    std::vector<double> found;
    Index step = 0;
    for (const Index stop : asked) {
        for (; step < stop; ++step)
            step_done(train_step(model, optimizer, learning_rate, task.draw(batch_size, extended_length, rng),
                                 parameters, rng));
        found.push_back(accuracy(model, task, {.length = extended_length}));
    }
    return found;
}

}    // namespace

const std::vector<std::string>& recovery_starts() {
    static const std::vector<std::string> starts{"random", "zero", "copy", "linear", "hierarchical", from_scratch};
    return starts;
}

Index RecoverySteps::total() const {
    return before + static_cast<Index>(recovery_starts().size()) * (asked.empty() ? 0 : asked.back());
}

std::vector<std::vector<double>> run_recovery(const SequenceTask& task, std::uint64_t seed, const RecoverySteps& steps,
                                              const StepDone& step_done) {
    Rng rng(seed);
    const TableModel trained = model_with(fresh_table(trained_sequence, rng), rng);
    train(trained.model, task, {.steps = steps.before, .on_step = step_done}, rng);
    std::vector<std::vector<double>> curves;
    for (const std::string& start : recovery_starts()) {
        Rng same(seed);    // every start meets the same sequences
        Rng drawn = same.split();
        const TableModel longer = start == from_scratch ? model_with(fresh_table(extended_length, drawn), drawn)
                                                        : extended(trained, start, drawn);
        curves.push_back(fine_tune(longer.model, task, steps.asked, step_done, same));
    }
    return curves;
}

RecoveryResults run_recoveries(const std::vector<std::string>& tasks, const RecoverySteps& steps,
                               const std::vector<std::uint64_t>& seeds) {
    RecoveryResults results{tasks, seeds, steps, {}};
    results.accuracy.assign(tasks.size(), std::vector<std::vector<std::vector<double>>>(seeds.size()));
    std::vector<Job> jobs;
    for (std::size_t s = 0; s < seeds.size(); ++s)
        for (std::size_t t = 0; t < tasks.size(); ++t)
            jobs.push_back({steps.total(), [&, s, t](const StepDone& done) {
                                results.accuracy[t][s] = run_recovery(sequence_task(tasks[t]), seeds[s], steps, done);
                            }});
    run_jobs("extend_and_finetune: " + std::to_string(jobs.size()) + " runs", jobs);
    return results;
}

}    // namespace ordinal
