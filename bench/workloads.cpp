#include "bench/ordinal_side.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <sstream>

#include <ordinal/core/error.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/nn/generate.h>
#include <ordinal/nn/recurrent.h>
#include <ordinal/nn/sequential.h>
#include <ordinal/positional/registry.h>
#include <ordinal/pretrained/sentence_vectors.h>
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

// Matrix products C = A B, [m, k][k, n]. "gemm.NT.2048.256.512.1": which operand lies transposed (NN none, NT B as in a
// forward pass with W [out, in], TN A as in the gradient of a weight); m, n, k; how many.
Run product(std::string name) {
    std::ranges::replace(name, '.', ' ');
    std::istringstream in(name);
    std::string gemm, lies;
    Index m = 0, n = 0, k = 0, batch = 0;
    in >> gemm >> lies >> m >> n >> k >> batch;
    require<OptionError>(!in.fail(), "expected 'gemm.NN.m.n.k.batch', got '", name, "'");
    Rng rng(0);
    const NdArray a = random_normal(lies == "TN" ? Shape{batch, k, m} : Shape{batch, m, k}, 1, rng);
    const NdArray b = random_normal(lies == "NT" ? Shape{batch, n, k} : Shape{batch, k, n}, 1, rng);
    return [A = lies == "TN" ? transpose(a) : a, B = lies == "NT" ? transpose(b) : b] { matmul(A, B); };
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
    Rng rng(0);
    const Sequential net{Linear(2, 16, rng), relu, Linear(16, 16, rng), relu, Linear(16, 1, rng)};
    const auto optimizer = std::make_shared<Sgd>(net);
    NdArray side = zeros({points, 1});
    Scalar* sign = side.mutable_data();
    for (Index i = 0; i < points; ++i) sign[i] = rng.chance(0.5) ? 1 : -1;
    return [=, x = Tensor(random_normal({points, 2}, 1, rng)), y = Tensor(side)] {
        optimizer->clear_gradients();
        mean(relu(1 - y * net.forward(x))).backward();
        optimizer->step(0.05);
    };
}

// W5: softmax(Q K^T / 8) V alone, Q, K, V: [1, 4, n, 64]; causal: query i sees the keys 0 .. i.
Run attention_forward(Index n, bool causal) {
    Rng rng(0);
    const auto draw = [&] { return Tensor(random_normal({1, 4, n, 64}, 1, rng)); };
    return without_gradients([=, q = draw(), k = draw(), v = draw()] { attention(q, k, v, {.causal = causal}); });
}
Run causal_attention_trained(Index n) {
    Rng rng(0);
    const auto draw = [&] { return random_parameter({1, 4, n, 64}, rng); };
    return [=, q = draw(), k = draw(), v = draw(), d_out = random_normal({1, 4, n, 64}, 1, rng)] {
        attention(q, k, v, {.causal = true}).backward(d_out);
        for (const Tensor& leaf : {q, k, v}) leaf.clear_grad();
    };
}

// W6: position encodings, 512 positions of width 768, alone or added to x: [16, 512, 768].
constexpr Index length = 512, width = 768;
constexpr const char *table = "table", *sinusoid = "sinusoidal", *rnn = "rnn(init=orthogonal)";

std::shared_ptr<Encoding> scheme_named(const char* name, Rng& rng) {
    return make_encoding(name, {.d_model = width, .max_length = length}, rng);
}
Run codes_of(const char* name) {
    Rng rng(0);
    return without_gradients(
        [scheme = scheme_named(name, rng), ids = Positions::arange(length)] { scheme->vectors(ids); });
}
Run codes_added(const char* name) {
    Rng rng(0);
    return without_gradients([scheme = scheme_named(name, rng), ids = Positions::arange(length),
                              x = Tensor(random_normal({16, length, width}, 1, rng))] {
        scheme->apply_to_input(x, ids, Mode::evaluation());
    });
}
Run recursion_trained() {
    Rng rng(0);
    const auto scheme = scheme_named(rnn, rng);
    return [=, leaves = tensors_of(*scheme), ids = Positions::arange(length)] {
        const Tensor p = scheme->vectors(ids);
        differentiate(mean(p * p), leaves);
    };
}

// A causal BERT-mini that keeps keys and values writes 112 tokens behind 16, always the likeliest one.
Run generation() {
    struct Writer {
        Rng rng{0};
        Transformer model = bert_mini(rng, true);
        IndexArray prompt = random_tokens(1, 16, bert_mini_tokens, rng);
    };
    return [writer = std::make_shared<Writer>()] {
        generate(writer->model, writer->prompt, 112, {.temperature = 0}, writer->rng);
    };
}

// A published BERT, in the folder that the environment variable ORDINAL_MINILM names.
std::string folder() {
    const char* named = std::getenv("ORDINAL_MINILM");
    require<OptionError>(named != nullptr, "a published BERT needs its folder: ./go bench --bert FOLDER");
    return named;
}

// Hidden states of so many texts of the same length.
Run reading(Index texts, Index tokens) {
    Rng rng(0);
    const Bert bert = read_bert(folder());
    const IndexArray ids = random_tokens(texts, tokens, bert.model.vocab_size(), rng);
    return without_gradients([=] { bert.model.forward(ids, Mode::evaluation()); });
}

// 512 new rows of positions learn, all else is frozen: 16 texts of 48 tokens that stand there shall have given vectors.
// loss = 1 - mean(vector given^T)
class RowTraining {
public:
    void step() {
        const Positions positions = Positions::arange(tokens, rng_.below(num_rows - tokens));
        const Tensor h = bert_.model.forward(ids_, Mode::evaluation(), {.positions = positions});
        const Tensor loss = 1 - mean(sum(sentence_vectors(h, {}, Pooling::mean) * given_, -1));
        optimizer_.clear_gradients();
        loss.backward();
        optimizer_.step(2e-3);
    }

private:
    static constexpr Index texts = 16, tokens = 48, num_rows = 512;

    Rng rng_{0};
    Index d_model_ = read_bert_config(folder() + "/config.json").model.encoder.d_model;
    std::shared_ptr<LearnedTable> rows_ = std::make_shared<LearnedTable>(num_rows, d_model_, rng_);
    Bert bert_ = read_bert(folder(), {.position = rows_, .frozen = true});
    IndexArray ids_ = random_tokens(texts, tokens, bert_.model.vocab_size(), rng_);
    Tensor given_{random_normal({texts, d_model_}, 1, rng_)};
    Adam optimizer_{*rows_};
};

std::map<std::string, std::function<Run()>> all_workloads() {
    std::map<std::string, std::function<Run()>> all{
        {"W1", training_step},
        {"W2", forward_pass},
        {"W4.ops16", sixteen_numbers},
        {"W4.mlp", [] { return small_mlp(100); }},
        {"W4.mlp1", [] { return small_mlp(1); }},
        {"W6.sin", [] { return codes_of(sinusoid); }},
        {"W6.rnn", [] { return codes_of(rnn); }},
        {"W6.rnn_train", recursion_trained},
        {"W6.lookup_bcast", [] { return codes_added(table); }},
        {"generate", generation},
        {"bert.batch", [] { return reading(32, 128); }},
        {"bert.one", [] { return reading(1, 16); }},
        {"bert.rows", [] { return [training = std::make_shared<RowTraining>()] { training->step(); }; }},
    };
    for (const Index T : {128, 512, 2048}) {
        all[text_of("W3.", T, ".rnn")] = [T] { return recurrence(T, false); };
        all[text_of("W3.", T, ".cell")] = [T] { return recurrence(T, true); };
    }
    for (const Index n : {512, 1024, 2048, 4096}) {
        all[text_of("W5.", n)] = [n] { return attention_forward(n, false); };
        all[text_of("W5.", n, ".causal")] = [n] { return attention_forward(n, true); };
        all[text_of("W5.", n, ".causal_trained")] = [n] { return causal_attention_trained(n); };
    }
    return all;
}

}    // namespace

Run prepare_workload(const std::string& name) {
    if (name.starts_with("gemm.")) return product(name);
    const auto all = all_workloads();
    const auto found = all.find(name);
    require<OptionError>(found != all.end(), "there is no workload '", name, "'; bench/plan.py has their names");
    return found->second();
}

}    // namespace ordinal::bench
