#include <ordinal/positional/explain.h>

#include <locale>
#include <sstream>

#include <ordinal/positional/examples.h>

namespace ordinal {
namespace {

// Of head 0, or undefined where the scheme does not act inside attention.
NdArray computed_inside_attention(const Encoding& encoding, Index k, const EncodingRequest& sizes) {
    const Place place = encoding.traits().place;
    if (!includes(place, Place::queries_and_keys | Place::scores)) return {};
    const AttentionContext context{.positions = Positions::arange(k + 1),
                                   .x = Tensor(example_tokens(k + 1, sizes.d_model))};
    const QueryKeyValue qkv = example_heads(k + 1, sizes.num_heads, sizes.head_dim());
    const ScoreBias bias = encoding.score_bias(qkv, context);
    if (bias.defined()) {
        const NdArray row = bias.rows(bias.sources, k, k + 1).values();    // [(1,) H, 1, T] -> [T]
        return reshape(slice(row, row.ndim() - 3, 0, 1), {k + 1});
    }
    if (!includes(place, Place::queries_and_keys)) return {};
    const NdArray rotated = encoding.apply_to_queries_and_keys(qkv, context).query.values();    // [1, H, T, Dh]
    return reshape(slice(slice(rotated, 1, 0, 1), 2, k, k + 1), {sizes.head_dim()});
}

}    // namespace

NdArray computed_in_batch(const Encoding& encoding, Index k, const EncodingRequest& sizes) {
    require_explainable("explain", k);
    NoGrad guard;
    const NdArray inside = computed_inside_attention(encoding, k, sizes);
    if (inside.defined()) return inside;
    if (encoding.is_additive()) {
        const Traits traits = encoding.traits();
        const bool alone = traits.ids != AcceptedIds::consecutive && !traits.length_dependent;
        const Tensor codes = encoding.vectors(alone ? Positions::arange(1, k) : Positions::arange(k + 1));    // [T, D]
        return reshape(slice(codes.values(), 0, codes.dim(0) - 1, codes.dim(0)), {codes.dim(1)});
    }
    const Tensor x(example_tokens(k + 1, sizes.d_model));
    const NdArray y = encoding.apply_to_input(x, Positions::arange(k + 1), Mode::evaluation()).values();
    return reshape(slice(y, 1, k, k + 1), {sizes.d_model});
}

NdArray Encoding::explain(Index k, std::ostream& out) const {
    std::ostringstream text;    // of our own: whatever locale and flags `out` has
    text.imbue(std::locale::classic());
    const NdArray numbers = explained(k, text);
    const std::string all = text.str();
    out.write(all.data(), static_cast<std::streamsize>(all.size()));
    return numbers;
}

NdArray Encoding::explained(Index k, std::ostream& out) const {
    const NdArray narrated = narrate(k, out);
    if (narrated.defined()) return narrated;
    const NdArray numbers = computed_in_batch(*this, k, sizes());
    out << "Position " << k << " as the batch computes it:\n  ";
    if (includes(traits().place, Place::scores))
        out << "the scores of query " << k << " with keys 0 .. " << k << " get, in head 0, b = ";
    else if (includes(traits().place, Place::queries_and_keys))
        out << "a random query of head 0 becomes ";
    else if (is_additive())
        out << "the token gets p_" << k << " = ";
    else
        out << "a random token becomes ";
    out << FirstNumbers(numbers) << "\n";
    return numbers;
}

}    // namespace ordinal
