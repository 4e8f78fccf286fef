#include "demos/experiments/sequences/extrapolation_runs.h"

#include <algorithm>
#include <limits>

namespace ordinal {
namespace {

std::shared_ptr<Encoding> made(const std::string& encoding, Rng& rng) {
    return make_encoding(encoding, sequence_request, rng);
}

}    // namespace

// Noise blurs the gradient: this one learns better in larger steps. Its quiet twin takes the same ones, so that beside
// each other the two differ in the noise alone.
double peak_learning_rate(const std::string& encoding) {
    return same_encoding(encoding, closed_form) || same_encoding(encoding, quiet_closed_form) ? 6e-3 : 3e-3;
}

bool same_encoding(std::string a, std::string b) {
    std::erase(a, ' ');
    std::erase(b, ' ');
    return a == b;
}

std::vector<std::string> few_encodings() { return {learned_table, orthogonal_rnn, closed_form, rotary}; }

std::vector<std::string> main_encodings() {
    return {learned_table, sinusoid, orthogonal_rnn, rotation_rnn, closed_form, rotary, rnn_reads_tokens};
}

std::vector<std::string> all_encodings() {
    std::vector<std::string> all = main_encodings();
    all.insert(all.end(), {"none",
                           shifted_table,
                           "extended_table(rows=32, strategy=copy)",
                           "extended_table(rows=32, strategy=hierarchical)",
                           "sinusoid_plus_table(rows=32, std=0.1, rule_gain=0.15)",
                           hybrid_dropped,
                           default_rnn,
                           "gru(state=8, gain=0.15)",
                           "residual(state=8)",
                           "ode(state=8)",
                           "gru_over_inputs",
                           "linear(gain=0.15)",
                           quiet_closed_form,
                           "linear(state=8, gain=0.15)",
                           "linear(state=8, noise=0.8, gain=0.15)",
                           "sinusoidal(gain=0.15, shift=224)",
                           "alibi",
                           "alibi(form=one_sided)",
                           "t5(max_distance=64)",
                           "t5(max_distance=64)"});
    for (const std::string& name : encoding_names()) {    // and whatever else is registered, as it is by default
        const bool listed = std::any_of(all.begin(), all.end(), [&](const std::string& listed_name) {
            return listed_name == name || listed_name.starts_with(name + "(");
        });
        if (listed) continue;
        Rng rng(1);
        const bool additive = made(name, rng)->is_additive();
        all.push_back(additive ? name + "(gain=0.15)" : name);
    }
    return all;
}

std::vector<std::string> hybrid_encodings() {
    return {quiet_closed_form,
            closed_form,
            "table_plus_linear(rows=32, std=0.1, noise=0, rule_gain=0.15, dropout=0)",
            "table_plus_linear(rows=32, std=0.1, noise=0, rule_gain=0.15, dropout=0.5)",
            hybrid,
            hybrid_dropped};
}

Transformer trained_model(const SequenceTask& task, const std::string& encoding, std::uint64_t seed, Index steps,
                          const StepDone& step_done) {
    Rng rng(seed);
    const Transformer model = sequence_model(made(encoding, rng), rng);
    train(model, task, {steps, peak_learning_rate(encoding), step_done}, rng);
    return model;
}

Accuracies accuracies(const Transformer& model, const SequenceTask& task) {
    const std::optional<Index> bound = encoding_of(model).traits().max_length;
    Accuracies found;
    for (std::size_t i = 0; i < asked_lengths.size(); ++i)
        found[i] = bound && *bound < asked_lengths[i] ? std::numeric_limits<double>::quiet_NaN()
                                                      : accuracy(model, task, about_unseen(asked_lengths[i]));
    return found;
}

Accuracies run_extrapolation(const SequenceTask& task, const std::string& encoding, std::uint64_t seed, Index steps,
                             const StepDone& step_done) {
    return accuracies(trained_model(task, encoding, seed, steps, step_done), task);
}

ExtrapolationResults only(Keep keep, const std::vector<std::string>& encodings, const ExtrapolationResults& results) {
    ExtrapolationResults part{results.tasks, {}, results.seeds, {}};
    part.accuracy.resize(results.tasks.size());
    for (std::size_t e = 0; e < results.encodings.size(); ++e) {
        const bool named = std::find(encodings.begin(), encodings.end(), results.encodings[e]) != encodings.end();
        if (named != (keep == Keep::these)) continue;
        part.encodings.push_back(results.encodings[e]);
        for (std::size_t t = 0; t < results.tasks.size(); ++t) part.accuracy[t].push_back(results.accuracy[t][e]);
    }
    return part;
}

std::vector<double> at_length(const std::vector<Accuracies>& seeds, Index which) {
    std::vector<double> values;
    for (const Accuracies& accuracies : seeds) values.push_back(accuracies[static_cast<std::size_t>(which)]);
    return values;
}

ExtrapolationResults run_extrapolations(const std::string& demo, const std::vector<std::string>& tasks,
                                        const std::vector<std::string>& encodings,
                                        const std::vector<std::uint64_t>& seeds, Index steps) {
    for (const std::string& encoding : encodings) {
        Rng rng(1);
        made(encoding, rng);
    }
    ExtrapolationResults results{tasks, encodings, seeds, {}};
    results.accuracy.assign(tasks.size(), std::vector(encodings.size(), std::vector<Accuracies>(seeds.size())));
    std::vector<Job> jobs;
    for (std::size_t s = 0; s < seeds.size(); ++s)
        for (std::size_t t = 0; t < tasks.size(); ++t)
            for (std::size_t e = 0; e < encodings.size(); ++e)
                jobs.push_back({steps, [&, s, t, e](const StepDone& done) {
                                    results.accuracy[t][e][s] =
                                        run_extrapolation(sequence_task(tasks[t]), encodings[e], seeds[s], steps, done);
                                }});
    run_jobs(demo + ": " + std::to_string(jobs.size()) + " training runs", jobs);
    return results;
}

}    // namespace ordinal
