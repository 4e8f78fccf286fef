#include <ordinal/positional/measures/kernel.h>

#include <doctest/doctest.h>

#include <cmath>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/biases/alibi.h>
#include <ordinal/positional/measures/similarity.h>
#include <ordinal/positional/no_encoding.h>
#include <ordinal/positional/recurrences/rnn_over_inputs.h>
#include <ordinal/positional/waves/sinusoidal.h>
#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// Multiplies all queries by one number.
class Times : public Encoding {
public:
    explicit Times(Scalar factor) : factor_(factor) {}
    QueryKeyValue apply_to_queries_and_keys(const QueryKeyValue& qkv, const AttentionContext&) const override {
        return {qkv.query * factor_, qkv.key, qkv.value};
    }
    Traits traits() const override { return {.place = Place::queries_and_keys, .source = "this test"}; }
    NdArray narrate(Index, std::ostream&) const override { return zeros({4}); }
    Parameters parameters() const override { return {}; }

private:
    Scalar factor_;
};

std::vector<Scalar> kernel_times(Scalar factor) {
    return attention_kernel(Times(factor), {.length = 2, .d_model = 8, .num_heads = 2, .draws = 3}).to_vector();
}

}    // namespace

TEST_CASE("a kernel is measured by the size of its diagonal and a diagonal of 0 gives no scale") {
    const auto all = [](Scalar factor, double expected) {
        for (const Scalar number : kernel_times(factor)) CHECK(std::abs(static_cast<double>(number) - expected) < 1e-6);
    };
    all(1, 1);
    all(5, 1);
    all(-1, -1);    // the query means the opposite of itself
    all(0, 0);
}

// Equal tokens have the products q . k = |c_h|^2 / sqrt(Dh) everywhere: what is left of the mean over heads and draws
// is the bias, by hand.
TEST_CASE("the kernel of a bias is its mean over the heads that see a key") {
    const Index T = 5, D = 12, H = 4, draws = 3;
    const std::vector<double> m = Alibi::slopes(H), halves = Alibi::slopes(H / 2);
    for (const AlibiForm form : {AlibiForm::symmetric, AlibiForm::one_sided}) {
        Rng rng(9);
        std::vector<double> products(4);
        for (Index draw = 0; draw < draws; ++draw) {
            const std::vector<Scalar> c = random_normal({1, 1, D}, 1, rng).to_vector();
            for (std::size_t i = 0; i < c.size(); ++i)
                products[i / 3] += static_cast<double>(c[i]) * static_cast<double>(c[i]) / std::sqrt(3.0);
        }
        const bool both = form == AlibiForm::symmetric;
        const auto sum = [&](Index i, Index j) {    // over draws, of the mean over heads
            double total = 0, seen = 0;
            for (Index h = 0; h < H; ++h) {
                if (!both && (h < 2 ? j > i : j < i)) continue;
                const auto at = static_cast<std::size_t>(h);
                const double slope = both ? m[at] : halves[at % 2];
                total += products[at] - static_cast<double>(draws) * slope * std::abs(static_cast<double>(i - j));
                ++seen;
            }
            return total / seen;
        };
        const NdArray K =
            attention_kernel(Alibi(H, form), {.length = T, .d_model = D, .num_heads = H, .draws = draws, .seed = 9});
        CHECK(K.shape() == Shape{T, T});
        for (Index i = 0; i < T; ++i)
            for (Index j = 0; j < T; ++j)
                CHECK(std::abs(static_cast<double>(K.at({i, j})) - sum(i, j) / sum(0, 0)) <= tolerance(1e-5, 1e-13));
    }
}

TEST_CASE("the kernel of codes is their cosine - and where nothing acts all positions are alike") {
    const KernelOptions options{.length = 6, .d_model = 8, .num_heads = 2, .draws = 1, .seed = 4};
    const Sinusoidal waves(8);
    CHECK(largest_error(input_codes(waves, options), waves.vectors(Positions::arange(6)).values()) <= 1e-6);
    CHECK(largest_error(attention_kernel(waves, options), cosine_similarity(input_codes(waves, options))) == 0);
    CHECK(same_numbers(attention_kernel(NoEncoding(8), options), NdArray({6, 6}, 1)));
    // What depends on tokens is asked about one that is drawn, small, and the same everywhere.
    Rng rng(1), drawn(4);
    const auto reads = std::make_unique<RnnOverInputs>(std::make_unique<RnnCell>(8, 8, rng));
    const NdArray token = random_normal({1, 1, 8}, 0.5, drawn), x = contiguous(broadcast_to(token, {1, 6, 8}));
    const NdArray y = reads->apply_to_input(Tensor(x), Positions::arange(6), Mode::evaluation()).values();
    CHECK(largest_error(input_codes(*reads, options), reshape(y - x, {6, 8})) <= tolerance(1e-6, 1e-14));
}

TEST_CASE("attention_kernel refuses sizes that cannot be") {
    for (const KernelOptions& wrong : {KernelOptions{.draws = 0}, KernelOptions{.num_heads = 0},
                                       KernelOptions{.d_model = 63}, KernelOptions{.length = -1}})
        CHECK_THROWS_AS(attention_kernel(Times(1), wrong), ShapeError);
    CHECK(attention_kernel(Times(1), {.length = 1, .d_model = 1, .num_heads = 1, .draws = 1}).shape() == Shape{1, 1});
    CHECK_THROWS_WITH_AS(attention_kernel(Times(1), {.length = 0}),
                         "attention_kernel: expected a length and draws > 0 and heads that divide d_model, got length "
                         "0, draws 32, 4 heads of d_model 64",
                         ShapeError);
}
