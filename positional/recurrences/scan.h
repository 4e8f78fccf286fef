// Scans: all prefixes of a sequence of steps, combined two by two. Why some recurrences need no waiting.
//
//     parallel_scan<Affine>({a, b}, 1)     h_t = a_t h_{t-1} + b_t for all t, from h_{-1} = 0: it is the second tensor
//     affine_scan(A, b)                    the same with matrices A_t, without gradients: one round of Newton's method
//     parallel_scan<LogDecay>({l, 0}, 2)   log decays so far: the forgetting Transformer
//     sum_to_the_end(X, -1)                counts up to the query: CoPE
//
// Source:  Hillis and Steele 1986, doi 10.1145/7902.7903; for recurrences in networks: Martin and Cundy 2018,
//          arXiv 1709.04057
// Formula: y_t = x_0 * x_1 * ... * x_t;  round r = 0, 1, ...: x_t <- x_{t - 2^r} * x_t, until 2^r >= T
// Shapes:  a value is a bundle of tensors of equal shape, all steps along one axis; the others are carried along
// Why:     T prefixes in ceil(log2 T) rounds instead of T steps, whenever grouping does not matter:
//          (x * y) * z = x * (y * z). The price: T log2 T combinations instead of T, and memory for each round.
#pragma once

#include <concepts>
#include <vector>

#include <ordinal/core/ops.h>

namespace ordinal {

using Bundle = std::vector<Tensor>;

// What can be scanned: an associative combination and its neutral element. A recurrence x -> f(x) fits when two of its
// steps, one after the other, are one step of the same kind. tanh(W x + b) is not: two of them are no third.
template <class M>
concept Monoid = requires(const Bundle& first, const Bundle& then) {
    { M::combine(first, then) } -> std::same_as<Bundle>;    // elementwise along the axis of time
    { M::identity(first) } -> std::same_as<Bundle>;         // neutral elements, of the shapes of `first`
};

// How many so far. combine: m + n
struct Count {
    static Bundle combine(const Bundle& first, const Bundle& then) { return {first[0] + then[0]}; }
    static Bundle identity(const Bundle& like) { return {Tensor(NdArray(like[0].shape(), 0))}; }
};

// How much of an old token is left: a product of decays f in (0, 1), kept as a sum of log f, which does not underflow.
// combine: log f + log g, the same as counting: ALiBi counts with a slope, the forgetting Transformer by content.
// After a million tokens the sum is -10^5, and a float then has no digits for one more decay. So it is kept in two
// numbers, the sum and what its additions lost (Knuth 1969, section 4.2.2: exact); the second passes no gradient.
struct LogDecay {
    static Bundle combine(const Bundle& first, const Bundle& then) {
        const NdArray &a = first[0].values(), &b = then[0].values();
        const NdArray sum = a + b, of_b = sum - a, lost = (a - (sum - of_b)) + (b - of_b);
        return {first[0] + then[0], first[1] + then[1] + Tensor(lost)};
    }
    static Bundle identity(const Bundle& like) {    // log 1, and nothing lost
        return {Tensor(NdArray(like[0].shape(), 0)), Tensor(NdArray(like[1].shape(), 0))};
    }
};

// A rotation of the plane, (c, s) = (cos t, sin t). combine: the product of two complex numbers, which adds the angles.
struct Rotation {
    static Bundle combine(const Bundle& first, const Bundle& then) {
        const Tensor &c1 = first[0], &s1 = first[1], &c2 = then[0], &s2 = then[1];
        return {c2 * c1 - s2 * s1, s2 * c1 + c2 * s1};
    }
    static Bundle identity(const Bundle& like) {    // no rotation: cos 0 = 1, sin 0 = 0
        return {Tensor(NdArray(like[0].shape(), 1)), Tensor(NdArray(like[1].shape(), 0))};
    }
};

// A step h -> a h + b of a linear recurrence, number by number.
// combine: a2 (a1 h + b1) + b2 = (a2 a1) h + (a2 b1 + b2)
struct Affine {
    static Bundle combine(const Bundle& first, const Bundle& then) {
        const Tensor &a1 = first[0], &b1 = first[1], &a2 = then[0], &b2 = then[1];
        return {a2 * a1, a2 * b1 + b2};
    }
    static Bundle identity(const Bundle& like) {    // h -> 1 h + 0
        return {Tensor(NdArray(like[0].shape(), 1)), Tensor(NdArray(like[1].shape(), 0))};
    }
};

inline NdArray identity_matrix(Index n) {
    NdArray I = zeros({n, n});
    for (Index i = 0; i < n; ++i) I.set({i, i}, 1);
    return I;
}

// The same step with a matrix, h -> A h + b.    A: [T, S, S], b: [T, S, 1], the time on axis 0
// combine: A2 (A1 h + b1) + b2 = (A2 A1) h + (A2 b1 + b2). Products of matrices have an order: first A1, so A2 A1.
struct MatrixAffine {
    static Bundle combine(const Bundle& first, const Bundle& then) {
        const Tensor &A1 = first[0], &b1 = first[1], &A2 = then[0], &b2 = then[1];
        return {matmul(A2, A1), matmul(A2, b1) + b2};
    }
    static Bundle identity(const Bundle& like) {    // h -> I h + 0
        const Tensor I(identity_matrix(like[0].dim(1)));
        return {broadcast_to(I, like[0].shape()), Tensor(NdArray(like[1].shape(), 0))};
    }
};

inline Bundle slice_all(const Bundle& x, Index axis, Index begin, Index end) {
    Bundle part;
    for (const Tensor& tensor : x) part.push_back(slice(tensor, axis, begin, end));
    return part;
}

// The steps of `a`, then those of `b`.
inline Bundle concat_all(const Bundle& a, const Bundle& b, Index axis) {
    Bundle whole;
    for (std::size_t i = 0; i < a.size(); ++i) whole.push_back(concat({a[i], b[i]}, axis));
    return whole;
}

// One step after the other: T dependent steps. This is what parallel_scan must equal.
template <Monoid M>
Bundle serial_scan(const Bundle& x, Index axis) {
    const Index T = x.at(0).dim(axis);
    if (T == 0) return x;
    Bundle so_far = M::identity(slice_all(x, axis, 0, 1)), all = slice_all(x, axis, 0, 0);
    std::vector<Bundle> prefixes;
    for (Index t = 0; t < T; ++t) prefixes.push_back(so_far = M::combine(so_far, slice_all(x, axis, t, t + 1)));
    for (std::size_t i = 0; i < x.size(); ++i) {
        std::vector<Tensor> parts;
        for (const Bundle& prefix : prefixes) parts.push_back(prefix[i]);
        all[i] = concat(parts, axis);
    }
    return all;
}

// In rounds. After round r each place holds the last 2^(r+1) steps up to it. Before the beginning lies the identity.
//     T = 5:   x0  x1  x2  x3  x4   ->   0  01  12  23  34   ->   0  01  012  0123  1234   ->   0 ... 01234
template <Monoid M>
Bundle parallel_scan(Bundle x, Index axis) {
    const Index T = x.at(0).dim(axis);
    for (Index reach = 1; reach < T; reach *= 2) {
        const Bundle before =
            concat_all(M::identity(slice_all(x, axis, 0, reach)), slice_all(x, axis, 0, T - reach), axis);
        x = M::combine(before, x);    // all places at once
    }
    return x;
}

// h_t = A_t h_{t-1} + b_t for all t, from h_{-1} = 0.    A: [T, S, S], b: [T, S] -> [T, S]
inline NdArray affine_scan(const NdArray& A, const NdArray& b) {
    NoGrad guard;
    return squeeze(parallel_scan<MatrixAffine>({Tensor(A), Tensor(unsqueeze(b, 2))}, 0)[1].values(), 2);
}

// y_t = x_t + ... + x_{T-1} along one axis: the same rounds, looking the other way. Near the end it has all digits,
// which the whole sum less cumulative_sum would lose.
inline Tensor sum_to_the_end(Tensor x, Index axis) {
    const Index T = x.dim(axis);
    for (Index reach = 1; reach < T; reach *= 2) {
        const Tensor nothing(NdArray(slice(x, axis, 0, reach).shape(), 0));
        x = x + concat({slice(x, axis, reach, T), nothing}, axis);
    }
    return x;
}

// y_t = x_0 + ... + x_t along one axis.
inline Tensor cumulative_sum(const Tensor& X, Index axis) { return parallel_scan<Count>({X}, axis)[0]; }

}    // namespace ordinal
