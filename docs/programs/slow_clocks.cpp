// A model with heads of 64 numbers was trained on 512 positions and shall read 2048. Which clocks are slowed down?
#include <iomanip>
#include <iostream>

#include <ordinal/positional/rotations/rotary_scaling.h>

int main() {
    using namespace ordinal;
    constexpr Index head_dim = 64, trained = 512;
    const auto clocks = [](RotaryScaling scaling) {
        return rotary_clocks(head_dim, {.scaling = scaling, .factor = 4, .trained = trained});
    };
    const auto plain = rotary_clocks(head_dim, {}).w, linear = clocks(RotaryScaling::linear).w;
    const auto ntk = clocks(RotaryScaling::ntk).w, yarn = clocks(RotaryScaling::yarn).w;
    std::cout << "pair   turns in training   speed kept by linear    ntk   yarn\n" << std::fixed;
    int never_round = 0;
    for (std::size_t j = 0; j < plain.size(); ++j) {
        const double turns = static_cast<double>(trained) * plain[j] / (2 * std::numbers::pi);
        if (turns < 1) ++never_round;
        if (j % 5 != 0 && j != plain.size() - 1) continue;
        std::cout << std::setw(4) << j << std::setw(20) << std::setprecision(2) << turns << std::setw(23)
                  << linear[j] / plain[j] << std::setw(7) << ntk[j] / plain[j] << std::setw(7) << yarn[j] / plain[j]
                  << "\n";
    }
    std::cout << never_round << " of " << plain.size() << " clocks never came round in training\n";
    std::cout << "yarn also multiplies queries and keys by " << clocks(RotaryScaling::yarn).loudness << "\n";
}
