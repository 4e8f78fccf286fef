// Writing on: the logits of a causal model, turned into the next token, again and again.
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <ordinal/nn/model.h>

namespace ordinal {

struct DrawOptions {
    double temperature = 1;    // logits are divided by it: below 1 bolder, above 1 wilder; 0: always the largest
    Index top_k = 0;           // only the k largest logits may be drawn (the earlier of equal ones); 0: all of them
};

// softmax(logits / temperature) over the top_k largest, 0 elsewhere.   logits: [V] -> [V] numbers that add up to 1
inline std::vector<double> draw_probabilities(const NdArray& logits, const DrawOptions& options = {}) {
    require<OptionError>(options.temperature >= 0 && std::isfinite(options.temperature) && options.top_k >= 0,
                         "draw: expected a temperature >= 0 and top_k >= 0, got ", options.temperature, " and ",
                         options.top_k);
    require(logits.ndim() == 1 && logits.size() > 0, "draw: expected logits [V] with V > 0, got ", logits.shape());
    const std::vector<Scalar> z = logits.to_vector();
    std::vector<std::size_t> order(z.size());    // the largest first; of equal ones the earlier first
    std::iota(order.begin(), order.end(), std::size_t(0));
    require<OptionError>(!has_nan(logits), "draw: the logits hold a NaN; train with a smaller learning rate");
    const Index V = logits.size(), most = options.temperature == 0 ? 1 : options.top_k;
    const Index k = most == 0 ? V : std::min(most, V);
    const auto earlier = [&](std::size_t i, std::size_t j) { return z[i] > z[j] || (z[i] == z[j] && i < j); };
    std::partial_sort(order.begin(), order.begin() + k, order.end(), earlier);
    const auto largest = static_cast<double>(z[order.front()]);
    require<OptionError>(std::isfinite(largest), "draw: the largest logit is ", largest, ", so nothing can be drawn");

    std::vector<double> p(z.size(), 0.0);
    double total = 0;
    for (auto i = order.begin(); i != order.begin() + k; ++i) {
        const double gap = static_cast<double>(z[*i]) - largest;    // subtracted first: <= 0, so no overflow
        total += p[*i] = gap == 0 ? 1 : std::exp(gap / options.temperature);
    }
    for (double& share : p) share /= total;
    return p;
}

// The index at which the running sum of the weights first passes u times their sum, 0 <= u < 1. Never one of weight 0.
inline Index index_at(const std::vector<double>& weights, double u) {
    require<OptionError>(0 <= u && u < 1, "index_at: expected 0 <= u < 1, got ", u);
    std::vector<double> sums;
    double total = 0;
    const bool large = std::any_of(weights.begin(), weights.end(), [](double weight) { return weight > 1; });
    for (std::size_t i = 0; i < weights.size(); ++i) {
        require<OptionError>(weights[i] >= 0 && std::isfinite(weights[i]), "index_at: weight ", i, " is ", weights[i],
                             "; expected numbers >= 0");
        sums.push_back(total += large ? 0x1p-64 * weights[i] : weights[i]);    // the sum is a number, too
    }
    require<OptionError>(total > 0, "index_at: all weights are 0, so nothing can be drawn");
    const auto begin = sums.begin(), end = sums.end();
    const auto passed = std::upper_bound(begin, end, u * total);    // where the sum grows, so no weight of 0
    return (passed != end ? passed : std::lower_bound(begin, end, total)) - begin;    // u total may round to total
}

// One token. With temperature 0 nothing is drawn.
inline Index draw(const NdArray& logits, const DrawOptions& options, Rng& rng) {
    const std::vector<double> p = draw_probabilities(logits, options);
    return options.temperature == 0 ? index_at(p, 0) : index_at(p, rng.uniform());
}

// Goes on with texts: prompt [B, T], T > 0 -> the `count` tokens behind it, [B, count]; or with one, [T] -> [count].
inline IndexArray generate(const Transformer& model, const IndexArray& prompt, Index count, const DrawOptions& options,
                           Rng& rng) {
    if (prompt.shape.ndim() == 1)
        return select(generate(model, {Shape{1, prompt.size()}, prompt.values}, count, options, rng), 0, 0);
    require(prompt.shape.ndim() == 2 && prompt.shape[1] > 0, "generate: expected a prompt [B, T] with T > 0, got ",
            prompt.shape);
    require<OptionError>(count >= 0, "generate: expected a count of 0 or more tokens, got ", count);
    require<OptionError>(count <= most_ids / std::max<Index>(prompt.shape[0], 1), "generate: ", count,
                         " tokens would take more than 2 GiB, which is the bound");
    draw_probabilities(zeros({1}), options);    // refuses the same options, even if none is drawn
    require<OptionError>(model.head_kind() != Head::none, "generate: this model has no head, so there are no logits");
    KeyValueCache cache;
    const Index B = prompt.shape[0];
    IndexArray all({B, count}, with_memory([&] { return std::vector<Index>(static_cast<std::size_t>(B * count)); },
                                           "generate: there is no memory for ", B * count, " tokens"));
    IndexArray newest = prompt;
    for (Index n = 0; n < count; ++n) {
        const NdArray logits = select(model.next(newest, cache).values(), 1, -1);    // [B, V]: of the last token
        std::vector<Index> tokens;
        for (Index b = 0; b < B; ++b) {
            tokens.push_back(draw(select(logits, 0, b), options, rng));
            all.values[static_cast<std::size_t>(b * count + n)] = tokens.back();
        }
        newest = IndexArray({B, 1}, tokens);
    }
    return all;
}

}    // namespace ordinal
