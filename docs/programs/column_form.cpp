// ALiBi is -m |i - j|. Much code adds +m j instead. Is that the same?
#include <iostream>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/biases/alibi.h>
#include <ordinal/positional/examples.h>

int main() {
    using namespace ordinal;
    constexpr Index T = 6, H = 2;
    const QueryKeyValue heads = example_heads(T, H, 4);
    const auto attend = [&](const NdArray& bias, bool causal) {
        const auto rows = [&](const std::vector<Tensor>&, Index begin, Index end) {
            return slice(Tensor(bias), 1, begin, end);
        };
        return attention(heads.query, heads.key, heads.value, {.causal = causal, .bias = {.rows = rows}}).values();
    };
    const ScoreBias alibi = Alibi(H).score_bias(heads, {Positions::arange(T), Tensor()});
    const NdArray by_distance = alibi.rows({}, 0, T).values();
    NdArray by_column = zeros({H, T, T});
    for (Index h = 0; h < H; ++h)
        for (Index i = 0; i < T; ++i)
            for (Index j = 0; j < T; ++j)
                by_column.mutable_data()[(h * T + i) * T + j] =
                    static_cast<Scalar>(Alibi::slopes(H)[static_cast<std::size_t>(h)] * static_cast<double>(j));
    for (const bool causal : {true, false}) {
        const Scalar gap = max_abs_difference(attend(by_distance, causal), attend(by_column, causal));
        std::cout << (causal ? "causal: " : "no mask: ") << (gap < 1e-5 ? "the same" : "something else") << "\n";
    }
}
