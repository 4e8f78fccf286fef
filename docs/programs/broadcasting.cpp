// Shapes that fit, and one that does not.
#include <iostream>

#include <ordinal/core/nd_math.h>

int main() {
    using namespace ordinal;
    const NdArray column({2, 1}, {10, 20}), row({3}, {1, 2, 3});
    std::cout << column + row << "\n";
    try {
        column + zeros({3, 3});
    } catch (const ShapeError& error) {
        std::cout << error.what() << "\n";
    }
}
