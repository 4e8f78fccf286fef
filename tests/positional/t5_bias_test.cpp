#include <ordinal/positional/biases/t5_bias.h>

#include <doctest/doctest.h>

#include "tests/positional/attending.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

struct Start {
    Index distance, bucket;    // this bucket begins at this distance
};

// The bucket of each distance 0 .. 399, from the list of starts.
void check_buckets(const std::vector<Start>& starts, const T5Options& options, Index sign) {
    for (std::size_t s = 0; s < starts.size(); ++s) {
        const Index end = s + 1 < starts.size() ? starts[s + 1].distance : 400;
        for (Index distance = starts[s].distance; distance < end; ++distance) {
            CAPTURE(distance);
            CHECK(T5Bias::bucket(static_cast<double>(sign * distance), options) == starts[s].bucket);
        }
    }
}

}    // namespace

// The lists were computed in exact fractions (Python): bucket e + m begins at the first distance d with
// (d / e)^(n - e) >= (max_distance / e)^m, for n buckets a side of which e = n/2 are exact.
TEST_CASE("the buckets of T5 begin where they begin in the published model") {
    const std::vector<Start> behind{{0, 0}, {1, 1},  {2, 2},   {3, 3},   {4, 4},   {5, 5},   {6, 6},   {7, 7},
                                    {8, 8}, {12, 9}, {16, 10}, {23, 11}, {32, 12}, {46, 13}, {64, 14}, {91, 15}};
    check_buckets(behind, {}, 1);
    std::vector<Start> ahead(behind.begin() + 1, behind.end());    // distance 0 is not ahead
    for (Start& start : ahead) start.bucket += 16;
    check_buckets(ahead, {}, -1);
}

TEST_CASE("the buckets of a T5 decoder are twice as fine and the future has none of its own") {
    std::vector<Start> behind;
    for (Index d = 0; d < 16; ++d) behind.push_back({d, d});
    const Index starts[] = {16, 19, 21, 24, 27, 31, 35, 40, 46, 52, 59, 67, 77, 87, 99, 113};
    for (Index m = 0; m < 16; ++m) behind.push_back({starts[m], 16 + m});
    check_buckets(behind, {.both_sides = false}, 1);
    CHECK(T5Bias::bucket(-5, {.both_sides = false}) == 0);
    check_buckets({{0, 0},
                   {1, 1},
                   {2, 2},
                   {3, 3},
                   {4, 4},
                   {5, 5},
                   {6, 6},
                   {7, 7},
                   {8, 8},
                   {11, 9},
                   {14, 10},
                   {18, 11},
                   {23, 12},
                   {30, 13},
                   {39, 14},
                   {50, 15}},
                  {.max_distance = 64}, 1);
}

TEST_CASE("the bias of T5 is the number of its bucket and head") {
    const auto t5 = made("t5", {.d_model = 8, .num_heads = 2});
    const NdArray W = parameter_of(*t5, "relative_attention_bias.weight").values();
    REQUIRE(W.shape() == Shape{32, 2});
    const NdArray b = bias_at(*t5, 2, 140);
    for (Index h = 0; h < 2; ++h)
        for (Index i = 0; i < 140; ++i)
            for (Index j = 0; j < 140; ++j) {
                const Index bucket = T5Bias::bucket(static_cast<double>(i - j), {});
                CHECK(b.at({h, i, j}) == W.at({bucket, h}));
            }
}

TEST_CASE("the decoder form of T5 hides the future by itself") {
    const auto t5 = made("t5(sides=past)", {.d_model = 8, .num_heads = 2});
    CHECK(t5->traits().causal_only);
    CHECK_FALSE(made("t5", {.d_model = 8, .num_heads = 2})->traits().causal_only);
    const NdArray b = bias_at(*t5, 2, 6);
    for (Index i = 0; i < 6; ++i)
        for (Index j = 0; j < 6; ++j) CHECK((b.at({0, i, j}) == hidden_score) == (j > i));
}

TEST_CASE("only the buckets of the distances that occur get a gradient") {
    const auto t5 = made("t5", {.d_model = 8, .num_heads = 2});
    const QueryKeyValue qkv = example_heads(3, 2, 4);
    const ScoreBias bias = t5->score_bias(qkv, {Positions::arange(3), Tensor()});
    sum(bias.rows(bias.sources, 0, 3)).backward();
    const NdArray gradient = parameter_of(*t5, "relative_attention_bias.weight")
                                 .grad();    // distances 0 three times, 1 and -1 twice, 2 and -2 once
    for (Index bucket = 0; bucket < 32; ++bucket)
        for (Index h = 0; h < 2; ++h)
            CHECK(gradient.at({bucket, h}) == (bucket == 0                   ? 3
                                               : bucket == 1 || bucket == 17 ? 2
                                               : bucket == 2 || bucket == 18 ? 1
                                                                             : 0));
}

TEST_CASE("T5 refuses buckets that cannot be") {
    CHECK_THROWS_WITH_AS(made("t5(buckets=7)", {}),
                         "T5Bias: expected an even number of buckets, at least 2 on a side, and a max_distance past "
                         "the exact ones, got 7 buckets and max_distance 128",
                         OptionError);
    CHECK_THROWS_WITH_AS(made("t5(max_distance=8)", {}),
                         "T5Bias: expected an even number of buckets, at least 2 on a side, and a max_distance past "
                         "the exact ones, got 32 buckets and max_distance 8",
                         OptionError);
    CHECK_THROWS_WITH_AS(made("t5(sides=both)", {.d_model = 8, .num_heads = 2})
                             ->score_bias(example_heads(5, 4, 2), {Positions::arange(5), Tensor()}),
                         "T5Bias: expected queries [B, 2, 5, Dh], got [1, 4, 5, 2]", ShapeError);
    Rng rng(1);
    CHECK_THROWS_WITH_AS(T5Bias(2, {.buckets = 0}, rng), "T5Bias: expected buckets, got 0", OptionError);
    CHECK_THROWS_WITH_AS(T5Bias(2, {.buckets = 2}, rng),    // one on a side
                         "T5Bias: expected an even number of buckets, at least 2 on a side, and a max_distance past "
                         "the exact ones, got 2 buckets and max_distance 128",
                         OptionError);
    CHECK_NOTHROW(T5Bias(2, {.buckets = 2, .both_sides = false}, rng));
    CHECK_NOTHROW(T5Bias(2, {.buckets = 4, .max_distance = 2}, rng));    // the smallest
}
