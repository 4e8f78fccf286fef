// Operations whose formula changes at a point, and those that a plain formula would spoil near 0 or far from it.
#include <cmath>

#include <ordinal/core/elementwise.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops_elementwise.h>

namespace ordinal {

// For Y = f(X), element by element:  dX = dY slope(s), where s is X or Y: whichever the derivative is written with.
template <class Slope>
static Tensor elementwise(const char* op, const Tensor& X, const NdArray& Y, const NdArray& s, Slope slope) {
    return Tensor::from_op(op, Y, {X}, [=](const NdArray& dY) { X.accumulate_grad(dY * map(s, slope)); });
}

// C = min(A, B) = -max(-A, -B), and so are its derivatives
Tensor minimum(const Tensor& A, const Tensor& B) { return neg(maximum(neg(A), neg(B))); }

// Y = |X|            dX = dY sign X,  0 at 0
Tensor abs(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return std::abs(x); });
    return elementwise("abs", X, Y, X.values(), [](Scalar x) { return Scalar((x > 0) - (x < 0)); });
}

// Y = X within low .. high, else the nearer one          dX = dY where low <= X <= high, else 0
Tensor clamp(const Tensor& X, Number low_number, Number high_number) {
    const Scalar low = low_number, high = high_number;
    require<OptionError>(low <= high, "clamp: expected low <= high, got ", low, " and ", high);
    const NdArray Y = map(X.values(), [=](Scalar x) { return x < low ? low : x > high ? high : x; });
    return elementwise("clamp", X, Y, X.values(), [=](Scalar x) { return Scalar(low <= x && x <= high); });
}

// Y = ln(1 + X)      dX = dY / (1 + X)
Tensor log1p(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return std::log1p(x); });
    return elementwise("log1p", X, Y, X.values(), [](Scalar x) { return 1 / (1 + x); });
}

// Y = ln(1 + e^X) = max(X, 0) + ln(1 + e^-|X|)           dX = dY sigmoid(X) = dY (1 - e^-Y)
Tensor softplus(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return (x < 0 ? 0 : x) + std::log1p(std::exp(-std::abs(x))); });
    return elementwise("softplus", X, Y, Y, [](Scalar y) { return -std::expm1(-y); });
}

// Y = X sigmoid(X)          Elfwing et al. 2017, arXiv 1702.03118
Tensor silu(const Tensor& X) { return mul(X, sigmoid(X)); }

}    // namespace ordinal
