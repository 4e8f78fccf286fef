// Chapter 3: the weights of two heads over the three tokens of docs/programs/three_tokens.cpp.
#include <array>

#include <ordinal/core/ops.h>

#include "docs/pictures/drawing.h"

using namespace ordinal;

int main() {
    // [noun, verb, which word]; each head's W_q and W_k take one of the three numbers
    const NdArray x({{1, 0, 1}, {0, 1, 5}, {1, 0, 3}});
    const NdArray noun = slice(x, 1, 0, 1), verb = slice(x, 1, 1, 2);
    const Tensor Q(reshape(concat({3 * verb, 3 * noun}, 1).T(), {1, 2, 3, 1}));    // [B, H, T, Dh]
    const Tensor K(reshape(concat({noun, verb}, 1).T(), {1, 2, 3, 1}));
    const NdArray weights = attention_weights(Q, K);    // [1, 2, 3, 3]

    constexpr std::array words{"dog", "bites", "man"};
    constexpr std::array heads{"head 0: the verb asks for nouns", "head 1: nouns ask for the verb"};
    constexpr double cell = 64;
    drawing::Sheet sheet(660, 300, "The attention weights of two heads, three queries by three keys each");
    for (Index h = 0; h < 2; ++h) {
        const double left = 80 + 320 * static_cast<double>(h), top = 80;
        sheet.text({left, 30}, heads[static_cast<std::size_t>(h)], "start", "subtitle");
        for (Index i = 0; i < 3; ++i) {
            const double along = cell * static_cast<double>(i);
            sheet.text({left + along + cell / 2, top - 10}, words[static_cast<std::size_t>(i)]);
            sheet.text({left - 10, top + along + cell / 2 + 4}, words[static_cast<std::size_t>(i)], "end");
            for (Index j = 0; j < 3; ++j) {
                const double weight = static_cast<double>(weights.at({0, h, i, j}));
                const double x0 = left + cell * static_cast<double>(j);
                sheet.box({x0, top + along}, cell, cell, h == 0 ? "c0" : "c1", weight * 0.7);
                sheet.text({x0 + cell / 2, top + along + cell / 2 + 5}, demos::plot::number(weight, "%.2f"));
            }
        }
    }
    sheet.text({80, 292}, "a row for each query, a column for each key; a row adds up to 1", "start", "");
    sheet.print();
}
