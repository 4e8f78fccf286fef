// What every encoding promises by its interface and its traits - checked on the encoding itself, not believed.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "positional/rnn_over_inputs.h"
#include "tests/nn/testing.h"

namespace ordinal::testing {

// The number of operations on the longest way from an output down to a leaf: what no number of cores can shorten.
inline Index graph_depth(const Tensor& output) {
    std::map<const Node*, Index> depth;
    std::vector<const Node*> path{output.node().get()};    // no recursion: the graph may be deep
    while (!path.empty()) {
        const Node* node = path.back();
        Index deepest = 0;
        bool ready = true;
        for (const Tensor& input : node->inputs) {
            const auto known = depth.find(input.node().get());
            if (known == depth.end()) {
                path.push_back(input.node().get());
                ready = false;
            } else {
                deepest = std::max(deepest, known->second + 1);
            }
        }
        if (!ready) continue;
        if (std::string_view(node->op) == "tanh_recurrence") deepest += node->values.dim(1);    // T steps in one node
        depth[node] = deepest;
        path.pop_back();
    }
    return depth[output.node().get()];
}

class Contract {
public:
    Contract(const Encoding& encoding, Index d_model)
        : encoding_(encoding), traits_(encoding.traits()), d_model_(d_model) {}

    // Empty when all promises hold, else the broken ones.
    std::string broken() {
        check_names();
        check_places();
        check_bound();
        check_ids();
        check_short_sequences();
        check_growing_sequences();
        check_content();
        check_depth();
        check_stories();
        return broken_;
    }

private:
    void promise(bool kept, const std::string& what) {
        if (!kept) broken_ += what + "; ";
    }

    NdArray tokens(Index length, std::uint64_t seed = 1) const {
        Rng rng(seed);
        return random_normal({1, length, d_model_}, 1, rng);
    }
    NdArray apply(const NdArray& x, const Positions& positions) const {
        NoGrad guard;
        return encoding_.apply_to_input(Tensor(x), positions, Mode::evaluation()).values();
    }
    NdArray apply(const NdArray& x) const { return apply(x, Positions::arange(x.dim(1))); }

    // Does the scheme take these ids? No: it throws PositionOutOfRange. Any other exception fails the test.
    bool accepts(const Positions& positions) const {
        try {
            return all_finite(apply(tokens(positions.size()), positions));
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
        const bool at_input = !same_numbers(apply(x), x);
        const Tensor q(reshape(x, Shape{1, 1, 5, d_model_}));
        const QueryKeyValue turned = encoding_.turn({q, q, q}, Positions::arange(5));
        const bool at_queries =
            !same_numbers(turned.query.values(), q.values()) || !same_numbers(turned.key.values(), q.values());
        const bool at_scores = encoding_.score_bias({q, q, q}, Tensor(x), Positions::arange(5)).defined();
        promise(at_input == (traits_.place == Place::input), "place: input");
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
        promise(apply(tokens(1)).shape() == Shape{1, 1, d_model_}, "one token");
        try {    // none: either none comes back, or a sentence
            promise(apply(tokens(0)).shape() == Shape{1, 0, d_model_}, "no tokens");
        } catch (const Error& sentence) {
            promise(std::string(sentence.what()).size() > 20, "no tokens: a sentence");
        }
    }

    // A code that does not depend on the length is the same while the sequence grows: one token at a time gives what
    // the whole batch gives.
    void check_growing_sequences() {
        const Index length = 12;
        const NdArray x = tokens(length), y = apply(x);
        double gap = 0;
        for (Index k = 0; k < length; ++k)
            gap = std::max(gap, largest_error(apply(slice(x, 1, 0, k + 1)), slice(y, 1, 0, k + 1)));
        promise((gap <= rounding) == !traits_.length_dependent, "length_dependent");
        if (traits_.ids == AcceptedIds::consecutive || traits_.length_dependent) return;
        gap = 0;
        for (Index k = 0; k < length; ++k)
            gap = std::max(gap,
                           largest_error(apply(slice(x, 1, k, k + 1), Positions::arange(1, k)), slice(y, 1, k, k + 1)));
        promise(gap <= rounding, "a position alone is what it is in its sequence");
    }

    void check_content() {
        if (traits_.place != Place::input) return;
        const NdArray x = tokens(6, 1), other = tokens(6, 2);
        const double gap = largest_error(apply(x) - x, apply(other) - other);
        promise((gap <= rounding) == !traits_.content_dependent, "content_dependent");
        promise(!(traits_.cacheable && traits_.content_dependent), "cacheable");
        promise(same_numbers(apply(x), apply(x)), "the same every time");
    }

    void check_depth() {
        const auto depth = [&](Index length) {
            return graph_depth(
                encoding_.apply_to_input(Tensor(tokens(length)), Positions::arange(length), Mode::evaluation()));
        };
        const Index from_8_to_16 = depth(16) - depth(8), from_16_to_32 = depth(32) - depth(16);
        Depth measured = Depth::constant;
        if (from_8_to_16 > 0) measured = from_16_to_32 == 2 * from_8_to_16 ? Depth::linear : Depth::logarithmic;
        promise(measured == traits_.depth, "depth");
    }

    void check_stories() {
        for (const Index k : {0, 1, 5}) {
            std::ostringstream story;
            const NdArray told = encoding_.explain(k, story);
            NoGrad guard;
            NdArray batch;
            if (const auto* additive = dynamic_cast<const AdditiveEncoding*>(&encoding_))
                batch = slice(additive->vectors(Positions::arange(k + 1)).values(), 0, k, k + 1);
            else
                batch = slice(apply(example_tokens(k + 1, d_model_)), 1, k, k + 1);
            promise(batch.defined() && largest_error(told, reshape(batch, told.shape())) <= rounding,
                    "the story has other numbers");
            promise(told.shape() == Shape{d_model_}, "the story ends with a code [D]");
            promise(story.str().find("Position " + std::to_string(k)) == 0, "the story starts with its position");
        }
    }

    // The same sums in another order, through a few steps of numbers of size 1.
    static constexpr double rounding = tolerance(2e-6, 1e-14);

    const Encoding& encoding_;
    const Traits traits_;
    const Index d_model_;
    std::string broken_;
};

}    // namespace ordinal::testing
