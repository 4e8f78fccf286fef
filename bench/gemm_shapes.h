// The matrix products that W1 and W3 are made of, and square ones.
#pragma once

#include <string>
#include <vector>

#include "bench/openblas.h"
#include "bench/samples.h"

namespace ordinal::bench {

// C = A B, [m, k][k, n], `batch` of them. Which operand lies transposed: NN none, NT B (a forward pass with W [out,
// in]), TN A (the gradient of a weight).
struct GemmShape {
    std::string name;
    Index m, n, k;
    Index batch = 1;
    bool a_transposed = false, b_transposed = false;

    double gflop() const { return 2.0 * static_cast<double>(m * n * k * batch) / 1e9; }
};

const std::vector<GemmShape>& gemm_shapes();

// One shape with its numbers, so that both sides multiply the same ones.
class GemmProblem {
public:
    explicit GemmProblem(const GemmShape& shape);
    void ours();
    void theirs(const OpenBlas& blas);
    const std::vector<Scalar>& result() const { return c_; }    // [batch, m, n], of whoever came last

private:
    template <class Multiply>
    void one(Index i, Multiply multiply);

    GemmShape shape_;
    std::vector<Scalar> a_, b_, c_;
};

}    // namespace ordinal::bench
