// Each operation: formula, derivative, forward, backward. dX always means d loss / d X.
#include "core/ops_elementwise.h"

#include <cmath>
#include <numbers>

#include "core/elementwise.h"
#include "core/nd_math.h"

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

// C = A / B          dA = dC / B,  dB = -dC A / B^2
Tensor div(const Tensor& A, const Tensor& B) {
    return Tensor::from_op("div", A.values() / B.values(), {A, B}, [A, B](const NdArray& dC) {
        const NdArray dA = dC / B.values();
        A.accumulate_grad(sum_to_shape(dA, A.shape()));
        B.accumulate_grad(sum_to_shape(-(dA * A.values() / B.values()), B.shape()));
    });
}

// C = max(A, B)      dA = dC where A > B, dC / 2 where A = B, 0 elsewhere;  dB likewise
Tensor maximum(const Tensor& A, const Tensor& B) {
    const NdArray C = zip("maximum", A.values(), B.values(), [](Scalar a, Scalar b) { return a > b || a != a ? a : b; });
    return Tensor::from_op("maximum", C, {A, B}, [A, B](const NdArray& dC) {
        const auto share = [](Scalar mine, Scalar other) { return mine > other ? Scalar(1) : mine == other ? Scalar(0.5) : Scalar(0); };
        A.accumulate_grad(sum_to_shape(dC * zip("maximum", A.values(), B.values(), share), A.shape()));
        B.accumulate_grad(sum_to_shape(dC * zip("maximum", B.values(), A.values(), share), B.shape()));
    });
}

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
    const NdArray Y = map(X.values(), [amount](Scalar x) { return x + amount; });
    return Tensor::from_op("shift", Y, {X}, [X](const NdArray& dY) { X.accumulate_grad(dY); });
}

// Y = X^c            dX = dY c X^(c-1)
Tensor pow(const Tensor& X, Scalar exponent) {
    const NdArray Y = map(X.values(), [exponent](Scalar x) { return std::pow(x, exponent); });
    return Tensor::from_op("pow", Y, {X}, [X, exponent](const NdArray& dY) {
        X.accumulate_grad(zip("pow", dY, X.values(), [exponent](Scalar dy, Scalar x) {
            return exponent == 0 ? 0 : dy * exponent * std::pow(x, exponent - 1);    // 0 * 0^-1 would be NaN
        }));
    });
}

// Y = e^X            dX = dY Y
Tensor exp(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return std::exp(x); });
    return Tensor::from_op("exp", Y, {X}, [X, Y](const NdArray& dY) { X.accumulate_grad(dY * Y); });
}

// Y = ln X           dX = dY / X
Tensor log(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return std::log(x); });
    return Tensor::from_op("log", Y, {X}, [X](const NdArray& dY) { X.accumulate_grad(dY / X.values()); });
}

// Y = sqrt X         dX = dY / (2 Y)
Tensor sqrt(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return std::sqrt(x); });
    return Tensor::from_op("sqrt", Y, {X}, [X, Y](const NdArray& dY) {
        X.accumulate_grad(zip("sqrt", dY, Y, [](Scalar dy, Scalar y) { return dy / (2 * y); }));
    });
}

// Y = sin X          dX = dY cos X
Tensor sin(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return std::sin(x); });
    return Tensor::from_op("sin", Y, {X}, [X](const NdArray& dY) {
        X.accumulate_grad(zip("sin", dY, X.values(), [](Scalar dy, Scalar x) { return dy * std::cos(x); }));
    });
}

// Y = cos X          dX = -dY sin X
Tensor cos(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return std::cos(x); });
    return Tensor::from_op("cos", Y, {X}, [X](const NdArray& dY) {
        X.accumulate_grad(zip("cos", dY, X.values(), [](Scalar dy, Scalar x) { return -dy * std::sin(x); }));
    });
}

// Y = tanh X         dX = dY (1 - Y^2)
Tensor tanh(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return std::tanh(x); });
    return Tensor::from_op("tanh", Y, {X}, [X, Y](const NdArray& dY) {
        X.accumulate_grad(zip("tanh", dY, Y, [](Scalar dy, Scalar y) { return dy * (1 - y * y); }));
    });
}

// Y = 1 / (1 + e^-X)     dX = dY Y (1 - Y)
Tensor sigmoid(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return 1 / (1 + std::exp(-x)); });
    return Tensor::from_op("sigmoid", Y, {X}, [X, Y](const NdArray& dY) {
        X.accumulate_grad(zip("sigmoid", dY, Y, [](Scalar dy, Scalar y) { return dy * y * (1 - y); }));
    });
}

// Y = max(X, 0)      dX = dY where X > 0, else 0
Tensor relu(const Tensor& X) {
    const NdArray Y = map(X.values(), [](Scalar x) { return x < 0 ? 0 : x; });
    return Tensor::from_op("relu", Y, {X}, [X](const NdArray& dY) {
        X.accumulate_grad(zip("relu", dY, X.values(), [](Scalar dy, Scalar x) { return x > 0 ? dy : 0; }));
    });
}

// Y = X Phi(X),  Phi(x) = (1 + erf(x / sqrt 2)) / 2          dX = dY (Phi(X) + X phi(X)),  phi = the normal density
// Hendrycks and Gimpel 2016, arXiv 1606.08415
Tensor gelu(const Tensor& X) {
    constexpr Scalar inv_sqrt2 = std::numbers::sqrt2_v<Scalar> / 2;
    constexpr Scalar inv_sqrt_2pi = std::numbers::inv_sqrtpi_v<Scalar> * inv_sqrt2;
    const auto cdf = [](Scalar x) { return (1 + std::erf(x * inv_sqrt2)) / 2; };
    const NdArray Y = map(X.values(), [cdf](Scalar x) { return x * cdf(x); });
    return Tensor::from_op("gelu", Y, {X}, [X, cdf](const NdArray& dY) {
        X.accumulate_grad(zip("gelu", dY, X.values(), [cdf](Scalar dy, Scalar x) {
            return dy * (cdf(x) + x * inv_sqrt_2pi * std::exp(-x * x / 2));
        }));
    });
}

// C = A where mask = 1, B where mask = 0          dA = dC mask,  dB = dC (1 - mask)
Tensor where(const NdArray& mask, const Tensor& A, const Tensor& B) {
    const NdArray from_a = zip("where", mask, A.values(), [](Scalar m, Scalar a) { return m != 0 ? a : 0; });
    const NdArray from_b = zip("where", mask, B.values(), [](Scalar m, Scalar b) { return m != 0 ? 0 : b; });
    return Tensor::from_op("where", from_a + from_b, {A, B}, [mask, A, B](const NdArray& dC) {
        const NdArray dA = zip("where", mask, dC, [](Scalar m, Scalar dc) { return m != 0 ? dc : 0; });
        const NdArray dB = zip("where", mask, dC, [](Scalar m, Scalar dc) { return m != 0 ? 0 : dc; });
        A.accumulate_grad(sum_to_shape(dA, A.shape()));
        B.accumulate_grad(sum_to_shape(dB, B.shape()));
    });
}

// Y = fill where mask = 1, else X                 dX = dY (1 - mask)
Tensor masked_fill(const Tensor& X, const NdArray& mask, Scalar fill) {
    const NdArray Y = zip("masked_fill", mask, X.values(), [fill](Scalar m, Scalar x) { return m != 0 ? fill : x; });
    return Tensor::from_op("masked_fill", Y, {X}, [mask, X](const NdArray& dY) {
        const NdArray dX = zip("masked_fill", mask, dY, [](Scalar m, Scalar dy) { return m != 0 ? 0 : dy; });
        X.accumulate_grad(sum_to_shape(dX, X.shape()));
    });
}

}    // namespace ordinal
