// What the recurrent encodings refuse, and what they say.
#include <iostream>

#include <ordinal/positional/registry.h>

int main() {
    using namespace ordinal;
    Rng rng(1);
    const auto run = [&](const std::string& name, const Positions& positions) {
        const Tensor x(zeros({1, positions.size(), 8}));
        try {
            make_encoding(name, {.d_model = 8}, rng)->apply_to_input(x, positions, Mode::evaluation());
        } catch (const Error& error) {
            std::cout << error.what() << "\n";
        }
    };
    run("rnn(state=3, init=rotation)", Positions::arange(2));
    run("rnn(init=ortogonal)", Positions::arange(2));
    run("rnn", Positions::of({0.5}));
    run("rnn_over_inputs", Positions::arange(2).shifted(3));
}
