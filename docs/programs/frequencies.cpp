// "The sinusoid repeats after 10000": which later position looks most like position 0?
#include <iostream>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/waves/sinusoidal.h>

int main() {
    using namespace ordinal;
    const Sinusoidal sinusoid(32);    // 16 frequencies, so p_0 . p_0 = 16
    const NdArray P = sinusoid.vectors(Positions::arange(100001)).values();
    const NdArray likeness = matmul(P, reshape(slice(P, 0, 0, 1), {32, 1}));    // p_k . p_0: [100001, 1]
    for (const Index k : {0, 1, 2, 10, 10000, 62832})
        std::cout << "p_" << k << " . p_0 = " << std::lround(likeness.at({k, 0})) << "\n";
    const NdArray later = transpose(slice(likeness, 0, 2, 100001));
    std::cout << "most like position 0 among 2 .. 100000: " << argmax_last(later)[0] + 2 << "\n";

    const Scalar gap = max_abs_difference(sinusoid.orbit(1000), slice(P, 0, 0, 1000));
    std::cout << "rotated step by step, 1000 positions: " << (gap < 1e-6 ? "the same codes" : "other codes") << "\n";
}
