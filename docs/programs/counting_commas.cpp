// "How many commas back?" and "since the last full stop": two distances that no count of tokens can express.
#include <iomanip>
#include <iostream>
#include <string>

#include <ordinal/positional/biases/cope.h>
#include <ordinal/positional/biases/forgetting.h>

using namespace ordinal;

namespace {

const std::string text = "ab,c,def.gh,i";    // one character = one token
const Index T = static_cast<Index>(text.size());

// [1, 1, T, 2]: (yes, 0) where the character is `mark`, else (no, 0).
Tensor marked(char mark, Scalar yes, Scalar no) {
    NdArray marks = zeros({1, 1, T, 2});
    for (Index t = 0; t < T; ++t) marks.mutable_data()[2 * t] = text[static_cast<std::size_t>(t)] == mark ? yes : no;
    return Tensor(marks);
}

void set(const Module& module, std::size_t which, const NdArray& values) {
    module.parameters()[which].tensor.set_values(values);
}

// The bias of the last token's query: [T].
NdArray last_row(const Encoding& encoding, const QueryKeyValue& heads, const Tensor& x) {
    const ScoreBias bias = encoding.score_bias(heads, {Positions::arange(T), x});
    return reshape(bias.rows(bias.sources, T - 1, T).values(), {T});
}

}    // namespace

int main() {
    Rng rng(1);
    // CoPE, set by hand: queries love the keys of commas, and e[n] = (n, 0), so that the bias is the count itself.
    const Cope cope(1, 2, 8, rng);
    NdArray ruler = zeros({8, 2});
    for (Index n = 0; n < 8; ++n) ruler.mutable_data()[2 * n] = static_cast<Scalar>(n);
    set(cope, 0, ruler);
    const Tensor ones(NdArray({1, 1, T, 2}, 1)), commas = marked(',', 60, -60);
    const NdArray count = last_row(cope, {ones, commas, ones}, Tensor());

    // The forgetting Transformer: a full stop forgets nearly everything before it, other tokens nothing.
    const Forgetting forgetting(1, 2, rng);
    set(forgetting, 0, NdArray({1, 2}, {1, 0}));
    const Tensor stops = reshape(marked('.', -20, 10), {1, T, 2});
    const NdArray decay = last_row(forgetting, {ones, ones, ones}, stops);

    std::cout << "token        ";
    for (const char c : text) std::cout << std::setw(5) << c;
    std::cout << "\ntokens back  ";
    for (Index j = 0; j < T; ++j) std::cout << std::setw(5) << T - 1 - j;
    std::cout << "\ncommas back  " << std::fixed << std::setprecision(0);
    for (Index j = 0; j < T; ++j) std::cout << std::setw(5) << std::abs(count.at({j}));
    std::cout << "\nweight left  " << std::setprecision(2);
    for (Index j = 0; j < T; ++j) std::cout << std::setw(5) << std::exp(decay.at({j}));
    std::cout << "\n";
}
