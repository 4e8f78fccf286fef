// llama3 and dynamic scaling, and a part of the pairs, against figures of the library transformers.
#include <ordinal/positional/rotations/rotary_scaling.h>

#include <doctest/doctest.h>

#include <ordinal/positional/rotations/rotary.h>
#include "tests/positional/attending.h"

using namespace ordinal;
using namespace ordinal::testing;

// Figures of transformers 5.24 (modeling_rope_utils.py, _compute_llama3_parameters), its formula in double.
TEST_CASE("llama3 slows down pairs that made few rotations in training") {
    const RotaryFrequencies f =
        rotary_frequencies(64, {.base = 500000, .scaling = RotaryScaling::llama3, .factor = 32, .trained = 8192});
    const auto plain = rotary_frequencies(64, {.base = 500000}).w;
    for (std::size_t j = 0; j <= 14; ++j) CHECK(f.w[j] == plain[j]);    // more than 4 rotations
    const std::vector<std::pair<std::size_t, double>> expected{
        {14, 0.003211445994752591},  {15, 0.0012905479282092638},  {16, 0.0004295567965593682},
        {17, 9.708287802627676e-05}, {18, 1.9461638184831125e-05}, {31, 9.41830672543491e-08}};
    for (const auto& [j, w] : expected) CHECK(std::abs(f.w[j] / w - 1) <= 1e-14);
    for (std::size_t j = 18; j < 32; ++j) CHECK(f.w[j] == plain[j] / 32);    // not even one
    CHECK(f.attention_scaling == 1);
}

// Figures of transformers 5.24 (_compute_dynamic_ntk_parameters), in Python:
//     c = LlamaConfig(hidden_size=64, num_attention_heads=1, head_dim=64, max_position_embeddings=32,
//                     rope_parameters={"rope_type": "dynamic", "factor": 2.0, "rope_theta": 10000.0})
//     w, _ = ROPE_INIT_FUNCTIONS["dynamic"](c, "cpu", seq_len=33)    # w[16].item(); with 64: w[31].item()
// It computes in float32, whose pow and division leave some 1e-7 of each w: so 1e-6. The bases are its formula in
// double, 10000 (2 * 33 / 32 - 1)^(64 / 62), written down to a thousandth: so 1e-7.
TEST_CASE("dynamic scaling waits until the text is too long and forgets it afterwards") {
    const RotaryOptions options{.scaling = RotaryScaling::dynamic, .factor = 2, .trained = 32};
    const auto at = [&](Index length) { return rotary_frequencies(64, options, length).w; };
    const auto base_at = [&](Index length) { return std::pow(at(length)[1], -32.0); };    // w_1 = base^(-2/64)
    CHECK(at(16) == rotary_frequencies(64, {}).w);
    CHECK(at(32) == rotary_frequencies(64, {}).w);
    CHECK(std::abs(base_at(33) / 10645.799 - 1) <= 1e-7);
    CHECK(std::abs(base_at(64) / 31082.237 - 1) <= 1e-7);
    CHECK(std::abs(at(33)[16] / 0.009691943414509296 - 1) <= 1e-6);
    CHECK(std::abs(at(64)[31] / 4.445071317604743e-05 - 1) <= 1e-6);
    for (const Index length : {40, 64, 1000})    // the slowest pair: divided by s L / N - (s - 1)
        CHECK(std::abs(at(16)[31] / at(length)[31] / (2 * static_cast<double>(length) / 32 - 1) - 1) <= 1e-13);
    // The scheme itself: bit for bit RoPE up to the trained length, also after a long text.
    const Rotary dynamic(2, 8, PairLayout::interleaved, options), plain(2, 8);
    const auto query = [](const Encoding& encoding, Index T) {
        return encoding.apply_to_queries_and_keys(example_heads(T, 2, 8), {Positions::arange(T)}).query.values();
    };
    for (const Index T : {16, 32}) CHECK(same_numbers(query(dynamic, T), query(plain, T)));
    CHECK(largest_error(query(dynamic, 33), query(plain, 33)) > 1e-3);
    CHECK(same_numbers(query(dynamic, 16), query(plain, 16)));
    // Each text of a batch counts its own tokens and not the padding behind it.
    const QueryKeyValue one = example_heads(40, 2, 8);
    const QueryKeyValue two{concat({one.query, one.query}, 0), concat({one.key, one.key}, 0), one.value};
    const QueryKeyValue both = dynamic.apply_to_queries_and_keys(two, {Positions::arange(40).with_lengths({20, 40})});
    CHECK(same_numbers(slice(both.query.values(), 0, 0, 1), query(plain, 40)));
    CHECK(same_numbers(slice(both.query.values(), 0, 1, 2), query(dynamic, 40)));
    CHECK(same_numbers(slice(both.key.values(), 0, 0, 1),
                       plain.apply_to_queries_and_keys(one, {Positions::arange(40)}).key.values()));
}

// Expected numbers: transformers 5.24 in double, apply_rotary_pos_emb of GPT-NeoX with the frequencies of
// partial_rotary_factor = 0.5 (whole) and of rope_type "proportional", 0.75 (cut); the vector 1, 2, ..., 16 at 3.
TEST_CASE("a part of the pairs rotates - the two ways in the layout of transformers") {
    std::vector<Scalar> numbers;
    for (int i = 1; i <= 16; ++i) numbers.push_back(static_cast<Scalar>(i));
    const Tensor v(NdArray({1, 1, 1, 16}, numbers));
    const auto rotated = [&](const RotaryOptions& options) {
        return Rotary(1, 16, PairLayout::half, options)
            .apply_to_queries_and_keys({v, v, v}, {Positions::of({3})})
            .query.values();
    };
    const std::vector<double> whole{-1.6955925368997815,
                                    0.13755173828317435,
                                    2.7886815998294927,
                                    3.975982036013484,
                                    -4.8088424749423595,
                                    6.323059348076315,
                                    7.086836736850399,
                                    8.011963982027009,
                                    9,
                                    10,
                                    11,
                                    12,
                                    13,
                                    14,
                                    15,
                                    16};
    const std::vector<double> cut{-2.2600725691392505,
                                  -6.960981745015918,
                                  -0.3847128058979177,
                                  2.845300399957698,
                                  4.607808666112494,
                                  5.866916332523883,
                                  7,
                                  8,
                                  -8.768812461344142,
                                  7.452833900306323,
                                  11.395262000365685,
                                  12.324944853182936,
                                  13.144127939749316,
                                  14.05629014879689,
                                  15,
                                  16};
    const NdArray by_whole = rotated({.part = 0.5, .spectrum = Spectrum::whole}), by_cut = rotated({.part = 0.75});
    for (Index i = 0; i < 16; ++i) {
        CHECK(std::abs(static_cast<double>(by_whole.at({0, 0, 0, i})) - whole[static_cast<std::size_t>(i)]) <=
              tolerance(2e-6, 1e-14));
        CHECK(std::abs(static_cast<double>(by_cut.at({0, 0, 0, i})) - cut[static_cast<std::size_t>(i)]) <=
              tolerance(2e-6, 1e-14));
    }
}

TEST_CASE("a part of the pairs is RoPE there and nothing elsewhere") {
    const QueryKeyValue qkv = example_heads(50, 2, 16);
    const AttentionContext context{Positions::arange(50, 1000)};
    const auto query = [&](const Encoding& encoding) {
        return encoding.apply_to_queries_and_keys(qkv, context).query.values();
    };
    const auto columns = [](const NdArray& x, Index begin, Index end) { return contiguous(slice(x, 3, begin, end)); };
    for (const PairLayout layout : {PairLayout::interleaved, PairLayout::half}) {
        const NdArray plain = query(Rotary(2, 16, layout));
        CHECK(same_numbers(query(Rotary(2, 16, layout, {.part = 1})), plain));
        CHECK(same_numbers(query(Rotary(2, 16, layout, {.part = 1, .spectrum = Spectrum::whole})), plain));
        // cut: the fastest 6 of 8 pairs; part = 0.8 is 6.4 pairs, rounded down
        for (const double part : {0.75, 0.8}) {
            const NdArray some = query(Rotary(2, 16, layout, {.part = part}));
            for (Index j = 0; j < 8; ++j)
                for (const Index i : {pair_of(layout, j, 16).a, pair_of(layout, j, 16).b})
                    CHECK(same_numbers(columns(some, i, i + 1), columns(j < 6 ? plain : qkv.query.values(), i, i + 1)));
        }
        // whole: a RoPE for the first 12 numbers alone
        const NdArray first = query(Rotary(2, 16, layout, {.part = 0.75, .spectrum = Spectrum::whole}));
        const auto part = [](const Tensor& t) { return slice(t, 3, 0, 12); };
        const QueryKeyValue narrow =
            Rotary(2, 12, layout).apply_to_queries_and_keys({part(qkv.query), part(qkv.key), {}}, context);
        CHECK(same_numbers(columns(first, 0, 12), narrow.query.values()));
        CHECK(same_numbers(columns(first, 12, 16), columns(qkv.query.values(), 12, 16)));
    }
    std::ostringstream out;
    made("rope(part=0.5)", {.d_model = 16, .num_heads = 2})->explain(3, out);
    CHECK(out.str().find("4 pairs in each head, of which 2 rotate and the others stay as they are:") !=
          std::string::npos);
    const auto says = [](const std::string& specification, const std::string& sentence) {    // 1 + 0.1 ln 4 = 1.13863
        std::ostringstream text;
        made(specification, {.d_model = 16, .num_heads = 2})->explain(3, text);
        return text.str().find(sentence + " times 1.13863 (the temperature of yarn)\n") != std::string::npos;
    };
    CHECK(says("rope(part=0.5, scaling=yarn, factor=4)", "  the pairs that rotate"));
    CHECK(says("rope(scaling=yarn, factor=4)", "  all of it"));
}
