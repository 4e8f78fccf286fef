#include "demos/real_bert/movable_bert.h"

#include <algorithm>
#include <numeric>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/no_encoding.h>

namespace ordinal::demos {

MovableBert::MovableBert(const std::string& folder, Pooling pooling, TransformerEncoder::Scheme inside)
    : bert_(read_bert(folder, {.position = inside ? inside : std::make_shared<NoEncoding>(1), .frozen = true})),
      pooling_(pooling),
      table_(bert_.table->weight().values()) {
    for (const auto& [name, tensor] : bert_.model.parameters()) {
        if (name == "segments.weight") segment_ = Tensor(contiguous(select(tensor.values(), 0, 0)));
        numbers_ += tensor.size();
    }
}

Tensor MovableBert::vectors(const std::vector<Tokens>& texts, const Tensor& rows,
                            const std::vector<Index>& starts) const {
    const PaddedTexts batch = padded(texts, 0);
    const Index B = batch.ids.shape[0], T = batch.ids.shape[1];
    std::vector<Index> places;
    for (Index b = 0; b < B; ++b)
        for (Index t = 0; t < T; ++t) {
            const bool token = t > 0 && t < std::ssize(texts[static_cast<std::size_t>(b)]);
            places.push_back(token ? starts[static_cast<std::size_t>(b)] + t : 0);
        }
    const Tensor words = gather_rows(bert_.model.token_table(), batch.ids) + segment_;
    const Tensor x = words + gather_rows(rows, {{B, T}, places});    // [B, T, D]
    const Tensor h = bert_.model.encoder().forward(x, Mode::evaluation(), {.padding = batch.padding});
    return sentence_vectors(h, batch.padding, pooling_);
}

// Texts of like lengths go together, so that little is padding.
NdArray MovableBert::vectors(const std::vector<Tokens>& texts, const NdArray& rows, Index start) const {
    constexpr std::size_t most_tokens = 2048;
    const NoGrad guard;
    std::vector<std::size_t> order(texts.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return texts[i].size(); });
    NdArray all({std::ssize(texts), rows.dim(1)}, 0);
    for (std::size_t begin = 0, end = 0; begin < texts.size(); begin = end) {
        std::vector<Tokens> batch;
        for (; end < texts.size() && (end == begin || (end - begin + 1) * texts[order[end]].size() <= most_tokens);
             ++end)
            batch.push_back(texts[order[end]]);
        const NdArray vectors = this->vectors(batch, Tensor(rows), std::vector<Index>(batch.size(), start)).values();
        for (std::size_t i = begin; i < end; ++i)
            std::copy_n(vectors.data() + static_cast<Index>(i - begin) * rows.dim(1), rows.dim(1),
                        all.mutable_data() + static_cast<Index>(order[i]) * rows.dim(1));
    }
    return all;
}

}    // namespace ordinal::demos
