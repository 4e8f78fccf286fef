#include <ordinal/core/operators.h>

#include <functional>

#include <ordinal/core/fast/elementwise.h>

namespace ordinal {

NdArray operator==(const Operand& a, const Operand& b) { return zip("==", a.values, b.values, std::equal_to<>()); }
NdArray operator!=(const Operand& a, const Operand& b) { return zip("!=", a.values, b.values, std::not_equal_to<>()); }
NdArray operator<(const Operand& a, const Operand& b) { return zip("<", a.values, b.values, std::less<>()); }
NdArray operator<=(const Operand& a, const Operand& b) { return zip("<=", a.values, b.values, std::less_equal<>()); }
NdArray operator>(const Operand& a, const Operand& b) { return zip(">", a.values, b.values, std::greater<>()); }
NdArray operator>=(const Operand& a, const Operand& b) { return zip(">=", a.values, b.values, std::greater_equal<>()); }
NdArray operator&(const NdArray& a, const NdArray& b) { return zip("&", a, b, std::logical_and<>()); }
NdArray operator|(const NdArray& a, const NdArray& b) { return zip("|", a, b, std::logical_or<>()); }

bool all(const NdArray& mask) {
    const NdArray values = contiguous(mask);
    return std::find(values.data(), values.data() + values.size(), Scalar(0)) == values.data() + values.size();
}

NdArray& assign(NdArray& a, NdArray result, const char* who) {
    require(a.shape() == result.shape(), who, ": the result has shape ", result.shape(), " and does not fit into ",
            a.shape());
    return a = std::move(result);
}

Tensor& assign(Tensor& X, Tensor result, const char* who) {
    require<GraphError>(!(X.is_leaf() && X.requires_grad()), who, ": a parameter is not changed by ", who,
                        "; use an optimizer or update_values, or write y = x + ... for a new tensor");
    require(X.shape() == result.shape(), who, ": the result has shape ", result.shape(), " and does not fit into ",
            X.shape());
    return X = std::move(result);
}

}    // namespace ordinal
