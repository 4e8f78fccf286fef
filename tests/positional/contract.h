// What every encoding promises by its interface and its traits - checked on the encoding itself, not believed.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <ordinal/positional/combined/composition.h>
#include <ordinal/positional/examples.h>
#include <ordinal/positional/explain.h>
#include <ordinal/positional/measures/graph_depth.h>
#include <ordinal/positional/measures/indicators.h>
#include <ordinal/positional/measures/kernel.h>
#include <ordinal/positional/registry.h>
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
    const QueryKeyValue qkv{heads(x), heads(keys), heads(x)};
    const QueryKeyValue rotated = encoding.apply_to_queries_and_keys(qkv, {positions, x});
    Tensor scores = matmul(rotated.query, transpose(rotated.key));    // [B, H, T, T]
    scores = scores * static_cast<Scalar>(1 / std::sqrt(static_cast<double>(head_dim)));
    const ScoreBias bias = encoding.score_bias(qkv, {positions, x});
    if (bias.defined()) scores = scores + bias.rows(bias.sources, 0, T);
    return {encoding.apply_to_input(x, positions, Mode::evaluation()), scores};
}

class Contract {
public:
    // request: the one that the encoding was made for.
    Contract(const Encoding& encoding, const EncodingRequest& request)
        : encoding_(encoding),
          traits_(encoding.traits()),
          sizes_(request),
          D_(request.d_model),
          H_(request.num_heads) {}

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
        check_distinct();
        check_fading();
        check_future();
        check_product();
        check_depth();
        check_narration();
        return broken_;
    }

private:
    struct Seen {
        NdArray input, scores;    // see Effect
    };

    bool acts_at(Place place) const { return includes(traits_.place, place); }

    void promise(bool kept, const std::string& what) {
        if (!kept && broken_.find(what + "; ") == std::string::npos) broken_ += what + "; ";
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
        return see(x, encoding_.position_ids(Positions::arange(x.dim(1)), Mode::evaluation()));
    }

    static double gap(const Seen& a, const Seen& b) {
        return std::max(largest_error(a.input, b.input), largest_error(a.scores, b.scores));
    }
    // What a longer sequence says about its first tokens.
    static Seen first(const Seen& all, Index length) {
        return {slice(all.input, 1, 0, length), slice(slice(all.scores, 2, 0, length), 3, 0, length)};
    }

    // What a scheme makes of some ids: codes and scores, or a sentence (PositionOutOfRange), or numbers that are none.
    // Any other exception fails the test.
    enum class Answer { taken, refused, nonsense };
    struct Reply {
        Answer answer;
        std::string sentence = "";    // of a refusal
    };

    Reply ask(const Positions& positions) const {
        try {
            NoGrad guard;    // the last row of scores stands for all: a bound may be too far for [T, T]
            const Index T = positions.size();
            const Tensor x(tokens(T)), y = encoding_.apply_to_input(x, positions, Mode::evaluation());
            const QueryKeyValue qkv = example_heads(T, H_, D_ / H_);
            const QueryKeyValue rotated = encoding_.apply_to_queries_and_keys(qkv, {positions, x});
            const ScoreBias bias = encoding_.score_bias(qkv, {positions, x});
            const bool finite = all_finite(y.values()) && all_finite(rotated.query.values()) &&
                                all_finite(rotated.key.values()) &&
                                (!bias.defined() || finite_or_hidden(bias.rows(bias.sources, T - 1, T).values()));
            return {finite ? Answer::taken : Answer::nonsense};
        } catch (const PositionOutOfRange& refusal) {
            return {Answer::refused, refusal.what()};
        }
    }

    static bool finite_or_hidden(const NdArray& bias) { return largest_error(bias, bias) == 0; }

    bool accepts(const Positions& positions) {
        const Answer answer = ask(positions).answer;
        promise(answer != Answer::nonsense, "what comes out are numbers");    // neither inf nor nan
        return answer == Answer::taken;
    }

    // `before` and this number, not a part of a longer one: 400 does not say 40.
    static bool says(const std::string& sentence, const std::string& before, Index number) {
        const std::string part = before + std::to_string(number);
        const auto digit = [&](std::size_t at) {
            return at < sentence.size() && sentence[at] >= '0' && sentence[at] <= '9';
        };
        for (std::size_t at = sentence.find(part); at != std::string::npos; at = sentence.find(part, at + 1))
            if (!(at > 0 && digit(at - 1)) && !digit(at + part.size())) return true;
        return false;
    }

    // Position `count` does not exist, and the sentence that says so names it and the last one that does.
    void check_end(const Positions& one_too_many, Index count, const std::string& what) {
        const Reply reply = ask(one_too_many);
        promise(reply.answer != Answer::nonsense, "what comes out are numbers");
        promise(reply.answer == Answer::refused, what);
        const bool named = says(reply.sentence, "position ", count) && says(reply.sentence, "", count - 1);
        promise(reply.answer != Answer::refused || named, "the refusal names the position asked for and the last one");
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
        const QueryKeyValue rotated = encoding_.apply_to_queries_and_keys(qkv, {Positions::arange(5), Tensor(x)});
        const bool at_queries = !same_numbers(rotated.query.values(), qkv.query.values()) ||
                                !same_numbers(rotated.key.values(), qkv.key.values());
        const bool at_scores = encoding_.score_bias(qkv, {Positions::arange(5), Tensor(x)}).defined();
        promise(!same_numbers(see(x).input, x) == acts_at(Place::input), "place: input");
        promise(at_queries == (acts_at(Place::queries_and_keys) || traits_.sharpens_queries),
                "place: queries and keys");
        promise(at_scores == acts_at(Place::scores), "place: scores");
    }

    void check_bound() {
        if (traits_.max_length) {
            const Index n = *traits_.max_length;
            if (!accepts(Positions::arange(n))) return promise(false, "its last position exists");
            return check_end(Positions::arange(n + 1), n, "nothing exists past max_length");
        }
        constexpr Index usual = 16;
        if (!accepts(Positions::arange(10 * usual))) return promise(false, "unbounded");
        if (traits_.computable_up_to) {
            const Index n = *traits_.computable_up_to;
            const bool runs = traits_.ids == AcceptedIds::consecutive;
            // One part would read a million tokens before another refuses them. Each of them is held to its own bound.
            if (runs && dynamic_cast<const Composition*>(&encoding_) != nullptr) return;
            check_end(runs ? Positions::arange(n + 1) : Positions::of({static_cast<double>(n)}), n,
                      "nothing is computed past computable_up_to");
        } else if (traits_.ids != AcceptedIds::consecutive) {    // far away, and far from its key: a hidden limit shows
            promise(accepts(Positions::of({0, 1e9})), "unbounded, with no limit to what is computed");
        }
    }

    void check_ids() {
        std::vector<double> anywhere{0.5};
        for (int k = 1; k <= 40; ++k) anywhere.push_back(-k);    // a formula with a pole has it near 0
        promise(accepts(Positions::of(anywhere)) == (traits_.ids == AcceptedIds::any), "ids: any");
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
        const Tensor rotated = encoding_.apply_to_queries_and_keys(qkv, {Positions::arange(length)}).query;
        if (!traits_.sharpens_queries)    // by a number that grows with the tokens before it
            for (Index k = 0; k < length; ++k) {
                const auto one = [&](const Tensor& t) { return slice(t, 2, k, k + 1); };
                const QueryKeyValue alone = encoding_.apply_to_queries_and_keys(
                    {one(qkv.query), one(qkv.key), one(qkv.value)}, {Positions::arange(1, k)});
                changed = std::max(changed, largest_error(alone.query.values(), one(rotated).values()));
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
            return promise(!traits_.streams, "it streams");
        } catch (const GraphError&) {
            return;    // on the stack: nothing keeps it alive
        }
        promise(traits_.streams, "it does not stream");
        NoGrad guard;
        const NdArray all = see(x).input;
        double worst = 0;
        for (Index k = 0; k < x.dim(1); ++k)
            worst = std::max(
                worst, largest_error(stream->next(Tensor(slice(x, 1, k, k + 1))).values(), slice(all, 1, k, k + 1)));
        promise(worst <= tolerance(1e-6, 1e-14), "streaming equals the batch");
        check_last_rows();
    }

    // Inside attention one token at a time means: the query and key rotated last, and the row of biases asked for last,
    // are those of the whole batch.
    void check_last_rows() {
        const Index length = 12;
        const NdArray x = tokens(length, 3);
        const auto context = [&](Index n) {    // of the first n tokens of a text that is being written
            return AttentionContext{.positions = Positions::arange(n), .x = Tensor(slice(x, 1, 0, n)), .causal = true};
        };
        const QueryKeyValue all = example_heads(length, H_, D_ / H_);
        const QueryKeyValue rotated = encoding_.apply_to_queries_and_keys(all, context(length));
        const ScoreBias bias = encoding_.score_bias(all, context(length));
        const auto last = [](const Tensor& t, Index k) { return slice(t.values(), 2, k, k + 1); };
        double worst = 0, worst_row = 0;
        for (Index k = 0; k < length; ++k) {
            const QueryKeyValue qkv = example_heads(k + 1, H_, D_ / H_);
            const QueryKeyValue prefix = encoding_.apply_to_queries_and_keys(qkv, context(k + 1));
            worst = std::max({worst, largest_error(last(prefix.query, k), last(rotated.query, k)),
                              largest_error(last(prefix.key, k), last(rotated.key, k))});
            if (!bias.defined()) continue;
            const ScoreBias row = encoding_.score_bias(qkv, context(k + 1));
            const NdArray among_all = bias.rows(bias.sources, k, k + 1).values();    // [(B,) H, 1, T]
            worst_row = std::max(worst_row, largest_error(row.rows(row.sources, k, k + 1).values(),
                                                          slice(among_all, among_all.ndim() - 1, 0, k + 1)));
        }
        promise(worst <= tolerance(1e-6, 1e-14), "the last token's query and key are the batch's");
        // CoPE's and the forgetting bias are differences of sums over up to 12 tokens, summed up in another order.
        promise(worst_row <= tolerance(1e-5, 1e-13), "the last token's row of biases is the batch's");
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
        if (acts_at(Place::input)) changed = largest_error(see(x).input - x, see(other).input - other);
        if (acts_at(Place::scores)) {
            const auto bias = [&](const NdArray& t) {
                NoGrad guard;
                const Tensor q = reshape(Tensor(t), {1, 6, H_, D_ / H_}), heads = permute(q, {0, 2, 1, 3});
                const ScoreBias b = encoding_.score_bias({heads, heads, heads}, {Positions::arange(6), Tensor(t)});
                if (!b.defined()) return zeros({1});    // it said that it would; check_places has seen it
                return b.rows(b.sources, 0, 6).values();
            };
            changed = std::max(changed, largest_error(bias(x), bias(other)));
        }
        const auto rotated = [&](const NdArray& t) {
            NoGrad guard;
            return encoding_.apply_to_queries_and_keys(example_heads(6, H_, D_ / H_), {Positions::arange(6), Tensor(t)})
                .query.values();
        };
        changed = std::max(changed, largest_error(rotated(x), rotated(other)));
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
        if (traits_.ids == AcceptedIds::consecutive || acts_at(Place::input)) return;
        const NdArray x = tokens(8);
        promise(
            largest_error(see(x, Positions::arange(8, 5)).scores, see(x, Positions::arange(8)).scores) <= 20 * rounding,
            "shifted ids leave the scores alone");
    }

    // Equal tokens at the first positions: does each of them look different? What reads the tokens gets other tokens in
    // between, since it counts by what they say.
    void check_distinct() {
        if (!traits_.distinct) return;
        const Index n = std::min<Index>(32, traits_.max_length.value_or(32));
        const KernelOptions equal{.length = n, .d_model = D_, .num_heads = H_, .draws = 4};
        NdArray looks = acts_at(Place::input) ? input_codes(encoding_, equal) : attention_kernel(encoding_, equal);
        if (acts_at(Place::input) && traits_.content_dependent) looks = codes_after_others(n);
        Scalar* numbers = looks.mutable_data();
        for (Index i = 0; i < looks.size(); ++i)
            if (std::isnan(numbers[i])) numbers[i] = -10;    // hidden: unlike any score
        // A fresh bias is small beside q . k, so it takes a smaller difference to tell rows of scores apart.
        promise(distinct_positions(looks, acts_at(Place::input) ? 1e-3 : 1e-4) == n, "distinct");
    }

    // What the scheme adds to one and the same token after 0, 1, 2, ... other ones.    [n, D]
    NdArray codes_after_others(Index n) const {
        const NdArray others = tokens(n), same = tokens(1, 9);
        std::vector<Tensor> codes;
        for (Index k = 0; k < n; ++k) {
            const NdArray x = concat({Tensor(slice(others, 1, 0, k)), Tensor(same)}, 1).values();
            codes.push_back(reshape(Tensor(slice(see(x).input - x, 1, k, k + 1)), {D_}));
        }
        return contiguous(stack(codes, 0).values());
    }

    // Equal tokens: on both sides of the query the bias falls, or stays, with every step away.
    void check_fading() {
        if (!traits_.fades) return;
        const Index n = 12;
        const Tensor x(contiguous(broadcast_to(tokens(1), {1, n, D_})));
        const Tensor heads = permute(reshape(x, {1, n, H_, D_ / H_}), {0, 2, 1, 3});
        const ScoreBias bias = encoding_.score_bias({heads, heads, heads}, {Positions::arange(n), x});
        if (!bias.defined()) return promise(false, "fades");
        const NdArray rows = bias.rows(bias.sources, 0, n).values();
        const NdArray b = reshape(rows, {rows.size() / (n * n), n, n});
        bool rises = false;
        for (Index h = 0; h < b.dim(0); ++h)
            for (Index i = 0; i < n; ++i)
                for (Index j = 0; j < n; ++j) {
                    const Index farther = j <= i ? j - 1 : j + 1;
                    if (farther < 0 || farther >= n || b.at({h, i, j}) == hidden_score)
                        continue;    // hidden is not near
                    if (b.at({h, i, farther}) > b.at({h, i, j}) + Scalar(rounding)) rises = true;
                }
        promise(!rises, "fades");
    }

    // A scheme with a meaning only where nobody sees the future either hides the future itself (a bias), or its scores
    // are larger ahead than behind (rotated queries and keys). All others treat both sides.
    void check_future() {
        const Index n = 12;
        const KernelOptions equal{.length = n, .d_model = D_, .num_heads = H_, .draws = 4};
        const NdArray K = attention_kernel(encoding_, equal);
        bool all_hidden = true, none_hidden = true;
        for (Index i = 0; i < n; ++i)
            for (Index j = 0; j < n; ++j) {
                const bool hidden = std::isnan(K.at({i, j}));
                if (j <= i) promise(!hidden, "the past is visible");
                if (j > i) (hidden ? none_hidden : all_hidden) = false;
            }
        const bool grows =
            acts_at(Place::queries_and_keys) && grows_ahead(attention_kernel(OnlyRotates(encoding_), equal));
        if (traits_.causal_only)
            promise(all_hidden || grows, "causal_only: what is wrong with the future?");
        else
            promise(none_hidden && !grows, "causal_only");
        if (!all_hidden) promise(grows == traits_.keys_grow, "keys_grow");
    }

    // What stands in the place of q . k is a product, too: with twice the queries, or twice the keys, it is twice
    // itself. (The other biases of a composition are not.)
    void check_product() {
        if (!traits_.replaces_product || dynamic_cast<const Composition*>(&encoding_) != nullptr) return;
        const Index n = 12;
        const QueryKeyValue qkv = example_heads(n, H_, D_ / H_);
        const Tensor x(tokens(n));
        const auto bias = [&](Scalar q, Scalar k) {
            const ScoreBias b =
                encoding_.score_bias({qkv.query * q, qkv.key * k, qkv.value}, {Positions::arange(n), x});
            return b.defined() ? b.rows(b.sources, 0, n).values() : zeros({1});
        };
        const NdArray once = bias(1, 1), twice = once * 2;
        promise(largest_error(once, twice) > rounding && largest_error(bias(2, 1), twice) <= 10 * rounding &&
                    largest_error(bias(1, 2), twice) <= 10 * rounding,
                "replaces_product");
    }

    static bool grows_ahead(const NdArray& K) {
        for (Index i = 0; i < K.dim(0); ++i)
            for (Index j = i + 1; j < K.dim(0); ++j)    // 1e-4: both may be 0
                if (std::abs(K.at({i, j})) > Scalar(1.001) * std::abs(K.at({j, i})) + Scalar(1e-4)) return true;
        return false;
    }

    // What a scheme does to queries and keys, and nothing else of it.
    class OnlyRotates : public Encoding {
    public:
        explicit OnlyRotates(const Encoding& all) : all_(all) {}
        QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext& c) const override {
            return all_.apply_to_queries_and_keys(qkv, c);
        }
        Traits traits() const override { return {.place = Place::queries_and_keys}; }
        Parameters parameters() const override { return {}; }

    private:
        const Encoding& all_;
    };

    // a + b log n + c n steps for n tokens, exactly; nothing else is a class. So with twice the tokens come b + c n
    // more, and of these twice as many more the next time, or always the same, or none. Input and scores are looked at
    // apart, so that a chain in one does not hide behind the other's length. The depth of a composition is the greater
    // one of two such sums, and so none of them: composition_test.cpp holds it between its parts' and their sum.
    void check_depth() {
        if (dynamic_cast<const Composition*>(&encoding_) != nullptr) return;
        if (traits_.depth == Depth::at_most_linear) return check_bound_of_depth();
        std::vector<std::array<Index, 2>> depths;    // of the input and of the scores, at 4, 8, 16 and 32 tokens
        for (const Index length : {4, 8, 16, 32}) {
            const Tensor x = Tensor::parameter(tokens(length));    // steps over the content are recorded too
            const Effect e = effect(encoding_, x, Positions::arange(length), H_);
            depths.push_back({graph_depth(e.input), graph_depth(e.scores)});
        }
        Depth measured = Depth::constant;
        bool has_class = true;
        for (const std::size_t at : {std::size_t(0), std::size_t(1)}) {
            const Index first = depths[1][at] - depths[0][at], second = depths[2][at] - depths[1][at],
                        third = depths[3][at] - depths[2][at];
            has_class = has_class && third - second == 2 * (second - first) && first >= 0 && second >= first;
            if (second > 0) measured = std::max(measured, second == first ? Depth::logarithmic : Depth::linear);
        }
        promise(has_class && measured == traits_.depth, "depth");
    }

    // It waits no longer than one token after the other does, and a step a token: for rounds that were in vain.
    void check_bound_of_depth() {
        std::unique_ptr<Stream> stream;
        try {
            stream = encoding_.stream();
        } catch (const GraphError&) {
            return;    // on the stack
        }
        Tensor last;
        for (Index length = 1; length <= 64; ++length) {
            last = stream->next(Tensor::parameter(tokens(1)));
            const Tensor x = Tensor::parameter(tokens(length));
            const Tensor all = encoding_.apply_to_input(x, Positions::arange(length), Mode::evaluation());
            promise(graph_depth(all) <= graph_depth(last) + length + 2, "depth");    // 2: gathering all codes
        }
    }

    // What a scheme narrates, slowly and with its own formula, are the numbers of the batch.
    void check_narration() {
        for (const Index k : {0, 1, 5}) {
            std::ostringstream text;
            const NdArray narrated = encoding_.narrate(k, text);
            if (!narrated.defined()) return;
            promise(largest_error(narrated, computed_in_batch(encoding_, k, sizes_)) <= rounding,
                    "the narration has other numbers");
            promise(text.str().find("Position " + std::to_string(k)) == 0, "the narration starts with its position");
        }
    }

    // The same sums in another order, through a few steps of numbers of size 1.
    static constexpr double rounding = tolerance(2e-6, 1e-14);

    const Encoding& encoding_;
    const Traits traits_;
    const EncodingRequest sizes_;
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
