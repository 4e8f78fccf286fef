// p_{k+1} = tanh(W p_k + b), untrained: after how many steps is p_1000 back where it was?
//     three_fates [ENCODING ...]
#include <iostream>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/registry.h>

int main(int argc, char** argv) {
    using namespace ordinal;
    std::vector<std::string> names(argv + 1, argv + argc);
    if (names.empty()) names = {"rnn(state=8)", "rnn(state=2, init=rotation)", "rnn(state=8, init=rotation)"};
    for (const std::string& name : names) {
        Rng rng(1);
        const auto encoding = make_encoding(name, {.d_model = 32}, rng);
        const NdArray codes = encoding->vectors(Positions::arange(1101)).values();
        const auto row = [&](Index k) { return slice(codes, 0, k, k + 1); };
        Index lag = 1;
        while (lag < 100 && max_abs_difference(row(1000), row(1000 + lag)) > 1e-3) ++lag;
        std::cout << name << ": " << (lag < 100 ? text_of("back after ", lag) : "not back within 100") << "\n";
    }
}
