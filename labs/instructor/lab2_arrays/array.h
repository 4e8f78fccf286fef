// Arrays: numbers in one buffer, seen through a shape and strides.
// INSTRUCTOR-ONLY
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "not_yet.h"

using Shape = std::vector<long>;

struct Array {
    std::shared_ptr<std::vector<double>> buffer;
    Shape shape, strides;
    long offset = 0;
};

const bool last_axis_is_dense = std::string(RULE_memory) == "last axis";
const bool every_takes_first = std::string(RULE_every) == "first";
const bool right_is_transposed = std::string(RULE_product) == "A B^T";

inline std::vector<long> strides_of(const Shape& shape) {
    std::vector<long> strides(shape.size());
    long step = 1;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const std::size_t axis = last_axis_is_dense ? shape.size() - 1 - i : i;
        strides[axis] = step;
        step *= shape[axis];
    }
    return strides;
}

inline Array zeros(const Shape& shape) {
    long size = 1;
    for (const long n : shape) size *= n;
    return {std::make_shared<std::vector<double>>(static_cast<std::size_t>(size)), shape, strides_of(shape), 0};
}

inline double& at(const Array& a, const std::vector<long>& place) {
    bool inside = place.size() == a.shape.size();
    long where = a.offset;
    for (std::size_t axis = 0; inside && axis < place.size(); ++axis) {
        inside = place[axis] >= 0 && place[axis] < a.shape[axis];
        where += place[axis] * a.strides[axis];
    }
    if (!inside) throw std::out_of_range("at: this place is outside of the array");
    return (*a.buffer)[static_cast<std::size_t>(where)];
}

// Calls visit(place) for every place, the last axis fastest.
template <class Visit>
void for_each_place(const Shape& shape, const Visit& visit) {
    for (const long n : shape)
        if (n == 0) return;
    std::vector<long> place(shape.size(), 0);
    while (true) {
        visit(place);
        std::size_t axis = shape.size();
        while (axis > 0 && ++place[axis - 1] == shape[axis - 1]) place[--axis] = 0;
        if (axis == 0) return;
    }
}

inline double& entry_of(const Array& a, const std::vector<long>& place) {    // without a check
    long where = a.offset;
    for (std::size_t axis = 0; axis < place.size(); ++axis) where += place[axis] * a.strides[axis];
    return (*a.buffer)[static_cast<std::size_t>(where)];
}

inline Array transpose(const Array& a) {
    Array view = a;
    view.shape.assign(a.shape.rbegin(), a.shape.rend());
    view.strides.assign(a.strides.rbegin(), a.strides.rend());
    return view;
}

inline Array every(const Array& a, long axis, long n) {
    Array view = a;
    const auto i = static_cast<std::size_t>(axis);
    const long first = every_takes_first ? 0 : n - 1;
    view.shape[i] = a.shape[i] > first ? (a.shape[i] - 1 - first) / n + 1 : 0;
    view.strides[i] = n * a.strides[i];
    view.offset = a.offset + first * a.strides[i];
    return view;
}

inline Array broadcast_to(const Array& a, const Shape& shape) {
    if (a.shape.size() > shape.size()) throw std::invalid_argument("broadcast_to: expected as many axes or more");
    Array view{a.buffer, shape, std::vector<long>(shape.size(), 0), a.offset};
    const std::size_t missing = shape.size() - a.shape.size();
    for (std::size_t i = 0; i < a.shape.size(); ++i) {
        if (a.shape[i] == shape[missing + i])
            view.strides[missing + i] = a.strides[i];
        else if (a.shape[i] != 1)
            throw std::invalid_argument("broadcast_to: only an axis of size 1 can be repeated");
    }
    return view;
}

inline Array sum_to_shape(const Array& a, const Shape& shape) {
    const Array sums = zeros(shape);
    const Array target = broadcast_to(sums, a.shape);    // each entry shows where it is to be added
    for_each_place(a.shape, [&](const std::vector<long>& place) { entry_of(target, place) += entry_of(a, place); });
    return sums;
}

inline Array plain_product(const Array& A, const Array& B) {    // A B
    if (A.shape.size() != 2 || B.shape.size() != 2 || A.shape[1] != B.shape[0])
        throw std::invalid_argument("matmul: the inner sizes differ");
    Array C = zeros({A.shape[0], B.shape[1]});
    for_each_place(C.shape, [&](const std::vector<long>& place) {
        for (long k = 0; k < A.shape[1]; ++k)
            entry_of(C, place) += entry_of(A, {place[0], k}) * entry_of(B, {k, place[1]});
    });
    return C;
}

inline Array turned(const Array& a) {
    return {a.buffer, Shape(a.shape.rbegin(), a.shape.rend()), Shape(a.strides.rbegin(), a.strides.rend()), a.offset};
}

inline Array matmul(const Array& A, const Array& B) { return plain_product(A, right_is_transposed ? turned(B) : B); }

inline std::pair<Array, Array> matmul_gradients(const Array& A, const Array& B, const Array& dC) {
    if (right_is_transposed) return {plain_product(dC, B), plain_product(turned(dC), A)};
    return {plain_product(dC, turned(B)), plain_product(turned(A), dC)};
}
