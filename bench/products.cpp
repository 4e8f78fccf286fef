// Matrix products by Ordinal and by OpenBLAS, which is loaded while the program runs if it is installed: Ordinal itself
// does not need it.
#include "bench/ordinal_side.h"

#include <dlfcn.h>

#include <cmath>
#include <memory>
#include <sstream>
#include <type_traits>

#include <ordinal/core/error.h>
#include <ordinal/core/fast/gemm.h>
#include <ordinal/core/fast/parallel.h>
#include <ordinal/core/random.h>

namespace ordinal::bench {
namespace {

using Multiply = std::function<void(Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C)>;

// Where Debian puts the variants. The one built with OpenMP comes first: it is also the one PyTorch needs.
const char* const places[] = {
    "/usr/lib/x86_64-linux-gnu/openblas-openmp/libopenblas.so.0",
    "/usr/lib/aarch64-linux-gnu/openblas-openmp/libopenblas.so.0",
    "/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0",
    "/usr/lib/aarch64-linux-gnu/openblas-pthread/libopenblas.so.0",
    "libopenblas.so.0",    // wherever the system looks for libraries
    "libopenblas.dylib",
};

struct OpenBlas {
    using Gemm = void (*)(int order, int a_transposed, int b_transposed, int m, int n, int k, Scalar alpha,
                          const Scalar* A, int lda, const Scalar* B, int ldb, Scalar beta, Scalar* C, int ldc);
    Gemm gemm = nullptr;    // where it is installed
    std::string description;
};

template <class Function>
Function* find(void* library, const char* name) {
    return reinterpret_cast<Function*>(dlsym(library, name));
}

const OpenBlas& openblas() {
    static const OpenBlas loaded = [] {
        for (const char* place : places) {
            void* library = dlopen(place, RTLD_NOW | RTLD_LOCAL);    // stays loaded to the end
            if (library == nullptr) continue;
            OpenBlas blas;
            const char* name = std::is_same_v<Scalar, double> ? "cblas_dgemm" : "cblas_sgemm";
            blas.gemm = find<std::remove_pointer_t<OpenBlas::Gemm>>(library, name);
            blas.description = place;
            if (const auto core_name = find<const char*()>(library, "openblas_get_corename"))
                blas.description += std::string(", kernel ") + core_name();
            if (const auto set_threads = find<void(int)>(library, "openblas_set_num_threads"))
                set_threads(num_threads());
            return blas;
        }
        return OpenBlas();
    }();
    return loaded;
}

void by_openblas(Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C) {
    constexpr int row_major = 101, as_it_is = 111, transposed = 112;    // CBLAS's numbers
    // A single row that lies transposed has a column_stride of 1, too; then its row_stride tells.
    const auto lies = [](MatrixView X, Index columns) { return X.column_stride == 1 && X.row_stride >= columns; };
    const auto order = [&](MatrixView X, Index columns) { return lies(X, columns) ? as_it_is : transposed; };
    const auto stride = [&](MatrixView X, Index columns) {
        return static_cast<int>(lies(X, columns) ? X.row_stride : X.column_stride);
    };
    openblas().gemm(row_major, order(A, k), order(B, n), static_cast<int>(m), static_cast<int>(n), static_cast<int>(k),
                    1, A.data, stride(A, k), B.data, stride(B, n), 0, C, static_cast<int>(n));
}

void by_ordinal(Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C) { gemm(m, n, k, A, B, C, n); }

void naive(Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C) { naive_gemm(m, n, k, A, B, C, n); }

std::vector<Scalar> random_numbers(Index count, Rng& rng) {
    std::vector<Scalar> numbers;
    for (Index i = 0; i < count; ++i) numbers.push_back(static_cast<Scalar>(rng.uniform(-1, 1)));
    return numbers;
}

// `batch` products of the same size, with the same numbers for everybody.
struct Problem {
    std::string transposed;    // "NN", "NT", "TN"
    Index m, n, k, batch;
    std::vector<Scalar> a = {}, b = {}, c = {};

    void fill() {
        Rng rng(0);
        a = random_numbers(batch * m * k, rng);
        b = random_numbers(batch * k * n, rng);
        c.resize(static_cast<std::size_t>(batch * m * n));
    }

    void one(Index i, const Multiply& multiply) {
        const Scalar *A = a.data() + i * m * k, *B = b.data() + i * k * n;
        multiply(m, n, k, transposed == "TN" ? MatrixView{A, 1, m} : MatrixView{A, k, 1},
                 transposed == "NT" ? MatrixView{B, 1, k} : MatrixView{B, n, 1}, c.data() + i * m * n);
    }
};

double error_of(const Multiply& multiply) {
    struct Sizes {
        Index m, n, k;
    };
    double worst = 0;
    for (const std::string transposed : {"NN", "NT", "TN"})
        for (const auto& [m, n, k] : {Sizes{1, 33, 5}, Sizes{67, 129, 300}, Sizes{130, 31, 515}}) {
            Problem one{transposed, m, n, k, 2}, other = one;
            one.fill();
            other.fill();
            for (Index i = 0; i < 2; ++i) {
                one.one(i, multiply);
                other.one(i, naive);
            }
            for (std::size_t i = 0; i < one.c.size(); ++i) {
                const double error = std::abs(static_cast<double>(one.c[i] - other.c[i])) / std::sqrt(double(k));
                if (!(error <= worst)) worst = error;    // NaN is the worst
            }
        }
    return worst;
}

}    // namespace

Run prepare_product(const std::string& name) {
    std::istringstream in(name);
    std::string who;
    Problem read;
    in >> who >> read.transposed >> read.m >> read.n >> read.k >> read.batch;
    if (who != "gemm" && who != "openblas") return nullptr;
    require<OptionError>(!in.fail(), "expected 'gemm NN m n k batch', got '", name, "'");
    require<OptionError>(who == "gemm" || openblas().gemm != nullptr, "OpenBLAS is not installed");
    const auto problem = std::make_shared<Problem>(read);
    problem->fill();
    if (who == "gemm")
        return [problem] {
            parallel_for(problem->batch, 1, [&](Index begin, Index end) {
                for (Index i = begin; i < end; ++i) problem->one(i, by_ordinal);
            });
        };
    // One after the other, each on all threads: OpenBLAS 0.3.21 knows no batches, and this is how PyTorch calls it.
    return [problem] {
        for (Index i = 0; i < problem->batch; ++i) problem->one(i, by_openblas);
    };
}

std::string openblas_description() { return openblas().description; }
double gemm_error() { return error_of(by_ordinal); }
double openblas_error() { return error_of(by_openblas); }

}    // namespace ordinal::bench
