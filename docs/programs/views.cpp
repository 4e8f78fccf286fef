// One buffer, three shapes: transpose, slice and broadcast_to copy nothing.
#include <iostream>

#include <ordinal/core/nd_array.h>

int main() {
    using namespace ordinal;
    const NdArray a = reshape(NdArray::arange(6), {2, 3});
    const NdArray columns = slice(transpose(a), 0, 1, 3);
    std::cout << a << "\n" << columns << "\n" << broadcast_to(slice(a, 0, 0, 1), {2, 3}) << "\n";
    std::cout << "same buffer: " << (columns.data() == a.data() + 1) << "\n";

    NdArray mine = a;                // shares the buffer ...
    mine.mutable_data()[0] = 100;    // ... until it is written: now it has its own
    std::cout << "a[0, 0] is still " << a.at({0, 0}) << ", mine[0, 0] is " << mine.at({0, 0}) << "\n";
}
