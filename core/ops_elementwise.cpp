// Each operation: formula, derivative, forward, backward. dX always means d loss / d X.
#include <ordinal/core/ops_elementwise.h>

#include <cmath>

#include <ordinal/core/fast/elementwise.h>
#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/fast/vector_math.h>
#include <ordinal/core/nd_math.h>

namespace ordinal {

// C = A + B          dA = dC,  dB = dC (summed over the axes along which they were broadcast)
Tensor add(const Tensor& A, const Tensor& B) {
    return Tensor::from_op("add", A.values() + B.values(), {A, B}, [A, B](const NdArray& dC) {
        A.accumulate_grad(sum_to_shape(dC, A.shape()));
        B.accumulate_grad(sum_to_shape(dC, B.shape()));
    });
}

// C = A - B          dA = dC,  dB = -dC
Tensor sub(const Tensor& A, const Tensor& B) {
    return Tensor::from_op("sub", A.values() - B.values(), {A, B}, [A, B](const NdArray& dC) {
        A.accumulate_grad(sum_to_shape(dC, A.shape()));
        B.accumulate_grad(-sum_to_shape(dC, B.shape()));
    });
}

// C = A B            dA = dC B,  dB = dC A
Tensor mul(const Tensor& A, const Tensor& B) {
    return Tensor::from_op("mul", A.values() * B.values(), {A, B}, [A, B](const NdArray& dC) {
        if (A.requires_grad()) A.accumulate_grad(sum_to_shape(dC * B.values(), A.shape()));
        if (B.requires_grad()) B.accumulate_grad(sum_to_shape(dC * A.values(), B.shape()));
    });
}

// In float dC / B or A / B may be infinite or 0 where the slope, which has all three, is neither: so it is formed in
// double, and in the order that also keeps 0 / tiny at 0.
static Scalar slope_of_divisor(Scalar dc, Scalar a, Scalar b) {
    const auto wide_a = static_cast<double>(a), wide_b = static_cast<double>(b);
    return static_cast<Scalar>(-static_cast<double>(dc) * (wide_a / wide_b / wide_b));
}

// C = A / B          dA = dC / B,  dB = -dC A / B^2
Tensor div(const Tensor& A, const Tensor& B) {
    return Tensor::from_op("div", A.values() / B.values(), {A, B}, [A, B](const NdArray& dC) {
        if (A.requires_grad()) A.accumulate_grad(sum_to_shape(dC / B.values(), A.shape()));
        if (B.requires_grad())
            B.accumulate_grad(sum_to_shape(zip("div", dC, A.values(), B.values(), slope_of_divisor), B.shape()));
    });
}

// C = max(A, B)      dA = dC where A > B, dC / 2 where A = B, 0 elsewhere;  dB likewise
Tensor maximum(const Tensor& A, const Tensor& B) {
    const NdArray C =
        zip("maximum", A.values(), B.values(), [](Scalar a, Scalar b) { return a > b || a != a ? a : b; });
    return Tensor::from_op("maximum", C, {A, B}, [A, B](const NdArray& dC) {
        const auto share = [](Scalar dc, Scalar mine, Scalar other) {    // a comparison with NaN is false
            const bool equal = mine == other || (mine != mine && other != other);
            return equal ? dc / 2 : mine < other || other != other ? 0 : dc;
        };
        A.accumulate_grad(sum_to_shape(zip("maximum", dC, A.values(), B.values(), share), A.shape()));
        B.accumulate_grad(sum_to_shape(zip("maximum", dC, B.values(), A.values(), share), B.shape()));
    });
}

// C = min(A, B) = -max(-A, -B), and so are its derivatives
Tensor minimum(const Tensor& A, const Tensor& B) { return neg(maximum(neg(A), neg(B))); }

// Y = -X             dX = -dY
Tensor neg(const Tensor& X) {
    return Tensor::from_op("neg", -X.values(), {X}, [X](const NdArray& dY) { X.accumulate_grad(-dY); });
}

// Y = c X            dX = c dY
Tensor scale(const Tensor& X, Scalar factor) {
    return Tensor::from_op("scale", X.values() * factor, {X},
                           [X, factor](const NdArray& dY) { X.accumulate_grad(dY * factor); });
}

// Y = X + c          dX = dY
Tensor shift(const Tensor& X, Scalar amount) {
    return Tensor::from_op("shift", X.values() + amount, {X}, [X](const NdArray& dY) { X.accumulate_grad(dY); });
}

// For Y = f(X), element by element:  dX = slope(dY, s), where s is X or Y: whichever the derivative is written with.
template <class Slope>
static Tensor elementwise(const char* op, const Tensor& X, const NdArray& Y, const NdArray& s, Slope slope) {
    return Tensor::from_op(op, Y, {X}, [=](const NdArray& dY) { X.accumulate_grad(zip(op, dY, s, slope)); });
}

// x^exponent. Small whole powers are products, as in PyTorch: std::pow takes 30 times as long.
template <class T>
static T power(T x, T exponent) {
    return exponent == 1 ? x : exponent == 2 ? x * x : exponent == 3 ? x * x * x : std::pow(x, exponent);
}

// Y = X^c            dX = dY c X^(c-1)
Tensor pow(const Tensor& X, Scalar exponent) {
    const NdArray Y = map(X.values(), [exponent](Scalar x) { return power(x, exponent); });
    return elementwise("pow", X, Y, X.values(), [exponent](Scalar dy, Scalar x) {
        if (exponent == 0) return Scalar(0);             // 0 * 0^-1 would be NaN
        const auto c = static_cast<double>(exponent);    // in double: the power alone may be too large for a float
        return static_cast<Scalar>(static_cast<double>(dy) * c * power(static_cast<double>(x), c - 1));
    });
}

// Y = e^X            dX = dY Y
Tensor exp(const Tensor& X) {
    const NdArray Y = map_all(X.values(), kernels::exp);
    return Tensor::from_op("exp", Y, {X}, [X, Y](const NdArray& dY) { X.accumulate_grad(dY * Y); });
}

// Y = ln X           dX = dY / X
Tensor log(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return std::log(x); });
    return Tensor::from_op("log", Y, {X}, [X](const NdArray& dY) { X.accumulate_grad(dY / X.values()); });
}

// Y = ln(1 + X)      dX = dY / (1 + X)
Tensor log1p(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return std::log1p(x); });
    return elementwise("log1p", X, Y, X.values(), [](Scalar dy, Scalar x) { return dy / (1 + x); });
}

// Y = sqrt X         dX = dY / (2 Y)
Tensor sqrt(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return std::sqrt(x); });
    return elementwise("sqrt", X, Y, Y, [](Scalar dy, Scalar y) { return dy / (2 * y); });
}

// Y = sin X          dX = dY cos X
Tensor sin(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return std::sin(x); });
    return elementwise("sin", X, Y, X.values(), [](Scalar dy, Scalar x) { return dy * std::cos(x); });
}

// Y = cos X          dX = -dY sin X
Tensor cos(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return std::cos(x); });
    return elementwise("cos", X, Y, X.values(), [](Scalar dy, Scalar x) { return -dy * std::sin(x); });
}

// Y = tanh X         dX = dY (1 - Y^2),  as (1 - Y)(1 + Y): near 1 the square would lose digits
Tensor tanh(const Tensor& X) {
    const NdArray Y = map_all(X.values(), kernels::tanh);
    return elementwise("tanh", X, Y, Y, [](Scalar dy, Scalar y) { return dy * ((1 - y) * (1 + y)); });
}

constexpr auto sigmoid_of = [](Scalar x) {
    const Scalar power = exp_of(-std::abs(x));
    return (x < 0 ? power : 1) / (1 + power);
};

// Y = 1 / (1 + e^-X) = e^X / (1 + e^X), whichever power is below 1     dX = dY Y sigmoid(-X): 1 - Y would lose digits
Tensor sigmoid(const Tensor& X) {
    return elementwise("sigmoid", X, map(X.values(), sigmoid_of), X.values(),
                       [](Scalar dy, Scalar x) { return dy * (sigmoid_of(x) * sigmoid_of(-x)); });
}

// Y = max(X, 0)      dX = dY where X > 0, else 0
Tensor relu(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return x < 0 ? 0 : x; });
    return elementwise("relu", X, Y, X.values(), [](Scalar dy, Scalar x) { return x <= 0 ? 0 : dy; });
}

// Y = X Phi(X),  Phi(x) = (1 + erf(x / sqrt 2)) / 2          dX = dY (Phi(X) + X phi(X)),  phi = the normal density
// Hendrycks and Gimpel 2016, arXiv 1606.08415
Tensor gelu(const Tensor& X) {
    return Tensor::from_op("gelu", map_all(X.values(), kernels::gelu), {X}, [X](const NdArray& dY) {
        X.accumulate_grad(zip_all(X.values(), dY, kernels::gelu_backward));
    });
}

// Y = |X|            dX = dY sign X,  0 at 0
Tensor abs(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return std::abs(x); });
    return elementwise("abs", X, Y, X.values(), [](Scalar dy, Scalar x) { return x > 0 ? dy : x < 0 ? -dy : 0; });
}

// Y = X within low .. high, else the nearer one          dX = dY where low <= X <= high, else 0
Tensor clamp(const Tensor& X, Number low_number, Number high_number) {
    const Scalar low = low_number, high = high_number;
    require<OptionError>(low <= high, "clamp: expected low <= high, got ", low, " and ", high);
    const NdArray Y = map(X.values(), [=](Scalar x) { return x < low ? low : x > high ? high : x; });
    return elementwise("clamp", X, Y, X.values(), [=](Scalar dy, Scalar x) { return low <= x && x <= high ? dy : 0; });
}

// Y = ln(1 + e^X) = max(X, 0) + ln(1 + e^-|X|)           dX = dY sigmoid(X) = dY (1 - e^-Y)
Tensor softplus(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return (x < 0 ? 0 : x) + std::log1p(std::exp(-std::abs(x))); });
    return elementwise("softplus", X, Y, Y, [](Scalar dy, Scalar y) { return dy * -std::expm1(-y); });
}

// Y = X sigmoid(X)          dX = dY (sigmoid(X) (1 + X sigmoid(-X)))          Elfwing et al. 2017, arXiv 1702.03118
Tensor silu(const Tensor& X) {
    return elementwise("silu", X, map(X.values(), [](Scalar x) { return x * sigmoid_of(x); }), X.values(),
                       [](Scalar dy, Scalar x) { return dy * (sigmoid_of(x) * (1 + x * sigmoid_of(-x))); });
}

// C = A where mask = 1, B where mask = 0          dA = dC mask,  dB = dC (1 - mask)
Tensor where(const NdArray& mask, const Tensor& A, const Tensor& B) {
    const NdArray C =
        zip("where", mask, A.values(), B.values(), [](Scalar m, Scalar a, Scalar b) { return m != 0 ? a : b; });
    return Tensor::from_op("where", C, {A, B}, [mask, A, B](const NdArray& dC) {
        const auto to_a = [](Scalar m, Scalar dc) { return m != 0 ? dc : 0; };
        const auto to_b = [](Scalar m, Scalar dc) { return m != 0 ? 0 : dc; };
        if (A.requires_grad()) A.accumulate_grad(sum_to_shape(zip("where", mask, dC, to_a), A.shape()));
        if (B.requires_grad()) B.accumulate_grad(sum_to_shape(zip("where", mask, dC, to_b), B.shape()));
    });
}

Tensor masked_fill(const Tensor& X, const NdArray& mask, Scalar fill) {
    return where(mask, Tensor(NdArray(Shape{}, fill)), X);
}

}    // namespace ordinal
