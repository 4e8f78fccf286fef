// Attention by hand, over "dog bites man". A token has three numbers: is it a noun, is it a verb, and which word is it?
#include <iomanip>
#include <iostream>

#include <ordinal/core/ops.h>

using namespace ordinal;

void show(const char* head, const NdArray& query, const NdArray& key, const NdArray& value) {
    const auto heads = [](const NdArray& x) { return Tensor(reshape(x, {1, 1, 3, 1})); };    // [B, H, T, Dh]
    const Tensor Q = heads(query), K = heads(key), V = heads(value);
    const NdArray scores = matmul(query, key.T()), weights = attention_weights(Q, K), y = attention(Q, K, V).values();
    std::cout << head << "\n         scores             weights              output\n";
    for (Index i = 0; i < 3; ++i) {
        std::cout << std::left << std::setw(6) << std::vector{"dog", "bites", "man"}[static_cast<std::size_t>(i)]
                  << std::right << std::setprecision(0);
        for (Index j = 0; j < 3; ++j) std::cout << std::setw(4) << scores.at({i, j});
        std::cout << std::setprecision(2) << "     ";
        for (Index j = 0; j < 3; ++j) std::cout << std::setw(6) << weights.at({0, 0, i, j});
        std::cout << std::setw(12) << y.at({0, 0, i, 0}) << "\n";
    }
}

int main() {
    const NdArray x({{1, 0, 1}, {0, 1, 5}, {1, 0, 3}});    // dog = 1, bites = 5, man = 3
    const NdArray noun = slice(x, 1, 0, 1), verb = slice(x, 1, 1, 2), word = slice(x, 1, 2, 3);
    std::cout << std::fixed;
    show("head 0: the verb asks for nouns", 3 * verb, noun, word);
    show("head 1: nouns ask for the verb", 3 * noun, verb, word);
}
