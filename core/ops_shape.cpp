#include <ordinal/core/ops_shape.h>

#include <functional>

#include <ordinal/core/fast/buffer.h>
#include <ordinal/core/fast/elementwise.h>
#include <ordinal/core/nd_math.h>

namespace ordinal {

// dX = dY in X's shape
Tensor reshape(const Tensor& X, const Shape& shape) {
    return Tensor::from_op("reshape", reshape(X.values(), shape), {X},
                           [X](const NdArray& dY) { X.accumulate_grad(reshape(dY, X.shape())); });
}

// dX = dY with the same two axes swapped back
Tensor transpose(const Tensor& X, Index axis0, Index axis1) {
    return Tensor::from_op("transpose", transpose(X.values(), axis0, axis1), {X},
                           [=](const NdArray& dY) { X.accumulate_grad(transpose(dY, axis0, axis1)); });
}

// Y's axis i is X's axis axes[i]          dX's axis axes[i] is dY's axis i: the inverse permutation
Tensor permute(const Tensor& X, std::initializer_list<Index> axes) {
    const NdArray Y = permute(X.values(), std::span<const Index>(axes.begin(), axes.size()));
    std::array<Index, Shape::max_rank> inverse{};
    for (Index i = 0; Index axis : axes)
        inverse[static_cast<std::size_t>(normalize_axis(axis, X.ndim(), "permute"))] = i++;
    return Tensor::from_op("permute", Y, {X}, [X, inverse, n = axes.size()](const NdArray& dY) {
        X.accumulate_grad(permute(dY, std::span(inverse).first(n)));
    });
}

// Y = X[range]          dX[range] += dY, 0 elsewhere; in place: T slices of a [B, T, D] tensor must not cost T
// gradients of size [B, T, D]
Tensor slice(const Tensor& X, Index axis, Slice range) {
    return Tensor::from_op("slice", slice(X.values(), axis, range), {X}, [=](const NdArray& dY) {
        const auto part = [=](const NdArray& dX) { return slice(dX, axis, range); };
        X.accumulate_grad([&](NdArray& dX) { zip_in_place(dX, part, dY, std::plus<>()); });
    });
}

Tensor squeeze(const Tensor& X) { return reshape(X, squeeze(X.values()).shape()); }

Tensor squeeze(const Tensor& X, Index axis) { return reshape(X, squeeze(X.values(), axis).shape()); }

Tensor unsqueeze(const Tensor& X, Index axis) { return reshape(X, unsqueeze(X.values(), axis).shape()); }

Tensor select(const Tensor& X, Index axis, Index i) {
    const NdArray Y = select(X.values(), axis, i);    // checks axis and i
    const Index entry = i < 0 ? i + X.dim(axis) : i;
    return reshape(slice(X, axis, entry, entry + 1), Y.shape());
}

Tensor Tensor::operator[](Index i) const { return select(*this, 0, i); }
Tensor Tensor::operator[](Slice range) const { return slice(*this, 0, range); }

Tensor Tensor::T() const {
    return from_op("transpose", values().T(), {*this}, [X = *this](const NdArray& dY) { X.accumulate_grad(dY.T()); });
}

// dX = the sum of dY over all repetitions
Tensor broadcast_to(const Tensor& X, const Shape& shape) {
    return Tensor::from_op("broadcast_to", broadcast_to(X.values(), shape), {X},
                           [X](const NdArray& dY) { X.accumulate_grad(sum_to_shape(dY, X.shape())); });
}

// Y = parts one after the other          d part = its slice of dY
Tensor concat(const std::vector<Tensor>& parts, Index axis) {
    const auto joined = [&] {
        std::vector<NdArray> values;
        for (const Tensor& part : parts) values.push_back(part.values());
        return Tensor::from_op("concat", concat(values, axis), parts, [parts, axis](const NdArray& dY) {
            for (Index begin = 0; const Tensor& part : parts) {
                part.accumulate_grad(slice(dY, axis, begin, begin + part.dim(axis)));
                begin += part.dim(axis);
            }
        });
    };
    return with_memory(joined, "concat: there is no memory for a list of ", parts.size(), " parts");
}

Tensor stack(const std::vector<Tensor>& parts, Index axis) {
    require(!parts.empty(), "stack: expected at least one tensor, got none");
    const int which = normalize_axis(axis, parts.front().ndim() + 1, "stack");
    std::vector<Tensor> thick = room_for<Tensor>(std::ssize(parts), "stack");
    for (auto to = thick.begin(); const Tensor& part : parts) {
        require(part.shape() == parts.front().shape(), "stack: expected equal shapes, got ", parts.front().shape(),
                " and ", part.shape());
        *to++ = unsqueeze(part, which);
    }
    return concat(thick, which);
}

std::vector<Tensor> unstack(const Tensor& X, Index axis) {
    const int which = normalize_axis(axis, X.ndim(), "unstack");
    std::vector<Tensor> parts = room_for<Tensor>(X.dim(which), "unstack");
    for (Index i = 0; Tensor & part : parts) part = select(X, which, i++);
    return parts;
}

// Y[i] = table[ids[i]]          d table[ids[i]] += dY[i]: a row that was read twice gets both gradients
Tensor gather_rows(const Tensor& table, const IndexArray& ids) {
    const auto kept = with_memory([&] { return std::make_shared<const IndexArray>(ids); },
                                  "gather_rows: there is no memory for ", ids.size(), " ids");
    return Tensor::from_op("gather_rows", gather_rows(table.values(), ids), {table}, [table, kept](const NdArray& dY) {
        table.accumulate_grad([&](NdArray& d_table) { scatter_add_rows(d_table, *kept, dY); });
    });
}

}    // namespace ordinal
