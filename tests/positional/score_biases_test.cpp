// What every scheme that biases scores keeps, whatever it is called: run over all that are registered.
#include <doctest/doctest.h>

#include <ordinal/positional/biases/distances.h>
#include "tests/positional/attending.h"
#include "tests/positional/contract.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

constexpr EncodingRequest long_texts{.d_model = 8, .max_length = 200, .num_heads = 2};

// Every form of every biasing scheme.
std::vector<std::string> biases() {
    std::vector<std::string> all{"alibi(form=one_sided)",
                                 "t5(sides=past)",
                                 "t5(buckets=8, max_distance=20)",
                                 "t5",
                                 "shaw(clip=3)",
                                 "kerple(kernel=power)",
                                 "fire(threshold=4)",
                                 "cope(counts=3)",
                                 "alibi(log_n=16)",
                                 "shaw(log_n=16)",
                                 "cope(log_n=16)",
                                 "rope(group=3, window=4)"};
    for (const std::string& name : encoding_names())
        if (made(name, long_texts)->traits().place == Place::scores) all.push_back(name);
    return all;
}

// A batch of tokens, and heads made of them (the keys from the tokens backwards) that carry gradients.
struct Batch {
    Tensor x;
    QueryKeyValue qkv;
};
Batch batch(Index T) {
    Rng rng(5);
    const Tensor x = random_parameter({2, T, 8}, rng);
    const auto heads = [&] { return random_parameter({2, 2, T, 4}, rng); };
    const Tensor q = heads(), k = heads(), v = heads();
    return {x, {q, k, v}};
}

// The output and all gradients of one kind of attention under the scheme's bias. blocks: where it began to ask for
// rows.
std::vector<NdArray> run(const Encoding& encoding, const Batch& b, decltype(attention)* attend, const NdArray& mask,
                         std::set<Index>* blocks = nullptr) {
    const Positions positions = Positions::arange(b.x.dim(1));
    const QueryKeyValue rotated = encoding.apply_to_queries_and_keys(b.qkv, {positions, b.x});
    ScoreBias bias = encoding.score_bias(b.qkv, {positions, b.x});
    if (blocks != nullptr)
        bias.rows = [blocks, rows = bias.rows](const std::vector<Tensor>& sources, Index begin, Index end) {
            blocks->insert(begin);
            return rows(sources, begin, end);
        };
    const Tensor out = attend(rotated.query, rotated.key, rotated.value, {.mask = mask, .bias = bias});
    Rng rng(6);
    out.backward(random_normal(out.shape(), 1, rng));
    std::vector<NdArray> all{out.values()};
    Parameters inputs{{"x", b.x}, {"q", b.qkv.query}, {"k", b.qkv.key}, {"v", b.qkv.value}};
    for (const auto& parameter : encoding.parameters()) inputs.push_back(parameter);
    for (const auto& [name, tensor] : inputs) {
        all.push_back(tensor.has_grad() ? tensor.grad() : NdArray(tensor.shape()));
        tensor.clear_grad();
    }
    return all;
}

// The numbers of the largest tensor that the last block of rows takes, of all that are in its graph.
Index largest_tensor(const Encoding& encoding, Index T, Index rows) {
    const Batch b = batch(T);
    const Positions positions = Positions::arange(T);
    const ScoreBias bias = encoding.score_bias(b.qkv, {positions, b.x});
    std::vector<Tensor> sources;    // leaves with the same values, as attention's backward has them
    for (const Tensor& source : bias.sources) sources.push_back(Tensor::parameter(source.values()));
    const Tensor block = bias.rows(sources, T - rows, T);
    std::vector<const Node*> open{block.node().get()};
    Index largest = 0;
    while (!open.empty()) {
        const Node* node = open.back();
        open.pop_back();
        largest = std::max(largest, node->values.size());
        for (const Tensor& input : node->inputs) open.push_back(input.node().get());
    }
    return largest;
}

}    // namespace

TEST_CASE("with every bias fused attention is what one reads in naive_attention - values and gradients") {
    constexpr Index T = 150;    // more than a block of queries, so that gradients of the sources add up over blocks
    for (const std::string& name : biases()) {
        CAPTURE(name);
        const auto encoding = made(name, long_texts);
        const Batch b = batch(T);
        for (const NdArray& mask : {NdArray(), future(0, T, T)}) {
            std::set<Index> blocks;
            const auto naive = run(*encoding, b, naive_attention, mask);
            const auto fused = run(*encoding, b, attention, mask, &blocks);
            REQUIRE(blocks.size() > 1);
            REQUIRE(fused.size() == naive.size());
            for (std::size_t i = 0; i < fused.size(); ++i) {    // gradients are sums of 2 T T terms, in other orders
                CAPTURE(i);
                CHECK(largest_error(fused[i], naive[i]) <= tolerance(5e-5, 1e-12));
            }
        }
    }
}

TEST_CASE("every block of rows of a bias is that part of the whole") {
    constexpr Index T = 20;
    for (const std::string& name : biases()) {
        CAPTURE(name);
        const auto encoding = made(name, long_texts);
        const Batch b = batch(T);
        const ScoreBias bias = encoding->score_bias(b.qkv, {Positions::arange(T), b.x});
        const NdArray all = bias.rows(bias.sources, 0, T).values();
        const Index axis = all.ndim() - 2;
        CHECK(all.dim(axis) == T);
        for (const Index begin : {0, 7, 19})
            CHECK(largest_error(bias.rows(bias.sources, begin, T).values(), slice(all, axis, begin, T)) <=
                  tolerance(1e-6, 1e-14));
        CHECK(bias.rows(bias.sources, 3, 4).values().dim(axis) == 1);
    }
}

TEST_CASE("a block of rows takes memory that grows linearly with the length") {
    for (const std::string& name : biases()) {
        if (name == "path") continue;    // a loop over all keys for each block: minutes
        CAPTURE(name);
        const auto encoding = made(name, long_texts);
        const Index at_128 = largest_tensor(*encoding, 128, 4), at_1024 = largest_tensor(*encoding, 1024, 4);
        CHECK(at_1024 <= 8 * at_128);
        CHECK(at_1024 < 1024 * 1024);
    }
}

TEST_CASE("a bias that is causal only hides the future without any mask") {
    constexpr Index T = 9;
    for (const std::string& name : biases()) {
        CAPTURE(name);
        const auto encoding = made(name, long_texts);
        const Batch b = batch(T);
        const NdArray bare = run(*encoding, b, attention, NdArray())[0];
        const NdArray masked = run(*encoding, b, attention, future(0, T, T))[0];
        CHECK((largest_error(bare, masked) == 0) == encoding->traits().causal_only);
    }
}

TEST_CASE("schemes inside attention keep their promises with options too") {
    std::vector<std::string> all = biases();
    for (const std::string specification :
         {"rope(layout=half)", "rope(base=100)", "rope(scaling=linear, factor=4)", "rope(scaling=ntk, factor=4)",
          "rope(scaling=yarn, factor=4, trained=16)", "rope(log_n=16)", "xpos(scale=64)"})
        all.push_back(specification);
    for (const std::string& specification : all) {
        CAPTURE(specification);
        CHECK(Contract(*made(specification, long_texts), long_texts).broken() == "");
        if (is_double) CHECK(wrong_encoding_gradients(*made(specification, long_texts), long_texts) == "");
    }
}
