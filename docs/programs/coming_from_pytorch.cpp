// The names of docs/coming-from-pytorch.md on our side, each used once.
#include <filesystem>
#include <iostream>

#include <ordinal/core/grad_check.h>
#include <ordinal/nn.h>
#include <ordinal/positional.h>

using namespace ordinal;

// A model of one's own lists its parts, and so its parameters.
class Net : public Module {
public:
    explicit Net(Rng& rng) : first_(4, 8, rng), drop_(0.1), second_(8, 3, rng) {}
    Tensor forward(const Tensor& x, const Mode& mode) const {
        return second_.forward(drop_.forward(relu(first_.forward(x)), mode));
    }
    Parameters parameters() const override { return parameters_of({{"first", first_}, {"second", second_}}); }

private:
    Linear first_;
    Dropout drop_;
    Linear second_;
};

void tensors(Rng& rng) {
    Tensor x({{1, 2, 3}, {4, 5, 6}});
    const Tensor y(random_normal({3, 4}, 1, rng)), z(random_uniform({2, 3}, 0, 1, rng));
    NdArray a = zeros({2, 3});
    const NdArray numbers[] = {ones({2, 3}), full({2, 3}, 7), NdArray::arange(6)};
    const IndexArray ids{{2, 0}, {1, 1}};
    std::cout << x.shape() << " has " << x.ndim() << " axes, the last one of " << x.dim(-1) << "; all " << x.size()
              << " add up to " << sum(x).item() << "\n";
    a.set({0, 1}, 5);
    x = x + Tensor(numbers[0]);
    const NdArray hidden = x.values() > 4;
    std::cout << mean(x, -1) << " is " << squeeze(mean(x, -1), -1) << " with its axis dropped\n";
    const Tensor others[] = {reshape(x, {3, -1}),
                             transpose(x),
                             permute(x, {1, 0}),
                             unsqueeze(x, 0),
                             broadcast_to(x, {2, 2, 3}),
                             x[0],
                             slice(x, 1, {1, 3}),
                             concat({x, z}, 0),
                             stack({x, z}, 0),
                             matmul(x, y),
                             softmax(x),
                             max(x, -1),
                             exp(z),
                             log(z),
                             sqrt(z),
                             pow(z, 2),
                             clamp(z, 0, 1),
                             maximum(x, z),
                             masked_fill(x, hidden, 0),
                             where(hidden, x, z),
                             gather_rows(x, IndexArray{1, 1, 0})};
    std::cout << unstack(x, 0).size() << " rows, " << std::size(others) << " other tensors, " << ids.size() << " ids, "
              << argmax_last(x.values()) << " are the largest places\n";
}

void gradients(Rng& rng) {
    const Tensor w = Tensor::parameter(random_normal({3}, 1, rng));
    const Tensor loss = sum(w * w) + sum(w.detach());
    loss.backward();
    std::cout << "the gradient is there: " << w.has_grad() << w.grad().shape() << "\n";
    w.clear_grad();
    {
        const NoGrad guard;
        sum(w * w);
    }
    const TraceNan tracing;
    const auto square = [](const std::vector<Tensor>& in) {    // an operation of one's own, with its derivative
        const Tensor& v = in[0];
        return Tensor::from_op("square", v.values() * v.values(), {v},
                               [v](const NdArray& d_out) { v.accumulate_grad(2 * v.values() * d_out); });
    };
    const GradCheck check = grad_check(square, {w}, rng, 1e-2);    // to pass, it needs the digits of double
    std::cout << (check.passed ? "the derivative is right" : check.report) << "\n";
}

void layers(Rng& rng) {
    const Tensor x(random_normal({2, 5, 8}, 1, rng)), h0(zeros({2, 8}));
    const IndexArray ids{{3, 1, 4, 1, 5}, {2, 6, 5, 0, 0}};
    const Sequential net{Linear(8, 16, rng), gelu, Linear(16, 8, rng), LayerNorm(8)};
    const Embedding table(10, 8, rng);
    const Dropout drop(0.1);
    const MultiHeadAttention heads(8, 2, rng);
    const RnnCell rnn(8, 8, rng);
    const GruCell gru(8, 8, rng);
    const Mode evaluation = Mode::evaluation(), training = Mode::training(rng);
    drop.forward(net.forward(table.forward(ids)), training);
    heads.forward(x, evaluation, {.causal = true, .padding = padding_mask(ids, 0)});
    gru.run(rnn.run(x, h0), h0);
    Net(rng).forward(Tensor(zeros({2, 4})), training);
    const auto split = [&] { return Tensor(random_normal({2, 2, 5, 4}, 1, rng)); };
    attention(split(), split(), split(), {.causal = true});

    const TransformerOptions options{.d_model = 8, .num_heads = 2, .d_ff = 16, .num_layers = 2, .causal = true};
    const TransformerEncoder encoder(options, rng, make_encoding("rope", {.d_model = 8, .num_heads = 2}, rng));
    const AdamW frozen_table({ParameterGroup{.parameters = table.parameters(), .learning_rate_factor = 0},
                              ParameterGroup{.parameters = encoder.parameters()}});
    encoder.forward(x, evaluation);
    const Transformer gpt({.vocab_size = 10, .encoder = options}, rng, make_encoding("alibi", {.num_heads = 2}, rng));
    Activations seen;
    gpt.forward(ids, evaluation, {.watch = {&seen}});
    const IndexArray more = generate(gpt, ids, 3, {.temperature = 0.8, .top_k = 5}, rng);
    std::cout << more.shape << " new tokens; " << seen.names().size() << " arrays were watched\n";
}

void training() {
    Rng rng(1);
    set_num_threads(1);
    const Net net(rng), twin(rng);    // a copy, Net twin = net, would share the parameters
    for (std::size_t i = 0; i < net.parameters().size(); ++i)
        twin.parameters()[i].tensor.set_values(net.parameters()[i].tensor.values());
    const Sgd sgd(net, 0.9);
    const Adam adam(net);
    AdamW optimizer({ParameterGroup{.parameters = net.parameters(), .weight_decay = 0.1}});
    const Tensor x(random_normal({6, 4}, 1, rng));
    const IndexArray labels{0, 1, 2, 0, 1, -1};    // -1: not counted
    for (Index step = 0; step < 100; ++step) {
        const Tensor loss = cross_entropy(net.forward(x, Mode::training(rng)), labels);
        optimizer.clear_gradients();
        loss.backward();
        clip_gradients(net, 1);
        optimizer.step(warmup_cosine(step, 100, 3e-2, 10));
    }
    const Tensor logits = net.forward(x, Mode::evaluation());
    std::cout << "accuracy " << accuracy(logits.values(), labels) << ", error " << (mse_loss(logits, logits).item())
              << "\n";

    const std::string path = std::filesystem::temp_directory_path() / "coming_from_pytorch.safetensors";
    save_checkpoint(path, net, optimizer, rng, 100);
    std::cout << load_checkpoint(path, net, optimizer, rng) << " steps were taken, and can go on\n";
    load_parameters(path, net, {.prefix = "model.", .rename = {{"gamma", "weight"}}});
    save_parameters(path, net);
    save_safetensors(path, {{"logits", logits.values()}});
    std::cout << load_safetensors(path)[0].first << ", optimizer " << optimizer.state_dict().optimizer << "\n";
    std::filesystem::remove(path);
}

int main() {
    Rng rng(1);
    tensors(rng);
    gradients(rng);
    layers(rng);
    training();
}
