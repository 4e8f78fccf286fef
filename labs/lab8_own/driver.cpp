#include "driver.h"

#include "own.h"

using namespace ordinal;
using lab::to_ordinal;
using lab::to_wire;

namespace {

constexpr EncodingRequest small{.d_model = 16, .max_length = 64, .num_heads = 2};

std::shared_ptr<Encoding> own() {
    Rng rng(7);
    return make_encoding("own", small, rng);
}

// [1, T, D], the first T of the tokens that this seed draws.
Tensor tokens(Index T, Index seed) {
    Rng rng(static_cast<std::uint64_t>(seed));
    return Tensor(slice(random_normal({1, std::max<Index>(T, 256), small.d_model}, 1, rng), 1, 0, T));
}

struct Effect {
    Tensor input, scores;    // [T, D], [T, T]: the mean over the heads
};

// What a scheme does to a sequence, wherever it acts. Queries and keys are cut out of the tokens. scheme: or none
Effect effect(const Encoding* scheme, const Tensor& x, const Positions& positions) {
    const Index T = x.dim(1), H = small.num_heads, d = small.d_model / H;
    const Tensor heads = permute(reshape(x, {1, T, H, d}), {0, 2, 1, 3});
    QueryKeyValue qkv{heads, heads * 0.5, heads};
    const AttentionContext context{positions, x};
    Tensor y = x, bias;
    if (scheme != nullptr) {
        y = scheme->apply_to_input(x, positions, Mode::evaluation());
        const ScoreBias added = scheme->score_bias(qkv, context);
        if (added.defined()) bias = added.rows(added.sources, 0, T);
        qkv = scheme->apply_to_queries_and_keys(qkv, context);
    }
    Tensor scores = matmul(qkv.query, transpose(qkv.key));
    if (bias.defined()) scores = scores + maximum(bias, Tensor(-1e9));    // a hidden token is no infinity here
    return {reshape(y, {T, small.d_model}), reshape(mean(scores, 1), {T, T})};
}

void give(lab::Call& call, const Effect& e) {
    call.give(to_wire(e.input.values()));
    call.give(to_wire(e.scores.values()));
}

Positions positions(lab::Call& call) { return Positions::of(call.array().values); }

const Transformer& model(const std::string& scheme, const std::string& kind, Index number) {
    static std::map<std::string, Transformer> all;
    const std::string key = text_of(scheme, " on ", kind, number);
    if (const auto found = all.find(key); found != all.end()) return found->second;
    Rng rng(1);
    const Transformer fresh = lab::small_model(make_encoding(scheme, lab::sizes, rng), rng);
    lab::train(fresh,
               kind == "off"   ? lab::off(number)
               : kind == "mod" ? lab::mod(number)
                               : lab::marker(number),
               {}, rng);
    return all.emplace(key, fresh).first->second;
}

const lab::Function trained("trained", [](lab::Call& call) {
    const std::string scheme = call.text(), kind = call.text();
    const Index number = call.index();
    call.give(to_wire(lab::answers(model(scheme, kind, number), lab::to_index_array(call.array()))));
});

// How alike are the codes of two positions: cosines of what is added at the input; else the scores of equal tokens.
const lab::Function kernel("kernel", [](lab::Call& call) {
    const Index T = call.index();
    const auto scheme = own();
    const Tensor alike(ones({1, T, small.d_model}));
    const Effect e = effect(scheme.get(), alike, Positions::arange(T));
    if (!includes(scheme->traits().place, Place::input)) return call.give(to_wire(e.scores.values()));
    const NdArray codes = e.input.values() + full({1, small.d_model}, -1);
    const NdArray lengths = sqrt(sum(codes * codes, 1) + 1e-12);
    call.give(to_wire(matmul(codes / lengths, transpose(codes / lengths))));
});

}    // namespace

#ifdef TASK_contract
const lab::Function traits("traits", [](lab::Call& call) {
    const Traits t = own()->traits();
    call.give(static_cast<double>(t.max_length.value_or(-1)));
    call.give(static_cast<double>(t.ids));
    call.give(static_cast<double>(t.depth));
    for (const bool promise : {t.content_dependent, t.length_dependent, t.distinct, t.streams}) call.give(promise);
    call.give(t.source);
});

const lab::Function on_tokens("effect", [](lab::Call& call) {
    const Positions ids = positions(call);
    const Tensor x = tokens(ids.size(), call.index());
    give(call, effect(own().get(), x, ids));
});

const lab::Function untouched("untouched", [](lab::Call& call) {
    const Index T = call.index();
    give(call, effect(nullptr, tokens(T, call.index()), Positions::arange(T)));
});

// What the first token would be at place `which` of these positions: its code there, added to it.
const lab::Function apart("apart", [](lab::Call& call) {
    const Index which = call.index();
    const Positions ids = positions(call);
    const NdArray first = tokens(1, call.index()).values();
    const Tensor x(broadcast_to(first, {1, ids.size(), small.d_model}));
    call.give(to_wire(effect(own().get(), x, ids).input.values()[which]));
});

const lab::Function streamed("streamed", [](lab::Call& call) {
    const Index T = call.index();
    const Tensor x = tokens(T, call.index());
    const auto scheme = own();
    const auto stream = scheme->stream();
    std::vector<Tensor> parts;
    for (Index t = 0; t < T; ++t) parts.push_back(stream->next(slice(x, 1, t, t + 1)));
    call.give(to_wire(reshape(concat(parts, 1), {T, small.d_model}).values()));
});

const lab::Function depth("depth", [](lab::Call& call) {
    const Index T = call.index();
    const Effect e = effect(own().get(), tokens(T, 1), Positions::arange(T));
    call.give(static_cast<double>(std::max(graph_depth(e.input), graph_depth(e.scores))));
});
#endif

#ifdef TASK_learns
// The name of each parameter, and its largest gradient of a random sum of all that the scheme changes.
const lab::Function gradients("gradients", [](lab::Call& call) {
    Rng rng(static_cast<std::uint64_t>(call.index()));
    const auto scheme = own();
    const Effect e = effect(scheme.get(), tokens(12, 3), Positions::arange(12));
    const Tensor loss = sum(e.input * Tensor(random_normal(e.input.shape(), 1, rng))) +
                        sum(e.scores * Tensor(random_normal(e.scores.shape(), 1, rng)));
    if (loss.requires_grad()) loss.backward();
    for (const auto& [name, tensor] : scheme->parameters()) {
        call.give(name);
        call.give(tensor.has_grad() ? static_cast<double>(max(reshape(abs(tensor.grad()), {tensor.size()}), 0).item())
                                    : 0);
    }
});
#endif

int main() { return lab::serve(); }
