// Push position 0 a little. How far apart are the two sequences of codes later?
//     who_corrects [ENCODING ...]
#include <iomanip>
#include <iostream>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/registry.h>

int main(int argc, char** argv) {
    using namespace ordinal;
    std::vector<std::string> names(argv + 1, argv + argc);
    if (names.empty()) names = {"rnn(state=2)", "rnn(state=2, init=rotation)", "linear(state=2)"};
    std::cout << "after steps                       0       10      100     1000\n"
              << std::fixed << std::setprecision(5);
    for (const std::string& name : names) {
        std::cout << std::left << std::setw(28) << name;
        NdArray codes[2];
        for (const bool pushed : {false, true}) {
            Rng rng(1);
            const auto encoding = make_encoding(name, {.d_model = 2}, rng);
            for (const auto& [parameter, tensor] : encoding->parameters())
                if (parameter == "start") tensor.set_values(NdArray({2}, {1, pushed ? Scalar(0.9) : Scalar(1)}));
            codes[pushed] = encoding->vectors(Positions::of({0, 10, 100, 1000})).values();
        }
        for (Index i = 0; i < 4; ++i) {
            const NdArray gap = slice(codes[0] - codes[1], 0, i, i + 1);
            std::cout << std::right << std::setw(9) << std::sqrt(sum_all(gap * gap));
        }
        std::cout << "\n";
    }
}
