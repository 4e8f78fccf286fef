// Takes the place of OpenBLAS in the test where that is not installed: what its arguments mean, as loops.
namespace {

// C[m, n] = A[m, k] B[k, n], row-major, rows lda, ldb, ldc apart; a transposed operand lies as [k, m] or [n, k]. Like
// OpenBLAS, it computes nothing where rows are closer than they are long.
template <class Number>
void multiply(int a_transposed, int b_transposed, int m, int n, int k, const Number* A, int lda, const Number* B,
              int ldb, Number* C, int ldc) {
    if (lda < (a_transposed == 112 ? m : k) || ldb < (b_transposed == 112 ? k : n) || ldc < n) return;
    for (int i = 0; i < m; ++i)
        for (int j = 0; j < n; ++j) {
            double sum = 0;
            for (int p = 0; p < k; ++p)
                sum += double(a_transposed == 112 ? A[p * lda + i] : A[i * lda + p]) *
                       double(b_transposed == 112 ? B[j * ldb + p] : B[p * ldb + j]);
            C[i * ldc + j] = static_cast<Number>(sum);
        }
}

}    // namespace

extern "C" void cblas_sgemm(int, int a_transposed, int b_transposed, int m, int n, int k, float, const float* A,
                            int lda, const float* B, int ldb, float, float* C, int ldc) {
    multiply(a_transposed, b_transposed, m, n, k, A, lda, B, ldb, C, ldc);
}

extern "C" void cblas_dgemm(int, int a_transposed, int b_transposed, int m, int n, int k, double, const double* A,
                            int lda, const double* B, int ldb, double, double* C, int ldc) {
    multiply(a_transposed, b_transposed, m, n, k, A, lda, B, ldb, C, ldc);
}
