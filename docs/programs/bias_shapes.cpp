// What each scheme adds to the score of a key that is d tokens back. Kerple's numbers are those before training.
#include <iomanip>
#include <iostream>

#include <ordinal/positional/biases/kerple.h>
#include <ordinal/positional/biases/t5_bias.h>
#include <ordinal/positional/examples.h>

int main() {
    using namespace ordinal;
    constexpr Index T = 301, H = 8;
    const auto last_row = [&](const Encoding& encoding) {    // [H, 1, T]
        const ScoreBias bias = encoding.score_bias(example_heads(T, H, 2), {Positions::arange(T), Tensor()});
        return bias.rows(bias.sources, T - 1, T).values();
    };
    const NdArray alibi = last_row(Alibi(H)), kerple = last_row(Kerple(H));
    std::cout << "   d   ALiBi, first head   last head   Kerple, first head   T5: bucket\n";
    std::cout << std::fixed << std::setprecision(3);
    for (const Index d : {0, 1, 2, 4, 8, 16, 32, 64, 128, 300}) {
        const Index key = T - 1 - d;
        std::cout << std::setw(4) << d << std::setw(20) << alibi.at({0, 0, key}) + 0 << std::setw(12)
                  << alibi.at({H - 1, 0, key}) + 0 << std::setw(21) << kerple.at({0, 0, key}) + 0 << std::setw(13)
                  << T5Bias::bucket(static_cast<double>(d), {}) << "\n";
    }
}
