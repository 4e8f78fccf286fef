#include "bench/openblas.h"

#include <dlfcn.h>

#include <cstdlib>
#include <type_traits>

namespace ordinal::bench {
namespace {

// Where Debian puts the variants. The one built with OpenMP comes first: it is also the one PyTorch needs.
const char* const places[] = {
    "/usr/lib/x86_64-linux-gnu/openblas-openmp/libopenblas.so.0",
    "/usr/lib/aarch64-linux-gnu/openblas-openmp/libopenblas.so.0",
    "/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0",
    "/usr/lib/aarch64-linux-gnu/openblas-pthread/libopenblas.so.0",
    "libopenblas.so.0",    // wherever the system looks for libraries
    "libopenblas.dylib",
};

template <class Function>
void find(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(dlsym(library, name));
}

}    // namespace

OpenBlas::OpenBlas() {
    unsetenv("OPENBLAS_CORETYPE");    // they would force slower kernels on it
    unsetenv("OPENBLAS_L2_SIZE");
    for (const char* place : places) {
        void* library = dlopen(place, RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) continue;
        const char* (*core_name)() = nullptr;
        find(library, std::is_same_v<Scalar, double> ? "cblas_dgemm" : "cblas_sgemm", gemm_);
        find(library, "openblas_set_num_threads", set_num_threads_);
        find(library, "openblas_get_corename", core_name);
        description_ = place;
        if (core_name != nullptr) description_ += std::string(", kernel ") + core_name();
        return;    // stays loaded to the end
    }
}

void OpenBlas::set_num_threads(int count) const {
    if (set_num_threads_ != nullptr) set_num_threads_(count);
}

void OpenBlas::gemm(Index m, Index n, Index k, MatrixView A, MatrixView B, Scalar* C, Index c_stride) const {
    constexpr int row_major = 101, as_it_is = 111, transposed = 112;    // CBLAS's numbers
    const auto order = [](MatrixView X) { return X.column_stride == 1 ? as_it_is : transposed; };
    const auto stride = [](MatrixView X) {
        return static_cast<int>(X.column_stride == 1 ? X.row_stride : X.column_stride);
    };
    gemm_(row_major, order(A), order(B), static_cast<int>(m), static_cast<int>(n), static_cast<int>(k), 1, A.data,
          stride(A), B.data, stride(B), 0, C, static_cast<int>(c_stride));
}

}    // namespace ordinal::bench
