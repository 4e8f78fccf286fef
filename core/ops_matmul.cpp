#include <ordinal/core/ops_matmul.h>

#include <ordinal/core/nd_math.h>
#include <ordinal/core/ops_shape.h>

namespace ordinal {

// C = A B            dA = dC B^T,  dB = A^T dC
Tensor matmul(const Tensor& A, const Tensor& B) {
    // [B, T, k] [k, n]: one product of B T rows
    if (A.ndim() > 2 && B.ndim() == 2 && A.dim(-1) == B.dim(0) && A.size() > 0) {
        const Tensor C = matmul(reshape(A, {-1, A.dim(-1)}), B);
        Shape shape = A.shape();
        shape[-1] = B.dim(1);
        return reshape(C, shape);
    }
    return Tensor::from_op("matmul", matmul(A.values(), B.values()), {A, B}, [A, B](const NdArray& dC) {
        if (A.requires_grad())    // [m, n][n, k] -> [m, k]
            A.accumulate_grad(sum_to_shape(matmul(dC, transpose(B.values())), A.shape()));
        if (B.requires_grad())    // [k, m][m, n] -> [k, n]
            B.accumulate_grad(sum_to_shape(matmul(transpose(A.values()), dC), B.shape()));
    });
}

}    // namespace ordinal
