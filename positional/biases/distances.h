// What the schemes that bias scores share: how far a key is from a query, and what comes later.
#pragma once

#include <string>

#include <ordinal/nn/position_scheme.h>

namespace ordinal {

// position i - position j for the queries i = begin .. end - 1 and all keys j: [rows, T]. Positive: the key is behind.
inline NdArray distances(const Positions& positions, Index begin, Index end) {
    const Index T = positions.size();
    NdArray D = NdArray::uninitialized({end - begin, T});
    Scalar* d = D.mutable_data();
    for (Index i = begin; i < end; ++i)
        for (Index j = 0; j < T; ++j) *d++ = static_cast<Scalar>(positions[i] - positions[j]);
    return D;
}

// 1 where key j comes after query i, whatever ids they have: [rows, T].
inline NdArray future(Index begin, Index end, Index length) {
    NdArray later = zeros({end - begin, length});
    Scalar* l = later.mutable_data();
    for (Index i = begin; i < end; ++i)
        for (Index j = 0; j < length; ++j) *l++ = j > i ? 1 : 0;
    return later;
}

inline void require_heads(const std::string& who, const QueryKeyValue& qkv, Index num_heads,
                          const Positions& positions) {
    require(qkv.query.dim(1) == num_heads && qkv.query.dim(2) <= positions.size(), who, ": expected queries [B, ",
            num_heads, ", ", positions.size(), ", Dh], got ", qkv.query.shape());
}

// Of the queries that are those of the last tokens of T: the ones of tokens begin .. end.
inline Tensor queries_of(const Tensor& queries, Index T, Index begin, Index end) {
    const Index first = T - queries.dim(2);
    return slice(queries, 2, begin - first, end - first);
}

// For schemes that count along the tokens, whose ids can then only be the tokens' own numbers.
inline void require_running(const std::string& who, const Positions& positions) {
    require<PositionOutOfRange>(positions.is_arange(), who, ": it counts along the tokens, so positions must be ",
                                "0, 1, ..., T - 1");
}

}    // namespace ordinal
