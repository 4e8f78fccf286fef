#include <ordinal/core/nd_math.h>

#include <cmath>
#include <limits>

#include <ordinal/core/fast/elementwise.h>
#include <ordinal/core/fast/gemm.h>
#include <ordinal/core/fast/kernels.h>

namespace ordinal {

NdArray operator+(const NdArray& a, const NdArray& b) {
    return zip("add", a, b, [](Scalar x, Scalar y) { return x + y; });
}
NdArray operator-(const NdArray& a, const NdArray& b) {
    return zip("sub", a, b, [](Scalar x, Scalar y) { return x - y; });
}
NdArray operator*(const NdArray& a, const NdArray& b) {
    return zip("mul", a, b, [](Scalar x, Scalar y) { return x * y; });
}
NdArray operator/(const NdArray& a, const NdArray& b) {
    return zip("div", a, b, [](Scalar x, Scalar y) { return x / y; });
}
NdArray operator+(const NdArray& a, Number b) {
    return map(a, [b = Scalar(b)](Scalar x) { return x + b; });
}
NdArray operator*(const NdArray& a, Number b) {
    return map(a, [b = Scalar(b)](Scalar x) { return x * b; });
}
NdArray operator-(const NdArray& a) {
    return map(a, [](Scalar x) { return -x; });
}

void add_in_place(NdArray& a, const NdArray& b) {
    require(a.shape() == b.shape(), "add_in_place: shapes ", a.shape(), " and ", b.shape(), " differ");
    Scalar* to = a.mutable_data();
    const NdArray from = contiguous(b);
    const Scalar* x = from.data();
    parallel_for(a.size(), elements_for_a_thread, [=](Index begin, Index end) {
        for (Index i = begin; i < end; ++i) to[i] += x[i];
    });
}

Shape with_size_1(const Shape& shape, std::initializer_list<Index> axes, const char* who) {
    Shape kept = shape;
    for (Index axis : axes) {
        const int which = normalize_axis(axis, shape.ndim(), who);
        require(kept[which] >= 0, who, ": axis ", which, " is named twice");
        kept[which] = -1;
    }
    for (int axis = 0; axis < kept.ndim(); ++axis) kept[axis] = kept[axis] < 0 ? 1 : kept[axis];
    return kept;
}

NdArray sum(const NdArray& a, std::initializer_list<Index> axes) {
    return sum_to_shape(a, with_size_1(a.shape(), axes, "sum"));
}

NdArray max(const NdArray& a, Index axis) {
    const int which = normalize_axis(axis, a.ndim(), "max");
    require(a.shape()[which] > 0, "max: axis ", which, " of ", a.shape(), " is empty, so it has no maximum");
    NdArray best = slice(a, which, 0, 1);
    for (Index i = 1; i < a.shape()[which]; ++i)
        best = zip("max", best, slice(a, which, i, i + 1), [](Scalar x, Scalar y) { return x > y || x != x ? x : y; });
    return contiguous(best);
}

IndexArray argmax_last(const NdArray& a) {
    require(a.ndim() > 0 && a.shape().last() > 0, "argmax_last: the last axis of ", a.shape(), " is empty");
    const NdArray rows = contiguous(a);
    const Index columns = a.shape().last();
    std::vector<Index> best;
    for (const Scalar* row = rows.data(); row < rows.data() + rows.size(); row += columns) {
        const auto less = [](Scalar x, Scalar y) { return x < y || (y != y && x == x); };    // NaN above all, as in max
        best.push_back(std::max_element(row, row + columns, less) - row);
    }
    return {a.shape().without(a.ndim() - 1), std::move(best)};
}

static MatrixView last_two_axes(const NdArray& a, Index offset) {
    const auto rows = static_cast<std::size_t>(a.ndim() - 2);
    return {a.data() + offset, a.strides()[rows], a.strides()[rows + 1]};
}

static Shape batch_axes(const NdArray& a) { return Shape(std::span(a.shape().begin(), a.shape().end() - 2)); }

static Shape with_matrix(const Shape& batch, Index rows, Index columns) {
    return batch.with(batch.ndim(), rows).with(batch.ndim() + 1, columns);
}

NdArray matmul(const NdArray& a, const NdArray& b) {
    require(a.ndim() >= 2 && b.ndim() >= 2 && a.dim(-1) == b.dim(-2),
            "matmul: expected A [..., m, k] and B [..., k, n], got A ", a.shape(), " and B ", b.shape());
    const Index m = a.dim(-2), k = a.dim(-1), n = b.dim(-1);
    const Shape batch = broadcast_shapes(batch_axes(a), batch_axes(b), "matmul");
    NdArray out = NdArray::uninitialized(with_matrix(batch, m, n));
    Scalar* to = out.mutable_data();
    const NdArray wide_a = broadcast_to(a, with_matrix(batch, m, k)),
                  wide_b = broadcast_to(b, with_matrix(batch, k, n));

    // The offset of matrix i of a batch is that of "row" i of the batch axes with one axis of size 1 behind them.
    const Shape matrices = with_matrix(batch, 1, 1);
    const Index grain = std::max<Index>(200'000 / std::max<Index>(m * n * k, 1), 1);    // products, about 5 us
    parallel_for(batch.size(), batch.size() > 1 ? grain : 2, [&](Index begin, Index end) {
        RowCursor cursor_a(matrices, wide_a.strides(), begin), cursor_b(matrices, wide_b.strides(), begin);
        for (Index i = begin; i < end; ++i, cursor_a.next(), cursor_b.next())
            gemm(m, n, k, last_two_axes(wide_a, cursor_a.offset()), last_two_axes(wide_b, cursor_b.offset()),
                 to + i * m * n, n);
    });
    return out;
}

static void check_ids(const NdArray& table, const IndexArray& ids, const char* who) {
    require(table.ndim() == 2, who, ": expected a table [V, D], got ", table.shape());
    require(ids.shape.size() == ids.size(), who, ": ids of shape ", ids.shape, " hold ", ids.size(), " values");
    for (Index id : ids.values)
        require<IndexError>(0 <= id && id < table.dim(0), who, ": row ", id, " is outside a table of ", table.dim(0),
                            " rows");
}

NdArray gather_rows(const NdArray& table, const IndexArray& ids) {
    check_ids(table, ids, "gather_rows");
    const Index width = table.dim(1);
    const NdArray rows = contiguous(table);
    NdArray out = NdArray::uninitialized(ids.shape.with(ids.shape.ndim(), width));
    Scalar* to = out.mutable_data();
    parallel_for(ids.size(), elements_for_a_thread / std::max<Index>(width, 1) + 1, [&](Index begin, Index end) {
        for (Index i = begin; i < end; ++i) std::copy_n(rows.data() + ids[i] * width, width, to + i * width);
    });
    return out;
}

void scatter_add_rows(NdArray& table, const IndexArray& ids, const NdArray& rows) {
    check_ids(table, ids, "scatter_add_rows");
    const Index width = table.dim(1);
    require(rows.size() == ids.size() * width, "scatter_add_rows: ", ids.size(), " rows of width ", width,
            " expected, got ", rows.shape());
    kernels::add_rows(ids.values.data(), ids.size(), width, contiguous(rows).data(), table.mutable_data());
}

NdArray concat(const std::vector<NdArray>& parts, Index axis) {
    require(!parts.empty(), "concat: expected at least one array, got none");
    const int which = normalize_axis(axis, parts.front().ndim(), "concat");
    Shape shape = parts.front().shape();
    shape[which] = 0;
    for (const auto& part : parts) {
        Shape expected = shape;
        if (part.ndim() == shape.ndim()) expected[which] = part.shape()[which];
        require(part.shape() == expected, "concat: ", parts.front().shape(), " and ", part.shape(),
                " differ in more than axis ", which);
        shape[which] += part.shape()[which];
    }
    NdArray out = NdArray::uninitialized(shape);
    if (out.size() == 0) return out;
    // Seen as [outer, size of the axis, inner], every part is one block of each outer row.
    const Index inner = out.strides()[static_cast<std::size_t>(which)], row = shape[which] * inner;
    Scalar* to = out.mutable_data();
    for (const auto& part : parts) {
        const NdArray from = contiguous(part);
        const Index block = part.shape()[which] * inner;
        for (Index i = 0; i < out.size() / row; ++i) std::copy_n(from.data() + i * block, block, to + i * row);
        to += block;
    }
    return out;
}

bool has_nan(const NdArray& a) {
    const NdArray values = contiguous(a);
    return std::any_of(values.data(), values.data() + values.size(), [](Scalar x) { return std::isnan(x); });
}

Scalar max_abs_difference(const NdArray& a, const NdArray& b) {
    require(a.shape() == b.shape(), "max_abs_difference: shapes ", a.shape(), " and ", b.shape(), " differ");
    if (has_nan(a) || has_nan(b)) return std::numeric_limits<Scalar>::quiet_NaN();
    const NdArray gap =
        zip("max_abs_difference", a, b, [](Scalar x, Scalar y) { return x == y ? 0 : std::abs(x - y); });
    return gap.size() == 0 ? 0 : *std::max_element(gap.data(), gap.data() + gap.size());
}

}    // namespace ordinal
