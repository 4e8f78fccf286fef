#include <ordinal/positional/combined/composition.h>

#include <algorithm>

namespace ordinal {

Composition::Composition(std::vector<Part> parts) : Composition(std::move(parts), Apart()) {
    const auto count = [&](auto question) { return std::count_if(parts_.begin(), parts_.end(), question); };
    const auto growing = count([](const Part& part) { return part->traits().keys_grow; });
    require<OptionError>(growing <= 1, "Composition: expected at most one scheme whose keys grow with the position, ",
                         "such as xpos, got ", growing, "; together they leave the range of a float");
    const auto at_product = count([](const Part& part) {
        const Traits traits = part->traits();
        return includes(traits.place, Place::queries_and_keys) || traits.replaces_product;
    });
    require<OptionError>(at_product <= 1 || !traits().replaces_product, "Composition: expected no other scheme that ",
                         "rotates queries and keys beside one that replaces their product, as path and far keys in ",
                         "groups do, got ", at_product - 1, "; give them to layers of their own: by_layer(A, B)");
}

Composition::Composition(std::vector<Part> parts, Apart) : parts_(std::move(parts)) {
    require<OptionError>(!parts_.empty(), "Composition: expected at least one scheme, got none");
    for (const Part& part : parts_) {
        require<OptionError>(part != nullptr, "Composition: expected schemes, got none for one of them");
        require<OptionError>(part->of_layers().empty(), "Composition: one of the schemes is another one in each ",
                             "layer; compose inside: by_layer(A + C, B + C)");
    }
    set_sizes(parts_.front()->sizes());
}

bool Composition::hides_the_future() const {
    return std::any_of(parts_.begin(), parts_.end(), [](const Part& part) {
        const Traits traits = part->traits();
        return traits.causal_only && includes(traits.place, Place::scores);
    });
}

ScoreBias Composition::score_bias(const QueryKeyValue& qkv, const AttentionContext& context) const {
    ScoreBias sum;
    std::vector<std::pair<decltype(sum.rows), std::size_t>> biases;    // each with the number of its sources
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        const ScoreBias bias =
            parts_[i]->score_bias({sharpened_but_by(i, qkv.query, context), qkv.key, qkv.value}, of_part(context, i));
        if (!bias.defined()) continue;
        sum.sources.insert(sum.sources.end(), bias.sources.begin(), bias.sources.end());
        biases.emplace_back(bias.rows, bias.sources.size());
    }
    if (biases.empty()) return {};
    sum.rows = [biases](const std::vector<Tensor>& sources, Index begin, Index end) {
        Tensor total;
        auto from = sources.begin();
        for (const auto& [rows, count] : biases) {
            const auto to = from + static_cast<Index>(count);
            const Tensor b = rows({from, to}, begin, end);
            total = total.defined() ? total + b : b;
            from = to;
        }
        return total;
    };
    return sum;
}

Traits Composition::traits() const {
    Traits all{.place = Place::nowhere, .cacheable = true, .streams = true};
    const auto least = [](std::optional<Index>& bound, std::optional<Index> other) {
        if (other) bound = std::min(bound.value_or(*other), *other);
    };
    Index acting = 0, at_input = 0, rotating = 0, biases = 0, fading = 0;
    bool all_invariant = true;
    const bool hidden_future = hides_the_future();
    for (const Part& part : parts_) {
        const Traits t = part->traits();
        all.place = all.place | t.place;
        least(all.max_length, t.max_length);
        least(all.computable_up_to, t.computable_up_to);
        all.depth = std::max(all.depth, t.depth);
        all.ids = std::max(all.ids, t.ids);
        all.content_dependent = all.content_dependent || t.content_dependent;
        all.cacheable = all.cacheable && t.cacheable;
        // What streams stays as it is where nobody sees the future.
        all.length_dependent = all.length_dependent || (t.length_dependent && !(t.streams && hidden_future));
        all.streams = all.streams && t.streams;
        all.causal_only = all.causal_only || t.causal_only;
        all.sharpens_queries = all.sharpens_queries || t.sharpens_queries;
        all.keys_grow = all.keys_grow || t.keys_grow;
        all.replaces_product = all.replaces_product || t.replaces_product;
        all.chooses_ids = all.chooses_ids || t.chooses_ids;
        all.source += (all.source.empty() ? "" : "; plus ") + t.source;
        acting += t.place != Place::nowhere;
        at_input += includes(t.place, Place::input);
        rotating += includes(t.place, Place::queries_and_keys);
        biases += includes(t.place, Place::scores);
        fading += t.fades;
        all_invariant = all_invariant && (t.place == Place::nowhere || t.translation_invariant);
    }
    // Codes at the input meet each other, and what stands inside attention reads them: (p_i + p'_i) . (p_j + p'_j) has
    // the products p_i . p'_j too. Inside attention, distances stay distances; but rotations of other pairs do not
    // commute, and where the future is hidden, a later query sees more keys and is sharpened more.
    all.translation_invariant = acting > 0 && all_invariant && (acting == 1 || at_input == 0) && rotating <= 1 &&
                                !(all.sharpens_queries && hidden_future);
    // Where codes are added, it is they who tell. Of two codes nothing is promised: one may take the other away.
    for (const Part& part : parts_)
        all.distinct = all.distinct || (part->traits().distinct && at_input == (acts_at_input(*part) ? 1 : 0));
    all.fades = biases > 0 && fading == biases;
    return all;
}

}    // namespace ordinal
