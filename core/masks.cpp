#include <ordinal/core/masks.h>

#include <algorithm>

#include <ordinal/core/elementwise.h>

namespace ordinal {

NdArray operator==(const Operand& a, const Operand& b) {
    return zip("==", a.values, b.values, [](Scalar x, Scalar y) { return Scalar(x == y); });
}
NdArray operator!=(const Operand& a, const Operand& b) {
    return zip("!=", a.values, b.values, [](Scalar x, Scalar y) { return Scalar(x != y); });
}
NdArray operator<(const Operand& a, const Operand& b) {
    return zip("<", a.values, b.values, [](Scalar x, Scalar y) { return Scalar(x < y); });
}
NdArray operator<=(const Operand& a, const Operand& b) {
    return zip("<=", a.values, b.values, [](Scalar x, Scalar y) { return Scalar(x <= y); });
}
NdArray operator>(const Operand& a, const Operand& b) {
    return zip(">", a.values, b.values, [](Scalar x, Scalar y) { return Scalar(x > y); });
}
NdArray operator>=(const Operand& a, const Operand& b) {
    return zip(">=", a.values, b.values, [](Scalar x, Scalar y) { return Scalar(x >= y); });
}

NdArray operator&(const NdArray& a, const NdArray& b) {
    return zip("&", a, b, [](Scalar x, Scalar y) { return Scalar(x != 0 && y != 0); });
}
NdArray operator|(const NdArray& a, const NdArray& b) {
    return zip("|", a, b, [](Scalar x, Scalar y) { return Scalar(x != 0 || y != 0); });
}
NdArray operator~(const NdArray& mask) { return mask == 0; }

bool any(const NdArray& mask) {
    const NdArray values = contiguous(mask);
    return std::any_of(values.data(), values.data() + values.size(), [](Scalar x) { return x != 0; });
}
bool all(const NdArray& mask) { return !any(mask == 0); }

NdArray where(const NdArray& mask, const NdArray& a, const NdArray& b) {
    const NdArray from_a = zip("where", mask, a, [](Scalar m, Scalar x) { return m != 0 ? x : 0; });
    return from_a + zip("where", mask, b, [](Scalar m, Scalar x) { return m != 0 ? 0 : x; });
}

}    // namespace ordinal
