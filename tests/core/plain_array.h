// Arrays and loops in double, in the plainest way: what results of the library are compared with.
#pragma once

#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include <ordinal/core/scalar.h>

namespace plain {

using ordinal::Index;
using Place = std::vector<Index>;

// An array in the plainest way.
struct Plain {
    Place shape;
    std::vector<double> values;

    explicit Plain(Place sizes) : shape(std::move(sizes)), values(static_cast<std::size_t>(size()), 0.0) {}
    Index size() const { return std::accumulate(shape.begin(), shape.end(), Index(1), std::multiplies<>()); }
    std::size_t axes() const { return shape.size(); }
    double& at(const Place& place) {    // of the right-aligned, broadcast array
        Index offset = 0;
        for (std::size_t axis = 0; axis < axes(); ++axis)
            offset = offset * shape[axis] + (shape[axis] == 1 ? 0 : place[place.size() - axes() + axis]);
        return values[static_cast<std::size_t>(offset)];
    }
};

template <class F>
void for_places(const Place& shape, F f) {
    const Index count = std::accumulate(shape.begin(), shape.end(), Index(1), std::multiplies<>());
    Place place(shape.size(), 0);
    for (Index i = 0; i < count; ++i) {
        f(place);
        for (std::size_t axis = shape.size(); axis-- > 0;) {
            if (++place[axis] < shape[axis]) break;
            place[axis] = 0;
        }
    }
}

template <class F>
Plain each(Plain& x, F f) {
    Plain y = x;
    for (double& value : y.values) value = f(value);
    return y;
}

template <class F>
Plain each(Plain& a, Plain& b, Place shape, F f) {
    Plain y(std::move(shape));
    for_places(y.shape, [&](const Place& place) { y.at(place) = f(a.at(place), b.at(place)); });
    return y;
}

// y = f(row) for every row along the last axis
template <class F>
Plain rows(Plain& x, F f) {
    Plain y = x;
    const auto n = static_cast<std::size_t>(x.shape.back());
    for (std::size_t begin = 0; n > 0 && begin < y.values.size(); begin += n) f(y.values.data() + begin, n);
    return y;
}

inline double log_of_sum(const double* x, std::size_t n) {
    double total = 0;
    for (std::size_t i = 0; i < n; ++i) total += std::exp(x[i]);
    return std::log(total);
}

inline Plain sum_over(Plain& x, std::size_t axis) {
    Place shape = x.shape;
    shape[axis] = 1;
    Plain y(shape);
    for_places(x.shape, [&](const Place& place) { y.at(place) += x.at(place); });
    return y;
}

inline Plain transposed(Plain& x, std::size_t a, std::size_t b) {
    Place shape = x.shape;
    std::swap(shape[a], shape[b]);
    Plain y(shape);
    for_places(x.shape, [&](Place place) {
        const double value = x.at(place);
        std::swap(place[a], place[b]);
        y.at(place) = value;
    });
    return y;
}

inline Plain sliced(Plain& x, std::size_t axis, Index begin, Index end) {
    Place shape = x.shape;
    shape[axis] = end - begin;
    Plain y(shape);
    for_places(shape, [&](Place place) {
        double& value = y.at(place);
        place[axis] += begin;
        value = x.at(place);
    });
    return y;
}

// x: [..., k]   b: [k, n]   ->   [..., n]
inline Plain product(Plain& x, Plain& b) {
    Place shape = x.shape;
    shape.back() = b.shape[1];
    Plain y(shape);
    for_places(shape, [&](Place place) {
        double& total = y.at(place);
        const Index column = place.back();
        for (Index p = 0; p < b.shape[0]; ++p) {
            place.back() = p;
            total += x.at(place) * b.at({p, column});
        }
    });
    return y;
}

}    // namespace plain
