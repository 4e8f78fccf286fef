// Chapter 14: how far back is a key of the text "ab,c,def.gh,i", seen from its last token? Counted in tokens, and in
// commas by CoPE, whose numbers are set by hand as in docs/programs/counting_commas.cpp.
#include <ordinal/positional/biases/cope.h>

#include "docs/pictures/drawing.h"

using namespace ordinal;

int main() {
    const std::string text = "ab,c,def.gh,i";
    const Index T = std::ssize(text);
    Rng rng(1);
    const Cope cope(1, 2, 8, rng);
    NdArray ruler = zeros({8, 2}), commas = full({1, 1, T, 2}, 0);
    for (Index n = 0; n < 8; ++n) ruler.set({n, 0}, static_cast<double>(n));
    for (Index t = 0; t < T; ++t) commas.set({0, 0, t, 0}, text[static_cast<std::size_t>(t)] == ',' ? 60 : -60);
    cope.parameters()[0].tensor.set_values(ruler);
    const Tensor ones(full({1, 1, T, 2}, 1));
    const ScoreBias bias = cope.score_bias({ones, Tensor(commas), ones}, {Positions::arange(T), Tensor()});
    const NdArray count = bias.rows(bias.sources, T - 1, T).values();    // [.., 1, T]
    const NdArray row = reshape(count, {T});

    constexpr double cell = 48, left = 60, bottom = 300, unit = 20;
    drawing::Sheet sheet(720, 360, "Distances from the last token: in tokens they rise evenly, in commas by steps");
    for (Index t = 0; t < T; ++t) {
        const double x = left + cell * static_cast<double>(t), back = static_cast<double>(T - 1 - t);
        const double counted = std::round(std::abs(static_cast<double>(row.at({t}))));
        sheet.box({x + 4, bottom - unit * back}, 17, unit * back, "c0", 0.5);
        sheet.box({x + 25, bottom - unit * counted}, 17, unit * counted, "c1", 0.6);
        sheet.text({x + cell / 2, bottom + 22}, std::string(1, text[static_cast<std::size_t>(t)]), "middle", "title");
        if (counted > 0) sheet.text({x + 33, bottom - unit * counted - 5}, demos::plot::number(counted, "%.0f"));
        if (back > 0) sheet.text({x + 12, bottom - unit * back - 5}, demos::plot::number(back, "%.0f"));
    }
    sheet.text({left + 300, 60}, "tokens back", "start", "subtitle");
    sheet.box({left + 276, 48}, 14, 14, "c0", 0.5);
    sheet.text({left + 300, 84}, "commas back", "start", "subtitle");
    sheet.box({left + 276, 72}, 14, 14, "c1", 0.6);
    sheet.text({left, bottom + 48}, "each seen from the last token, i", "start", "");
    sheet.print();
}
