// map and zip: one function applied to every element, with broadcasting. All elementwise operations are these.
#pragma once

#include <optional>
#include <utility>

#include <ordinal/core/fast/instruction_set.h>
#include <ordinal/core/fast/parallel.h>
#include <ordinal/core/fast/row_cursor.h>
#include <ordinal/core/nd_array.h>

namespace ordinal {

constexpr Index elements_for_a_thread = 16384;    // below this, handing it over costs more than it brings
constexpr Index sums_for_a_thread = 32768;        // the same for work as light as one addition an element

// The numbers of an array one behind the other: in a copy, where they do not lie so. It must not outlive the array.
struct InOrder {
    explicit InOrder(const NdArray& a) : data((a.is_contiguous() ? a : copy.emplace(contiguous(a))).data()) {}
    std::optional<NdArray> copy;
    const Scalar* data;
};

// Calls rows(begin, end) for all rows of a shape, on several threads when there is enough to do.
template <class Body>
void for_rows(const Shape& shape, Body body, Index elements = elements_for_a_thread) {
    const Index grain = std::max<Index>(elements / std::max<Index>(shape.last(), 1), 1);
    parallel_for(RowCursor::rows(shape), grain, body);
}

// Calls block(first, last, begin, end) for parts of rows x columns numbers: for all, or for bands of them on threads,
// along the longer side, each of `numbers` or more.
template <class Block>
void for_blocks(Index rows, Index columns, Index numbers, Block block) {
    if (rows >= columns)
        parallel_for(rows, numbers / std::max<Index>(columns, 1) + 1,
                     [&](Index first, Index last) { block(first, last, Index(0), columns); });
    else
        parallel_for(columns, std::max<Index>(numbers / std::max<Index>(rows, 1) + 1, 64),
                     [&](Index begin, Index end) { block(Index(0), rows, begin, end); });
}

// f(0), ..., f(n - 1), as vector instructions on several threads
template <class F>
void for_elements(Index n, F f, Index grain = elements_for_a_thread) {
    parallel_for(n, grain, [f](Index begin, Index end) {
        vectorized_for(end - begin, [=](Index i) ORDINAL_INLINE { f(begin + i); });
    });
}

// out = kernel(a), for a kernel that takes n numbers at once: kernel(from, to, n), see core/fast/kernels.h
template <class Kernel>
NdArray map_all(const NdArray& a, Kernel kernel) {
    const InOrder values(a);
    NdArray out = NdArray::uninitialized(a.shape());
    const Scalar* from = values.data;
    Scalar* to = out.mutable_data();
    parallel_for(a.size(), elements_for_a_thread,
                 [=](Index begin, Index end) { kernel(from + begin, to + begin, end - begin); });
    return out;
}

// out row = f(row): calls row_kernel(from, to, D) for every row of a contiguous copy
template <class Kernel>
NdArray map_rows(const NdArray& a, Kernel row_kernel) {
    const InOrder rows(a);
    NdArray out = NdArray::uninitialized(a.shape());
    const Scalar* from = rows.data;
    Scalar* to = out.mutable_data();
    const Index columns = a.shape().last();
    for_rows(a.shape(), [&](Index begin, Index end) {
        for (Index row = begin; row < end; ++row) row_kernel(row, from + row * columns, to + row * columns, columns);
    });
    return out;
}

// out [..., 1]: each row [D] becomes the number row_kernel(row, D)
template <class Kernel>
NdArray reduce_rows(const NdArray& a, Kernel row_kernel) {
    const InOrder rows(a);
    Shape shape = a.shape();
    const Index columns = std::exchange(shape[-1], 1);
    NdArray out = NdArray::uninitialized(shape);
    Scalar* to = out.mutable_data();
    for_rows(a.shape(), [&](Index begin, Index end) {
        for (Index row = begin; row < end; ++row) to[row] = row_kernel(rows.data + row * columns, columns);
    });
    return out;
}

// out[i] = f(a[i])
template <class F>
NdArray map(const NdArray& a, F f) {
    const InOrder values(a);
    NdArray out = NdArray::uninitialized(a.shape());
    for_elements(a.size(),
                 [f, from = values.data, to = out.mutable_data()](Index i) ORDINAL_INLINE { to[i] = f(from[i]); });
    return out;
}

// out = kernel(a, b), for arrays of one shape and a kernel that takes n numbers of each: kernel(x, y, to, n)
template <class Kernel>
NdArray zip_all(const NdArray& a, const NdArray& b, Kernel kernel) {
    const InOrder left(a), right(b);
    NdArray out = NdArray::uninitialized(a.shape());
    const Scalar *x = left.data, *y = right.data;
    Scalar* to = out.mutable_data();
    parallel_for(a.size(), elements_for_a_thread,
                 [=](Index begin, Index end) { kernel(x + begin, y + begin, to + begin, end - begin); });
    return out;
}

// out[i] = f(a[i], b[i]), shapes broadcast together.   `who` names the operation if they do not fit.
template <class F>
NdArray zip(const char* who, const NdArray& a, const NdArray& b, F f) {
    if (a.shape() == b.shape() && a.is_contiguous() && b.is_contiguous()) {
        NdArray out = NdArray::uninitialized(a.shape());
        const auto one = [f, x = a.data(), y = b.data(), to = out.mutable_data()](Index i)
                             ORDINAL_INLINE { to[i] = f(x[i], y[i]); };
        for_elements(a.size(), one, sums_for_a_thread);
        return out;
    }
    const Shape shape = broadcast_shapes(a.shape(), b.shape(), who);
    NdArray out = NdArray::uninitialized(shape);
    Scalar* to = out.mutable_data();
    const NdArray wide_a = broadcast_to(a, shape), wide_b = broadcast_to(b, shape);
    const JoinedAxes axes(shape, wide_a.strides(), wide_b.strides());
    const Index rows = RowCursor::rows(axes.shape), columns = axes.shape.last();
    const Index step_a = RowCursor::step(axes.shape, axes.a), step_b = RowCursor::step(axes.shape, axes.b);
    for_blocks(rows, columns, sums_for_a_thread, [&](Index first, Index last, Index begin, Index end) {
        RowCursor cursor_a(axes.shape, axes.a, first), cursor_b(axes.shape, axes.b, first);
        for (Index row = first; row < last; ++row, cursor_a.next(), cursor_b.next()) {
            const Scalar *x = wide_a.data() + cursor_a.offset() + begin * step_a,
                         *y = wide_b.data() + cursor_b.offset() + begin * step_b;
            Scalar* z = to + row * columns + begin;
            if (step_a == 1 && step_b == 1) {    // the usual cases apart, so that they become vector instructions
                vectorized_for(end - begin, [=](Index j) ORDINAL_INLINE { z[j] = f(x[j], y[j]); });
            } else if (step_a == 1 && step_b == 0) {
                vectorized_for(end - begin, [=, all = *y](Index j) ORDINAL_INLINE { z[j] = f(x[j], all); });
            } else if (step_a == 0 && step_b == 1) {
                vectorized_for(end - begin, [=, all = *x](Index j) ORDINAL_INLINE { z[j] = f(all, y[j]); });
            } else {
                for (Index j = 0; j < end - begin; ++j) z[j] = f(x[j * step_a], y[j * step_b]);
            }
        }
    });
    return out;
}

// a[i] = f(a[i], b[i]) for the part `a` of an array that part_of(whole), a view, shows. b broadcasts to a.
template <class Part, class F>
void zip_in_place(NdArray& whole, Part part_of, const NdArray& b, F f) {
    Scalar* to = whole.mutable_data();
    const NdArray a = part_of(whole), from = contiguous(broadcast_to(b, a.shape()));
    to += a.data() - whole.data();
    if (a.is_contiguous()) {
        const auto one = [f, x = from.data(), to](Index i) ORDINAL_INLINE { to[i] = f(to[i], x[i]); };
        return for_elements(a.size(), one, sums_for_a_thread);
    }
    const Index columns = a.shape().last(), step = RowCursor::step(a.shape(), a.strides());
    RowCursor cursor(a.shape(), a.strides());
    for (Index row = 0; row < RowCursor::rows(a.shape()); ++row, cursor.next()) {
        const Scalar* x = from.data() + row * columns;
        Scalar* y = to + cursor.offset();
        if (step == 1) {    // the usual case apart, as above
            for (Index j = 0; j < columns; ++j) y[j] = f(y[j], x[j]);
        } else {
            for (Index j = 0; j < columns; ++j) y[j * step] = f(y[j * step], x[j]);
        }
    }
}

// out[i] = f(a[i], b[i], c[i]), shapes broadcast together
template <class F>
NdArray zip(const char* who, const NdArray& a, const NdArray& b, const NdArray& c, F f) {
    const Shape shape = broadcast_shapes(broadcast_shapes(a.shape(), b.shape(), who), c.shape(), who);
    const NdArray wide_a = contiguous(broadcast_to(a, shape)), wide_b = contiguous(broadcast_to(b, shape)),
                  wide_c = contiguous(broadcast_to(c, shape));
    NdArray out = NdArray::uninitialized(shape);
    const Scalar *x = wide_a.data(), *y = wide_b.data(), *z = wide_c.data();
    Scalar* to = out.mutable_data();
    for_elements(shape.size(), [=](Index i) ORDINAL_INLINE { to[i] = f(x[i], y[i], z[i]); });
    return out;
}

}    // namespace ordinal
