// Arrays: numbers in one buffer, seen through a shape and strides. A view is another way to see the same buffer.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "not_yet.h"

using Shape = std::vector<long>;

// The entry at (i, j, ...) is buffer[offset + i strides[0] + j strides[1] + ...].
struct Array {
    std::shared_ptr<std::vector<double>> buffer;
    Shape shape, strides;
    long offset = 0;
};

// Your conventions: ./go lab 2 --for NAME prints them. These are the textbook's.
const bool last_axis_is_dense =
    true;    // in a fresh array, neighbours along the last axis lie side by side (or the first)
const bool every_takes_first = true;       // every(a, axis, n) takes 0, n, 2n, ... (or n - 1, 2n - 1, ...)
const bool right_is_transposed = false;    // matmul(A, B) is A B (or A B^T)

// How far one goes in the buffer for one step along each axis of a fresh array.   [2, 3, 4] -> 12 4 1
inline std::vector<long> strides_of(const Shape& shape) { not_yet("strides_of"); }

// A fresh array of zeros.
inline Array zeros(const Shape& shape) {
    long size = 1;
    for (const long n : shape) size *= n;
    return {std::make_shared<std::vector<double>>(static_cast<std::size_t>(size)), shape, strides_of(shape), 0};
}

// The entry at this place, to read and to write. A place outside of the shape is an error that says "outside".
inline double& at(const Array& a, const std::vector<long>& place) { not_yet("at"); }

// --- Views: no number is copied. ---

// All axes in reverse order.   [2, 3] -> [3, 2]
inline Array transpose(const Array& a) { not_yet("transpose"); }

// Every n-th entry along an axis.   every [6], axis 0, n = 2 -> [3]     [7] -> [4] if the first is taken, else [3]
inline Array every(const Array& a, long axis, long n) { not_yet("every"); }

// The same numbers as if they were repeated: axes of size 1, and axes that are missing on the left, become as long as
// is asked for. Anything else is an error that says "broadcast".   [3, 1] -> [2, 3, 4]
inline Array broadcast_to(const Array& a, const Shape& shape) { not_yet("broadcast_to"); }

// --- Computing. ---

// The sum over everything that broadcast_to(a [shape], a's shape) repeated: its derivative, backwards.   [2, 3, 4] ->
// [3, 1]
inline Array sum_to_shape(const Array& a, const Shape& shape) { not_yet("sum_to_shape"); }

// C = A B     A: [m, k]   B: [k, n]   C: [m, n]          (or C = A B^T with B: [n, k])
// What does not fit is an error that says "matmul".
inline Array matmul(const Array& A, const Array& B) { not_yet("matmul"); }

// d loss / dA and d loss / dB, given dC = d loss / dC. Two products, if you look at the shapes.
inline std::pair<Array, Array> matmul_gradients(const Array& A, const Array& B, const Array& dC) {
    not_yet("matmul_gradients");
}
