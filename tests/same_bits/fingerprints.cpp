// What this build computes, to the last bit: a line for each kind of work, its name and a fingerprint of all numbers
// that came out. Two builds that print the same line compute the same bits there. tests/same_bits/compare runs the
// program as it was built for several systems; the table in docs/07-why-it-is-fast.md says what is promised.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

#include <ordinal/core/ops.h>
#include <ordinal/nn/model.h>
#include <ordinal/nn/optimizer.h>
#include <ordinal/positional/registry.h>

using namespace ordinal;

namespace {

// FNV-1a, 64 bits, over the bytes of the numbers as they lie in memory: the low byte first on all of these machines.
class Fingerprint {
public:
    void add(const NdArray& numbers) {
        for (const Scalar number : numbers.to_vector()) {
            unsigned char bytes[sizeof number];
            std::memcpy(bytes, &number, sizeof number);
            for (const unsigned char byte : bytes) hash_ = (hash_ ^ byte) * 0x100000001b3;
        }
    }
    void print(const std::string& name) const {
        char digits[17];
        std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash_));
        std::cout << digits << "  " << name << std::endl;
    }

private:
    std::uint64_t hash_ = 0xcbf29ce484222325;
};

void print(const std::string& name, const NdArray& numbers) {
    Fingerprint all;
    all.add(numbers);
    all.print(name);
}

// The values of y and the gradients of what it is made from.
void print(const std::string& name, const Tensor& y, const std::vector<Tensor>& from) {
    Rng rng(3);
    y.backward(random_uniform(y.shape(), -1, 1, rng));
    Fingerprint all;
    all.add(y.values());
    for (const Tensor& x : from) {
        all.add(x.grad());
        x.clear_grad();
    }
    all.print(name);
}

// Three steps of a small Transformer: what it says in the end and what has become of its parameters.
void print_training(const std::string& scheme) {
    Rng rng(5);
    const Index D = 16, H = 2, T = 20, V = 11;
    const Transformer model(
        {.vocab_size = V, .encoder = {.d_model = D, .num_heads = H, .d_ff = 32, .num_layers = 2, .input_norm = true}},
        rng, make_encoding(scheme, {.d_model = D, .max_length = 32, .num_heads = H}, rng));
    std::vector<Index> tokens;
    for (Index i = 0; i < 2 * T; ++i) tokens.push_back(rng.below(V));
    const IndexArray ids({2, T}, tokens);
    Adam optimizer(model);
    Fingerprint all;
    for (int step = 0; step < 3; ++step) {
        optimizer.clear_gradients();
        const Tensor loss = cross_entropy(model.forward(ids, Mode::training(rng)), ids);
        loss.backward();
        optimizer.step(warmup_cosine(step, 3, 0.01, 1));
        all.add(loss.values());
    }
    for (const auto& [name, tensor] : model.parameters()) all.add(tensor.values());
    all.print("training with " + scheme);
}

}    // namespace

int main() {
    Rng rng(1);
    const auto drawn = [&](const Shape& shape, double most) {
        return Tensor::parameter(random_uniform(shape, -most, most, rng));
    };
    const Tensor x = drawn({33, 100}, 8), y = drawn({33, 100}, 8), gamma = drawn({100}, 1), beta = drawn({100}, 1);
    std::vector<Index> targets;
    for (Index i = 0; i < 33; ++i) targets.push_back(rng.below(100));

    print("uniform draws", x.values());
    print("normal draws", random_normal({1000}, 1, rng));
    print("arithmetic", x * y + x / y - sqrt(relu(x) + 1), {x, y});
    print("sums", mean(x, 0) + sum(x * y, 0) + max(x, 0), {x, y});
    print("exp, tanh, GELU", exp(x) + tanh(x) + gelu(x), {x});
    print("sin, cos", sin(x) + cos(x), {x});
    print("log", log(relu(x) + 1), {x});
    print("log1p", log1p(relu(x)), {x});
    print("softmax", softmax(x), {x});
    print("layer norm", layer_norm(x, gamma, beta, 1e-5), {x, gamma, beta});
    print("cross-entropy", cross_entropy(x, IndexArray({33}, targets)), {x});
    for (const Index k : {1, 100, 5000}) {    // a chain, several, and so many that their sum is kept in double
        const Tensor A = drawn({37, k}, 1), B = drawn({k, 50}, 1);
        print("products of " + std::to_string(k), matmul(A, B), {A, B});
    }
    const Tensor heads = drawn({2, 2, 70, 8}, 1);
    print("attention", attention(heads, heads, heads, {.causal = true}), {heads});
    for (const std::string& scheme : encoding_names()) print_training(scheme);
}
