#include "bench/ordinal_side.h"

#include <cmath>
#include <map>
#include <memory>

#include <ordinal/core/error.h>
#include <ordinal/nn/recurrent.h>
#include <ordinal/positional/recurrences/recurrent_positions.h>
#include <ordinal/positional/tables/learned_table.h>
#include <ordinal/positional/waves/sinusoidal.h>
#include "bench/bert_mini.h"

namespace ordinal::bench {
namespace {

// An endless supply of equal graphs: a repetition builds one, goes backward, and drops it with its gradients.
void differentiate(const Tensor& loss, const std::vector<Tensor>& leaves) {
    loss.backward();
    for (const Tensor& leaf : leaves) leaf.clear_grad();
}

std::vector<Tensor> tensors_of(const Module& module) {
    std::vector<Tensor> all;
    for (const auto& parameter : module.parameters()) all.push_back(parameter.tensor);
    return all;
}

Tensor random_parameter(const Shape& shape, Rng& rng) { return Tensor::parameter(random_normal(shape, 1, rng)); }

Run without_gradients(const std::function<void()>& body) {
    return [body] {
        NoGrad guard;
        body();
    };
}

// W1, W2: BERT-mini.
Run training_step() {
    return [model = std::make_shared<BertMiniTraining>()] { model->step(); };
}
Run forward_pass() {
    return without_gradients([model = std::make_shared<BertMiniTraining>()] { model->loss(); });
}

// W3: a tanh RNN, x: [16, T, 256], loss = mean(h h) over all states, forward and backward; as one operation, or as T
// small ones.
Run recurrence(Index T, bool step_by_step) {
    Rng rng(0);
    const auto cell = std::make_shared<RnnCell>(256, 256, rng);
    const Tensor x = random_parameter({16, T, 256}, rng), start(zeros({16, 256}));
    std::vector<Tensor> leaves = tensors_of(*cell);
    leaves.push_back(x);
    return [=] {
        const Tensor h = step_by_step ? run_cell(*cell, x, start) : cell->run(x, start);
        differentiate(mean(h * h), leaves);
    };
}

// W4: graphs so small that the bookkeeping is all there is.
Run sixteen_numbers() {
    Rng rng(0);
    const Tensor a = random_parameter({16}, rng), b = random_parameter({16}, rng), c = random_parameter({16}, rng);
    return [=, leaves = std::vector{a, b, c}] { differentiate(sum(tanh(a * b + c)), leaves); };
}

// 2 -> 16 -> 16 -> 1 with ReLU, hinge loss mean(relu(1 - y s)), one SGD step on so many points
Run small_mlp(Index points) {
    struct State {
        Rng rng{0};
        Linear first{2, 16, rng}, second{16, 16, rng}, third{16, 1, rng};
        Sgd optimizer{parameters()};

        Parameters parameters() const {
            Parameters all;
            append(all, "first", first);
            append(all, "second", second);
            append(all, "third", third);
            return all;
        }
    };
    const auto state = std::make_shared<State>();
    NdArray side = zeros({points, 1});
    Scalar* sign = side.mutable_data();
    for (Index i = 0; i < points; ++i) sign[i] = state->rng.chance(0.5) ? 1 : -1;
    return [=, x = Tensor(random_normal({points, 2}, 1, state->rng)), y = Tensor(side)] {
        state->optimizer.clear_gradients();
        const Tensor score = state->third.forward(relu(state->second.forward(relu(state->first.forward(x)))));
        mean(relu(shift(-(y * score), 1))).backward();
        state->optimizer.step(0.05);
    };
}

// W5: softmax(Q K^T / 8) V alone, Q, K, V: [1, 4, n, 64]; causal: query i sees the keys 0 .. i.
Run attention_forward(Index n, bool causal) {
    Rng rng(0);
    const auto draw = [&] { return Tensor(random_normal({1, 4, n, 64}, 1, rng)); };
    return without_gradients([=, q = draw(), k = draw(), v = draw()] { attention(q, k, v, {.causal = causal}); });
}
Run attention_trained(Index n) {
    Rng rng(0);
    const auto draw = [&] { return random_parameter({1, 4, n, 64}, rng); };
    return [=, q = draw(), k = draw(), v = draw(), d_out = random_normal({1, 4, n, 64}, 1, rng)] {
        attention(q, k, v).backward(d_out);
        for (const Tensor& leaf : {q, k, v}) leaf.clear_grad();
    };
}

// W6: position encodings, 512 positions of width 768, alone or added to x: [16, 512, 768].
constexpr Index positions = 512, width = 768, batch = 16;

enum class Scheme { table, sinusoid, recurrence };

// p_{t+1} = tanh(W p_t + b), W from N(0, 1/768), b = 0
std::shared_ptr<RecurrentPositions> recurrent_positions(Rng& rng) {
    auto scheme = std::make_shared<RecurrentPositions>(width, width, tanh_step(), rng);
    for (const auto& [name, tensor] : scheme->parameters()) {
        const double deviation = name == "start" ? 1 : name == "step.bias" ? 0 : 1 / std::sqrt(double(width));
        tensor.set_values(random_normal(tensor.shape(), deviation, rng));
    }
    return scheme;
}

std::shared_ptr<Encoding> make_scheme(Scheme scheme, Rng& rng) {
    if (scheme == Scheme::table) return std::make_shared<LearnedTable>(positions, width, rng);
    if (scheme == Scheme::sinusoid) return std::make_shared<Sinusoidal>(width);
    return recurrent_positions(rng);
}

Run look_up() {    // every sequence of the batch looks its positions up
    Rng rng(0);
    std::vector<Index> ids;
    for (Index i = 0; i < batch * positions; ++i) ids.push_back(i % positions);
    return without_gradients([table = std::make_shared<Embedding>(positions, width, rng),
                              rows = IndexArray({batch, positions}, ids)] { table->forward(rows); });
}
Run codes_of(Scheme which) {
    Rng rng(0);
    return without_gradients(
        [scheme = make_scheme(which, rng), ids = Positions::arange(positions)] { scheme->vectors(ids); });
}
Run codes_added(Scheme which) {
    Rng rng(0);
    return without_gradients([scheme = make_scheme(which, rng), ids = Positions::arange(positions),
                              x = Tensor(random_normal({batch, positions, width}, 1, rng))] {
        scheme->apply_to_input(x, ids, Mode::evaluation());
    });
}
Run recursion_trained() {
    Rng rng(0);
    const auto scheme = recurrent_positions(rng);
    return [=, leaves = tensors_of(*scheme), ids = Positions::arange(positions)] {
        const Tensor p = scheme->vectors(ids);
        differentiate(mean(p * p), leaves);
    };
}
Run sinusoid_as_recurrence() {    // one rotation after the other
    return [scheme = std::make_shared<Sinusoidal>(width)] { scheme->orbit(positions); };
}

std::map<std::string, std::function<Run()>> all_workloads() {
    std::map<std::string, std::function<Run()>> all{
        {"W1", training_step},
        {"W2", forward_pass},
        {"W4.ops16", sixteen_numbers},
        {"W4.mlp", [] { return small_mlp(100); }},
        {"W4.mlp1", [] { return small_mlp(1); }},
        {"W6.lookup", look_up},
        {"W6.sin", [] { return codes_of(Scheme::sinusoid); }},
        {"W6.rnn", [] { return codes_of(Scheme::recurrence); }},
        {"W6.rnn_train", recursion_trained},
        {"W6.lookup_bcast", [] { return codes_added(Scheme::table); }},
        {"W6.sin_bcast", [] { return codes_added(Scheme::sinusoid); }},
        {"W6.rnn_bcast", [] { return codes_added(Scheme::recurrence); }},
        {"own.sin_orbit", sinusoid_as_recurrence},
    };
    for (const Index T : {128, 512, 2048}) {
        all[text_of("W3.", T, ".rnn")] = [T] { return recurrence(T, false); };
        all[text_of("W3.", T, ".cell")] = [T] { return recurrence(T, true); };
    }
    for (const Index n : {512, 1024, 2048, 4096}) {
        all[text_of("W5.", n)] = [n] { return attention_forward(n, false); };
        all[text_of("W5.", n, ".causal")] = [n] { return attention_forward(n, true); };
        all[text_of("own.attention.", n)] = [n] { return attention_trained(n); };
    }
    return all;
}

}    // namespace

Run prepare_workload(const std::string& name) {
    const auto all = all_workloads();
    const auto found = all.find(name);
    require<OptionError>(found != all.end(), "there is no workload '", name, "'; bench/plan.py has their names");
    return found->second();
}

}    // namespace ordinal::bench
