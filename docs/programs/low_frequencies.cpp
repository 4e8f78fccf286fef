// A model with heads of 64 numbers was trained on 512 positions and shall read 2048. Which pairs of numbers must
// rotate more slowly?
#include <iomanip>
#include <iostream>

#include <ordinal/positional/rotations/rotary_scaling.h>

int main() {
    using namespace ordinal;
    constexpr Index head_dim = 64, trained = 512;
    const auto scaled = [](RotaryScaling scaling) {
        return rotary_frequencies(head_dim, {.scaling = scaling, .factor = 4, .trained = trained});
    };
    const auto plain = rotary_frequencies(head_dim, {}).w, linear = scaled(RotaryScaling::linear).w;
    const auto ntk = scaled(RotaryScaling::ntk).w, yarn = scaled(RotaryScaling::yarn).w;
    std::cout << "pair   rotations in training   frequency kept by linear    ntk   yarn\n" << std::fixed;
    int never_round = 0;
    for (std::size_t j = 0; j < plain.size(); ++j) {
        const double rotations = static_cast<double>(trained) * plain[j] / (2 * std::numbers::pi);
        if (rotations < 1) ++never_round;
        if (j % 5 != 0 && j != plain.size() - 1) continue;
        std::cout << std::setw(4) << j << std::setw(24) << std::setprecision(2) << rotations << std::setw(27)
                  << linear[j] / plain[j] << std::setw(7) << ntk[j] / plain[j] << std::setw(7) << yarn[j] / plain[j]
                  << "\n";
    }
    std::cout << never_round << " of " << plain.size() << " pairs never came round in training\n";
    std::cout << "yarn also multiplies queries and keys by " << scaled(RotaryScaling::yarn).attention_scaling << "\n";
}
