#include "demos/experiments/attention/attention_maps_runs.h"

#include <algorithm>
#include <cmath>

#include <ordinal/positional/measures/kernel.h>
#include "demos/experiments/poems/swap_runs.h"

namespace ordinal {
namespace {

// Runs `model_runs` with this parameter set to 0, and puts it back.
void without(const Module& model, const std::string& parameter, const std::function<void()>& model_runs) {
    for (const auto& [name, tensor] : model.parameters()) {
        if (name != parameter) continue;
        const NdArray before = tensor.values();
        tensor.set_values(NdArray(tensor.shape()));
        model_runs();
        tensor.set_values(before);
        return;
    }
    require<OptionError>(false, "attention_maps: the model has no parameter '", parameter, "'");
}

// What the first layer does with these tokens [B, T], and what is left of its scores when the tokens say nothing.
AttentionMaps look_at(const Transformer& model, const IndexArray& ids) {
    const NoGrad guard;
    const auto first_layer = [&](const std::string& what) {
        Activations seen;
        model.hidden(ids, Mode::evaluation(), {.watch = {&seen}});
        return seen["encoder.layers.0.self_attn." + what];
    };
    AttentionMaps maps;
    maps.attention = mean_over_batch(first_layer("weights"));
    NdArray silent;    // [1, H, T, T]: without tokens, all sequences are the same
    without(model, "tokens.weight", [&] { silent = slice(first_layer("scores"), 0, 0, 1); });
    silent = reshape(silent, {silent.dim(1), silent.dim(2), silent.dim(3)});
    for (Index head = 0; head < silent.dim(0); ++head) {
        maps.looks_at.push_back(best_lag(head_of(maps.attention, head)));
        maps.rules.push_back(lag_rule(head_of(silent, head)));
    }
    return maps;
}

double mean_over(const std::vector<LagRule>& rules, double LagRule::*number) {
    double sum = 0;
    for (const LagRule& rule : rules) sum += rule.*number;
    return sum / static_cast<double>(rules.size());
}

}    // namespace

std::vector<Index> mark_places() {
    std::vector<Index> places;
    for (Index k = 1; k <= swap_trained_length; ++k)
        if (k % line_period(Meter::five) == 0 || k % line_period(Meter::seven) == 0) places.push_back(k - 1);
    return places;
}

std::vector<Index> mark_places_only(Meter meter) {
    const Meter other = meter == Meter::five ? Meter::seven : Meter::five;
    std::vector<Index> places;
    for (Index k = 1; k < swap_trained_length; ++k)
        if (k % line_period(meter) == 0 && k % line_period(other) != 0) places.push_back(k - 1);
    return places;
}

std::vector<Index> other_places() {
    std::vector<Index> places;
    const std::vector<Index> marks = mark_places();
    for (Index k = 0; k < swap_trained_length; ++k)
        if (std::find(marks.begin(), marks.end(), k) == marks.end()) places.push_back(k);
    return places;
}

double AttentionMaps::largest_share(const std::vector<Index>& queries, const std::vector<Index>& keys) const {
    double most = 0;
    for (Index head = 0; head < attention.dim(0); ++head)
        most = std::max(most, share_on(head_of(attention, head), queries, keys));
    return most;
}

double AttentionMaps::mean_invariance() const { return mean_over(rules, &LagRule::invariance); }
double AttentionMaps::mean_asymmetry() const { return mean_over(rules, &LagRule::asymmetry); }
const BestLag& AttentionMaps::clearest() const {
    return *std::max_element(looks_at.begin(), looks_at.end(),
                             [](const BestLag& a, const BestLag& b) { return a.share < b.share; });
}

AttentionMaps maps_on_off3(const std::string& encoding, std::uint64_t seed, Index steps, const StepDone& step_done) {
    const SequenceTask& task = sequence_task("off3");
    Rng rng(seed);
    const auto scheme = make_encoding(encoding, sequence_request, rng);
    const Transformer model = sequence_model(scheme, rng);
    train(model, task, {.steps = steps, .on_step = step_done}, rng);

    Rng fresh(5);    // the same sequences for every model
    const IndexArray inputs = task.draw(32, trained_sequence, fresh).inputs;
    AttentionMaps maps = look_at(model, inputs);
    const Index longer = 2 * trained_sequence;
    const bool has_them = scheme->traits().max_length.value_or(longer) >= longer;
    maps.codes =
        code_invariance(input_codes(*scheme, {.length = trained_sequence, .d_model = sequence_request.d_model}));
    maps.unseen = has_them ? accuracy(model, task, about_unseen(longer)) : std::nan("");
    return maps;
}

AttentionMaps maps_on_poems(const SwapCorpus& corpus, const std::string& encoding, std::uint64_t seed, Index steps,
                            const StepDone& step_done) {
    Rng rng(seed);
    const auto scheme = make_encoding(encoding, swap_request, rng);
    const Transformer model = trained_swap_model(corpus, scheme, steps, step_done, rng);
    Rng fresh(5);    // the same windows for every model
    const Index couplet = couplet_period(Meter::five);
    const MaskedBatch windows =
        hide_characters(couplet_windows(corpus.five, 64, swap_trained_length, couplet, fresh), 0, fresh);
    return look_at(model, windows.inputs);
}

}    // namespace ordinal
