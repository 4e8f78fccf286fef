// OpenBLAS as a peer for matrix products: loaded while the program runs, if it is installed.
#pragma once

#include <string>

#include <ordinal/core/fast/gemm.h>

namespace ordinal::bench {

class OpenBlas {
public:
    OpenBlas();    // looks for the library; Ordinal itself does not need it

    bool present() const { return gemm_ != nullptr; }
    const std::string& description() const { return description_; }    // file and kernel

    void set_num_threads(int count) const;
    // C = A B, row-major; a matrix whose column_stride is not 1 lies transposed
    void gemm(Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C, Index c_stride) const;

private:
    using Gemm = void (*)(int order, int a_transposed, int b_transposed, int m, int n, int k, Scalar alpha,
                          const Scalar* A, int lda, const Scalar* B, int ldb, Scalar beta, Scalar* C, int ldc);
    Gemm gemm_ = nullptr;
    void (*set_num_threads_)(int) = nullptr;
    std::string description_;
};

}    // namespace ordinal::bench
