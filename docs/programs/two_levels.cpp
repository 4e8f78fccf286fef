// Two levels of positions: the place of a token in its sentence, and the number of the sentence.
#include <iomanip>
#include <iostream>

#include <ordinal/nn/text.h>
#include <ordinal/positional/combined/segmented.h>
#include <ordinal/positional/registry.h>

int main() {
    using namespace ordinal;
    const std::string text = "so it is.no.or is it?";    // one character = one token
    const CharacterVocabulary vocabulary(text);
    const IndexArray ids = vocabulary.encode(text), ends = vocabulary.encode(".?");
    const Index T = ids.size();
    const auto segments = segments_of({{1, T}, ids.values}, ends.values);
    const Positions positions = Positions::arange(T).with_segments(segments);

    Rng rng(1);    // a table whose row r is the number r, so that one sees which row each token gets
    NdArray rulers = zeros({16, 1});
    for (Index r = 0; r < 16; ++r) rulers.set({r, 0}, static_cast<Scalar>(r));
    std::cout << "token ";
    for (const char c : text) std::cout << std::setw(3) << c;
    for (const std::string counts : {"place", "number"}) {
        const auto table = make_encoding("table(rows=16, segments=" + counts + ")", {.d_model = 1}, rng);
        table->parameters()[0].tensor.set_values(rulers);
        const Tensor x(zeros({1, T, 1}));
        const NdArray rows = table->apply_to_input(x, positions, Mode::evaluation()).values();
        std::cout << "\n" << std::left << std::setw(6) << counts << std::right;
        for (Index t = 0; t < T; ++t) std::cout << std::setw(3) << rows.at({0, t, 0});
    }
    std::cout << "\n";
}
