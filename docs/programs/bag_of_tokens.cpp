// Attention without positions cannot tell "dog bites man" from "man bites dog".
//     bag_of_tokens [causal]
#include <iostream>

#include <ordinal/nn/attention.h>

int main(int argc, char**) {
    using namespace ordinal;
    Rng rng(1);
    const MultiHeadAttention attention(8, 2, rng);
    const NdArray dog_bites_man = random_normal({1, 3, 8}, 1, rng);
    const IndexArray backwards({3}, {2, 1, 0});
    const auto reversed = [&](const NdArray& x) {
        return reshape(gather_rows(reshape(x, {3, 8}), backwards), {1, 3, 8});
    };
    const auto read = [&](const NdArray& x) {
        return attention.forward(Tensor(x), Mode::evaluation(), {.causal = argc > 1}).values();
    };
    const Scalar gap = max_abs_difference(read(reversed(dog_bites_man)), reversed(read(dog_bites_man)));
    std::cout << "the same vectors in another order: " << (gap < 1e-5 ? "yes" : "no") << "\n";
}
