// A random walker on a chain of 128 tokens, 64 steps: who returns as often as whom?
#include <iostream>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/graphs/random_walk.h>

int main() {
    using namespace ordinal;
    const NdArray small = return_probabilities(6, 4);
    for (Index k = 0; k < 6; ++k)
        std::cout << "token " << k << " of 6: back after 2 steps " << small.at({k, 1}) << ", after 4 "
                  << small.at({k, 3}) << "\n";

    const NdArray f = return_probabilities(128, 64);
    const auto differ = [&](Index i, Index j) {
        return max_abs_difference(slice(f, 0, i, i + 1), slice(f, 0, j, j + 1)) > 0;
    };
    Index mirrored = 0, equal = 0;
    for (Index k = 0; k < 128; ++k)
        mirrored += max_abs_difference(slice(f, 0, k, k + 1), slice(f, 0, 127 - k, 128 - k)) < 1e-6;
    for (Index k = 0; k < 127; ++k) equal += !differ(k, k + 1);
    std::cout << "128 tokens: " << mirrored << " equal their mirror image; " << equal
              << " of 127 pairs of neighbours have equal numbers\n";
}
