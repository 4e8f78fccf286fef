// Values in braces, numbers on either side, indices, slices and masks.
#include <iostream>

#include <ordinal/core.h>

int main() {
    using namespace ordinal;
    NdArray x({{1, 2, 3}, {4, 5, 6}});    // values; a shape has its own name: zeros({2, 3})
    std::cout << 1 - x << "\n" << x / 2 << "\n";
    std::cout << x[0] << " " << x[-1][2] << " " << x[0][Slice{.step = -1}] << "\n";
    std::cout << slice(x, 1, {-2}).T() << "\n";    // the last two columns, turned
    std::cout << (x > 2) << "\n" << where(x > 2, x, 0) << "\n";
    x.set({0, 1}, 10000);         // one element
    x.set(1, {.end = 1}, {7});    // the first column
    x += x[0];                    // the right side is complete before x changes
    std::cout << x << "\n" << squeeze(sum(x, {1})) << "\n";
    std::cout << "all above 7: " << all(x > 7) << "\n";
}
