// What every encoding promises by its interface and its traits - checked on the encoding itself, not believed.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "positional/examples.h"
#include "positional/graph_depth.h"
#include "positional/kernel.h"
#include "positional/registry.h"
#include "tests/nn/testing.h"

namespace ordinal::testing {

// What a scheme does to a sequence, wherever it acts.
struct Effect {
    Tensor input;     // the embeddings after the scheme: [B, T, D]
    Tensor scores;    // the scores before the softmax:   [B, H, T, T]
};

// Queries and keys are cut out of the tokens themselves (the keys backwards, so that they differ from the queries).
inline Effect effect(const Encoding& encoding, const Tensor& x, const Positions& positions, Index num_heads) {
    const Index B = x.dim(0), T = x.dim(1), head_dim = x.dim(2) / num_heads;
    const auto heads = [&](const Tensor& t) { return permute(reshape(t, {B, T, num_heads, head_dim}), {0, 2, 1, 3}); };
    std::vector<Tensor> backwards = unstack(x, 2);
    std::reverse(backwards.begin(), backwards.end());
    const Tensor keys = stack(backwards, 2);
    const QueryKeyValue turned = encoding.turn({heads(x), heads(keys), heads(x)}, positions);
    Tensor scores = matmul(turned.query, transpose(turned.key));    // [B, H, T, T]
    scores = scores * static_cast<Scalar>(1 / std::sqrt(static_cast<double>(head_dim)));
    const ScoreBias bias = encoding.score_bias(turned, x, positions);
    if (bias.defined()) scores = scores + bias.rows(bias.sources, 0, T);
    return {encoding.apply_to_input(x, positions, Mode::evaluation()), scores};
}

class Contract {
public:
    // request: the one that the encoding was made for.
    Contract(const Encoding& encoding, const EncodingRequest& request)
        : encoding_(encoding), traits_(encoding.traits()), D_(request.d_model), H_(request.num_heads) {}

    // Empty when all promises hold, else the broken ones.
    std::string broken() {
        check_names();
        check_places();
        check_bound();
        check_ids();
        check_short_sequences();
        check_growing_sequences();
        check_streaming();
        check_batches();
        check_content();
        check_translation();
        check_future();
        check_depth();
        check_stories();
        return broken_;
    }

private:
    struct Seen {
        NdArray input, scores;    // see Effect
    };

    void promise(bool kept, const std::string& what) {
        if (!kept) broken_ += what + "; ";
    }

    NdArray tokens(Index length, std::uint64_t seed = 1, Index batch = 1) const {
        Rng rng(seed);
        return random_normal({batch, length, D_}, 1, rng);
    }
    Seen see(const NdArray& x, const Positions& positions) const {
        NoGrad guard;
        const Effect e = effect(encoding_, Tensor(x), positions, H_);
        return {e.input.values(), e.scores.values()};
    }
    Seen see(const NdArray& x) const {    // with the ids that a model would use
        return see(x, encoding_.assign(Positions::arange(x.dim(1)), Mode::evaluation()));
    }

    static double gap(const Seen& a, const Seen& b) {
        return std::max(largest_error(a.input, b.input), largest_error(a.scores, b.scores));
    }
    // What a longer sequence says about its first tokens.
    static Seen first(const Seen& all, Index length) {
        return {slice(all.input, 1, 0, length), slice(slice(all.scores, 2, 0, length), 3, 0, length)};
    }

    // Does the scheme take these ids? No: it throws PositionOutOfRange. Any other exception fails the test.
    bool accepts(const Positions& positions) const {
        try {
            NoGrad guard;    // the last row of scores stands for all: a bound may be too far for [T, T]
            const Index T = positions.size();
            const Tensor x(tokens(T));
            const QueryKeyValue turned = encoding_.turn(example_heads(T, H_, D_ / H_), positions);
            const ScoreBias bias = encoding_.score_bias(turned, x, positions);
            return all_finite(encoding_.apply_to_input(x, positions, Mode::evaluation()).values()) &&
                   all_finite(turned.query.values()) && all_finite(turned.key.values()) &&
                   (!bias.defined() || all_finite(bias.rows(bias.sources, T - 1, T).values()));
        } catch (const PositionOutOfRange&) {
            return false;
        }
    }

    void check_names() {
        std::set<std::string> all;
        for (const std::string& name : names(encoding_))
            promise(all.insert(name).second, "two parameters are called " + name);
        promise(!traits_.source.empty(), "no source is given");
    }

    void check_places() {
        const NdArray x = tokens(5);
        const QueryKeyValue qkv = example_heads(5, H_, D_ / H_);
        const QueryKeyValue turned = encoding_.turn(qkv, Positions::arange(5));
        const bool at_queries = !same_numbers(turned.query.values(), qkv.query.values()) ||
                                !same_numbers(turned.key.values(), qkv.key.values());
        const bool at_scores = encoding_.score_bias(qkv, Tensor(x), Positions::arange(5)).defined();
        promise(!same_numbers(see(x).input, x) == (traits_.place == Place::input), "place: input");
        promise(at_queries == (traits_.place == Place::queries_and_keys), "place: queries and keys");
        promise(at_scores == (traits_.place == Place::scores), "place: scores");
    }

    void check_bound() {
        constexpr Index usual = 16;
        if (!traits_.max_length) return promise(accepts(Positions::arange(10 * usual)), "unbounded");
        promise(accepts(Positions::arange(*traits_.max_length)), "its last position exists");
        promise(!accepts(Positions::arange(*traits_.max_length + 1)), "nothing exists past max_length");
    }

    void check_ids() {
        promise(accepts(Positions::of({0.5, -2})) == (traits_.ids == AcceptedIds::any), "ids: any");
        promise(accepts(Positions::of({7, 3, 3})) == (traits_.ids != AcceptedIds::consecutive), "ids: any order");
        promise(accepts(Positions::arange(4)), "ids: 0 1 2 3");
    }

    void check_short_sequences() {
        promise(see(tokens(1)).input.shape() == Shape{1, 1, D_}, "one token");
        try {    // none: either none comes back, or a sentence
            promise(see(tokens(0)).input.shape() == Shape{1, 0, D_}, "no tokens");
        } catch (const Error& sentence) {
            promise(std::string(sentence.what()).size() > 20, "no tokens: a sentence");
        }
    }

    // Unless it depends on the length, what a scheme says about a token does not change while the sequence grows: no
    // token sees a later one. Where positions do not need each other, a position alone is what it is in its sequence.
    void check_growing_sequences() {
        const Index length = 12;
        const NdArray x = tokens(length);
        const Seen all = see(x);
        double changed = 0;
        for (Index k = 0; k < length; ++k)
            changed = std::max(changed, gap(see(slice(x, 1, 0, k + 1)), first(all, k + 1)));
        promise((changed <= rounding) == !traits_.length_dependent, "length_dependent");
        if (traits_.ids == AcceptedIds::consecutive || traits_.length_dependent) return;
        changed = 0;
        for (Index k = 0; k < length; ++k)
            changed = std::max(changed, largest_error(see(slice(x, 1, k, k + 1), Positions::arange(1, k)).input,
                                                      slice(all.input, 1, k, k + 1)));
        const QueryKeyValue qkv = example_heads(length, H_, D_ / H_);
        const Tensor turned = encoding_.turn(qkv, Positions::arange(length)).query;
        for (Index k = 0; k < length; ++k) {
            const auto one = [&](const Tensor& t) { return slice(t, 2, k, k + 1); };
            const QueryKeyValue alone =
                encoding_.turn({one(qkv.query), one(qkv.key), one(qkv.value)}, Positions::arange(1, k));
            changed = std::max(changed, largest_error(alone.query.values(), one(turned).values()));
        }
        promise(changed <= rounding, "a position alone is what it is in its sequence");
    }

    // One token at a time gives what the whole batch gives.
    void check_streaming() {
        const NdArray x = tokens(12, 3, 2);
        std::unique_ptr<Stream> stream;
        try {
            stream = encoding_.stream();
        } catch (const OptionError&) {
            return promise(traits_.length_dependent, "it streams");
        }
        promise(!traits_.length_dependent, "what depends on the length cannot stream");
        NoGrad guard;
        const NdArray all = see(x).input;
        double worst = 0;
        for (Index k = 0; k < x.dim(1); ++k)
            worst = std::max(
                worst, largest_error(stream->next(Tensor(slice(x, 1, k, k + 1))).values(), slice(all, 1, k, k + 1)));
        promise(worst <= rounding, "streaming equals the batch");
    }

    void check_batches() {
        const NdArray x = tokens(6, 4, 2);
        const Seen both = see(x), alone = see(slice(x, 0, 1, 2));
        promise(gap({slice(both.input, 0, 1, 2), slice(both.scores, 0, 1, 2)}, alone) <= rounding,
                "the sequences of a batch do not see each other");
    }

    void check_content() {
        const NdArray x = tokens(6, 1), other = tokens(6, 2);
        promise(gap(see(x), see(x)) == 0, "the same every time");
        double changed = 0;
        if (traits_.place == Place::input) changed = largest_error(see(x).input - x, see(other).input - other);
        if (traits_.place == Place::scores) {
            const auto bias = [&](const NdArray& t) {
                NoGrad guard;
                const Tensor q = reshape(Tensor(t), {1, 6, H_, D_ / H_}), heads = permute(q, {0, 2, 1, 3});
                const ScoreBias b = encoding_.score_bias({heads, heads, heads}, Tensor(t), Positions::arange(6));
                if (!b.defined()) return NdArray({1});    // it said that it would; check_places has seen it
                return b.rows(b.sources, 0, 6).values();
            };
            changed = largest_error(bias(x), bias(other));
        }
        if (traits_.place != Place::queries_and_keys)
            promise((changed <= rounding) == !traits_.content_dependent, "content_dependent");
        promise(!(traits_.cacheable && traits_.content_dependent), "cacheable");
    }

    // Equal tokens: is the score a function of i - j? Where later starts are accepted, they change no score.
    void check_translation() {
        if (!traits_.translation_invariant) return;
        const Index n = 24;
        const NdArray K = attention_kernel(encoding_, {.length = n, .d_model = D_, .num_heads = H_, .draws = 4});
        double uneven = 0;
        for (Index i = 0; i + 1 < n; ++i)
            for (Index j = 0; j + 1 < n; ++j) {
                const auto a = static_cast<double>(K.at({i, j})), b = static_cast<double>(K.at({i + 1, j + 1}));
                if (!std::isnan(a) || !std::isnan(b)) uneven = std::max(uneven, std::abs(a - b) / (1 + std::abs(a)));
                if (std::isnan(a) != std::isnan(b)) uneven = 1;
            }
        promise(uneven <= 20 * rounding, "translation_invariant");
        if (traits_.ids == AcceptedIds::consecutive || traits_.place == Place::input) return;
        const NdArray x = tokens(8);
        promise(
            largest_error(see(x, Positions::arange(8, 5)).scores, see(x, Positions::arange(8)).scores) <= 20 * rounding,
            "shifted ids leave the scores alone");
    }

    // A scheme with a meaning only where nobody sees the future either hides the future itself (a bias), or its scores
    // are larger ahead than behind (turned queries and keys). All others treat both sides.
    void check_future() {
        const Index n = 12;
        const NdArray K = attention_kernel(encoding_, {.length = n, .d_model = D_, .num_heads = H_, .draws = 4});
        bool all_hidden = true, none_hidden = true, grows = false;
        for (Index i = 0; i < n; ++i)
            for (Index j = 0; j < n; ++j) {
                const bool hidden = std::isnan(K.at({i, j}));
                if (j <= i) promise(!hidden, "the past is visible");
                if (j > i) (hidden ? none_hidden : all_hidden) = false;
                const Scalar ahead = std::abs(K.at({i, j})), behind = std::abs(K.at({j, i}));
                if (j > i && ahead > Scalar(1.001) * behind + Scalar(1e-4)) grows = true;    // 1e-4: both may be 0
            }
        if (traits_.causal_only)
            promise(traits_.place == Place::scores ? all_hidden : grows, "causal_only: what is wrong with the future?");
        else
            promise(none_hidden && (traits_.place != Place::queries_and_keys || !grows), "causal_only");
    }

    void check_depth() {
        const auto depth = [&](Index length) {
            const Tensor x = Tensor::parameter(tokens(length));    // steps over the content are recorded too
            const Effect e = effect(encoding_, x, Positions::arange(length), H_);
            return std::max(graph_depth(e.input), graph_depth(e.scores));
        };
        const Index from_8_to_16 = depth(16) - depth(8), from_16_to_32 = depth(32) - depth(16);
        Depth measured = Depth::constant;
        if (from_8_to_16 > 0) measured = from_16_to_32 == 2 * from_8_to_16 ? Depth::linear : Depth::logarithmic;
        promise(measured == traits_.depth, "depth");
    }

    // What the batch says about position k, in the form of Encoding::explain.
    NdArray told_by_batch(Index k) const {
        NoGrad guard;
        const Positions positions = Positions::arange(k + 1);
        const QueryKeyValue qkv = encoding_.turn(example_heads(k + 1, H_, D_ / H_), positions);
        const NdArray x = example_tokens(k + 1, D_);
        if (traits_.place == Place::queries_and_keys)    // [1, H, T, Dh] -> [Dh]
            return reshape(slice(slice(qkv.query.values(), 1, 0, 1), 2, k, k + 1), {D_ / H_});
        const ScoreBias bias = encoding_.score_bias(qkv, Tensor(x), positions);
        if (bias.defined()) {
            const NdArray row = bias.rows(bias.sources, k, k + 1).values();    // [(B,) H, 1, T]
            return reshape(slice(row, row.ndim() - 3, 0, 1), {k + 1});
        }
        if (const auto* additive = dynamic_cast<const AdditiveEncoding*>(&encoding_))
            return reshape(slice(additive->vectors(positions).values(), 0, k, k + 1), {D_});
        return reshape(slice(see(x).input, 1, k, k + 1), {D_});
    }

    void check_stories() {
        for (const Index k : {0, 1, 5}) {
            std::ostringstream story;
            const NdArray told = encoding_.explain(k, story);
            promise(largest_error(told, told_by_batch(k)) <= rounding, "the story has other numbers");
            promise(story.str().find("Position " + std::to_string(k)) == 0, "the story starts with its position");
        }
    }

    // The same sums in another order, through a few steps of numbers of size 1.
    static constexpr double rounding = tolerance(2e-6, 1e-14);

    const Encoding& encoding_;
    const Traits traits_;
    const Index D_, H_;    // d_model, num_heads
    std::string broken_;
};

// Empty when all gradients are right, and no parameter is left without one. In double only: see grad_check.h.
inline std::string wrong_encoding_gradients(const Encoding& encoding, const EncodingRequest& request) {
    Rng rng(8);
    const Tensor x = random_parameter({2, 5, request.d_model}, rng);
    const auto outputs = [&] {
        const Effect e = effect(encoding, x, Positions::arange(5), request.num_heads);
        return concat({reshape(e.input, {-1}), reshape(softmax(e.scores), {-1})}, 0);
    };
    const std::string wrong = wrong_gradients(encoding, {x}, rng, outputs);
    if (!wrong.empty()) return wrong;
    for (const auto& [name, tensor] : encoding.parameters()) tensor.clear_grad();
    const Tensor out = outputs();
    out.backward(random_normal(out.shape(), 1, rng));
    for (const auto& [name, tensor] : encoding.parameters()) {
        if (tensor.size() == 0) continue;    // a GRU without inputs
        const std::vector<Scalar> gradient = tensor.has_grad() ? tensor.grad().to_vector() : std::vector<Scalar>{};
        if (std::all_of(gradient.begin(), gradient.end(), [](Scalar g) { return g == 0; }))
            return "no gradient reaches " + name;
    }
    return "";
}

}    // namespace ordinal::testing
