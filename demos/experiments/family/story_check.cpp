#include "demos/experiments/family/story_check.h"

#include <ordinal/positional/examples.h>

namespace ordinal {

NdArray told_by_batch(const Encoding& encoding, Index k, const EncodingRequest& request) {
    NoGrad guard;
    const Positions positions = Positions::arange(k + 1);
    const NdArray x = example_tokens(k + 1, request.d_model);
    const Place place = encoding.traits().place;
    if (place == Place::queries_and_keys || place == Place::scores) {
        const Index Dh = request.head_dim();
        const QueryKeyValue turned =
            encoding.apply_to_queries_and_keys(example_heads(k + 1, request.num_heads, Dh), {positions});
        if (place == Place::queries_and_keys)    // head 0: [1, H, T, Dh] -> [Dh]
            return reshape(slice(slice(turned.query.values(), 1, 0, 1), 2, k, k + 1), {Dh});
        const ScoreBias bias = encoding.score_bias(turned, {positions, Tensor(x)});
        const NdArray row = bias.rows(bias.sources, k, k + 1).values();    // [(1,) H, 1, T] -> [T]
        return reshape(slice(row, row.ndim() - 3, 0, 1), {k + 1});
    }
    if (const auto* additive = dynamic_cast<const AdditiveEncoding*>(&encoding))
        return reshape(slice(additive->vectors(positions).values(), 0, k, k + 1), {request.d_model});
    const NdArray y = encoding.apply_to_input(Tensor(x), positions, Mode::evaluation()).values();
    return reshape(slice(y, 1, k, k + 1), {request.d_model});
}

}    // namespace ordinal
