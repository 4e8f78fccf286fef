// Operations whose formula changes at a point, and the stable forms of two that would overflow if written as they are.
#include <cmath>

#include <ordinal/core/elementwise.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops_elementwise.h>

namespace ordinal {

// For Y = f(X), element by element:  dX = dY slope(X)
template <class Slope>
static Tensor elementwise(const char* op, const Tensor& X, const NdArray& Y, Slope slope) {
    return Tensor::from_op(op, Y, {X}, [=](const NdArray& dY) {
        X.accumulate_grad(zip(op, dY, X.values(), [slope](Scalar dy, Scalar x) { return dy * slope(x); }));
    });
}

// C = min(A, B) = -max(-A, -B), and so are its derivatives
Tensor minimum(const Tensor& A, const Tensor& B) { return neg(maximum(neg(A), neg(B))); }

// Y = |X|            dX = dY sign X,  0 at 0
Tensor abs(const Tensor& X) {
    return elementwise("abs", X, abs(X.values()), [](Scalar x) { return Scalar((x > 0) - (x < 0)); });
}

// Y = X within low .. high, else the nearer one          dX = dY where low <= X <= high, else 0
Tensor clamp(const Tensor& X, Number low, Number high) {
    return elementwise("clamp", X, clamp(X.values(), low, high),
                       [from = Scalar(low), to = Scalar(high)](Scalar x) { return Scalar(from <= x && x <= to); });
}

// Y = ln(1 + X)      dX = dY / (1 + X)
Tensor log1p(const Tensor& X) {
    return elementwise("log1p", X, log1p(X.values()), [](Scalar x) { return 1 / (1 + x); });
}

// 1 / (1 + e^-x) as e^x / (1 + e^x) where e^-x would be huge. In double, for what is tiny is to keep its digits, too.
static double stable_sigmoid(Scalar x) {
    const double e = std::exp(-std::abs(static_cast<double>(x)));
    return (x < 0 ? e : 1) / (1 + e);
}

// Y = ln(1 + e^X) = max(X, 0) + ln(1 + e^-|X|)           dX = dY sigmoid(X)
Tensor softplus(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) {
        const double wide = static_cast<double>(x);
        return static_cast<Scalar>((x < 0 ? 0 : wide) + std::log1p(std::exp(-std::abs(wide))));
    });
    return elementwise("softplus", X, Y, [](Scalar x) { return static_cast<Scalar>(stable_sigmoid(x)); });
}

// Y = X S,  S = sigmoid(X)           dX = dY S (1 + X (1 - S))
// Elfwing et al. 2017, arXiv 1702.03118
Tensor silu(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return static_cast<Scalar>(stable_sigmoid(x) * x); });
    return elementwise("silu", X, Y, [](Scalar x) {
        const double s = stable_sigmoid(x);
        return static_cast<Scalar>(s * (1 + static_cast<double>(x) * (1 - s)));
    });
}

void rebind(Tensor& X, const Tensor& to, const char* who) {
    require<GraphError>(!(X.is_leaf() && X.requires_grad()), who, ": a parameter is not changed by ", who,
                        "; use an optimizer or update_values, or write y = x + ... for a new tensor");
    require(X.shape() == to.shape(), who, ": the result has shape ", to.shape(), " and does not fit into ", X.shape());
    X = to;
}

}    // namespace ordinal
