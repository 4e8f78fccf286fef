#include <ordinal/core/ops_matmul.h>

#include <ordinal/core/fast/gemm.h>
#include <ordinal/core/nd_math.h>

namespace ordinal {

// dX = dY W,  dW = dY^T X,  db = sum of dY's rows
Tensor linear(const Tensor& X, const Tensor& W, const Tensor& b) {
    require(X.ndim() >= 1 && W.ndim() == 2 && X.dim(-1) == W.dim(1) && (!b.defined() || b.shape() == Shape{W.dim(0)}),
            "linear: expected X [..., in], W [out, in] and b [out], got X ", X.shape(), ", W ", W.shape(), " and b ",
            b.defined() ? b.shape() : Shape{});
    const Index out = W.dim(0), in = W.dim(1);
    Shape shape = X.shape();
    shape[-1] = 1;
    const Index rows = shape.size();    // X.size() / in would not do where in is 0
    shape[-1] = out;
    const NdArray x = contiguous(X.values()), w = contiguous(W.values()),
                  bias = b.defined() ? contiguous(b.values()) : NdArray();
    NdArray Y = NdArray::uninitialized(shape);
    gemm(rows, out, in, {x.data(), in, 1}, {w.data(), 1, in}, Y.mutable_data(), out, false,
         b.defined() ? bias.data() : nullptr);
    std::vector<Tensor> inputs{X, W};
    if (b.defined()) inputs.push_back(b);
    return Tensor::from_op("linear", Y, inputs, [=](const NdArray& d_output) {
        const NdArray dY = contiguous(d_output);
        if (X.requires_grad()) {    // [rows, out][out, in] -> [rows, in]
            NdArray dX = NdArray::uninitialized(X.shape());
            gemm(rows, in, out, {dY.data(), out, 1}, {w.data(), in, 1}, dX.mutable_data(), in);
            X.accumulate_grad(std::move(dX));
        }
        if (W.requires_grad()) {    // [out, rows][rows, in] -> [out, in]
            const auto product = [&](NdArray& dW, bool add) {
                gemm(out, in, rows, {dY.data(), 1, out}, {x.data(), in, 1}, dW.mutable_data(), in, add);
            };
            if (W.grad_begun() && rows <= 256) {    // in a step of a recurrence: the same bits, and no array between
                W.accumulate_grad([&](NdArray& dW) { product(dW, true); });
            } else {
                NdArray dW = NdArray::uninitialized(W.shape());
                product(dW, false);
                W.accumulate_grad(std::move(dW));
            }
        }
        if (b.requires_grad()) b.accumulate_grad(sum_to_shape(dY, b.shape()));
    });
}

}    // namespace ordinal
