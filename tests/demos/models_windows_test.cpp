#include "demos/models/windows.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

using namespace ordinal;
using namespace ordinal::demos;

namespace {

// first, first + 1, ..., as many as asked for
std::vector<Index> counting(Index first, Index length) {
    std::vector<Index> tokens(static_cast<std::size_t>(length));
    std::iota(tokens.begin(), tokens.end(), first);
    return tokens;
}

}    // namespace

TEST_CASE("windows start at every couplet that leaves room and nowhere else") {
    const TokenLists poems = {counting(100, 40)};    // room for starts 0 .. 40 - 10
    Rng rng(1);
    const IndexArray windows = couplet_windows(poems, 400, 10, 12, rng);
    CHECK(windows.shape == Shape{400, 10});
    std::map<Index, int> starts;
    for (Index b = 0; b < 400; ++b) {
        ++starts[windows[b * 10] - 100];
        for (Index t = 0; t < 10; ++t) CHECK(windows[b * 10 + t] == windows[b * 10] + t);
    }
    CHECK(starts.size() == 3);
    for (const Index start : {0, 12, 24}) CHECK(starts[start] > 90);    // 133 expected; 90 is 4.6 sigma below
}

TEST_CASE("a poem shorter than the window is padded") {
    Rng rng(1);
    const IndexArray windows = couplet_windows({counting(7, 3)}, 2, 5, 12, rng);
    CHECK(windows.values == std::vector<Index>{7, 8, 9, 0, 0, 7, 8, 9, 0, 0});
}

TEST_CASE("a poem is drawn as often as it is long") {
    Rng rng(3);
    const IndexArray windows = couplet_windows({counting(100, 10), {}, counting(200, 30)}, 4000, 1, 12, rng);
    const auto first = std::count_if(windows.values.begin(), windows.values.end(), [](Index id) { return id < 200; });
    CHECK(first > 890);    // 1000 expected, sigma 27
    CHECK(first < 1110);
    const IndexArray single = couplet_windows({{5}, {6}}, 400, 1, 12, rng);    // one token each: half and half
    const auto fives = std::count(single.values.begin(), single.values.end(), Index{5});
    CHECK(fives > 160);    // 200 expected, sigma 10
    CHECK(fives < 240);
}

TEST_CASE("the control starts anywhere in the stream of all poems") {
    Rng rng(1);
    const IndexArray windows = stream_windows({counting(0, 3), counting(3, 4)}, 200, 4, rng);
    CHECK(windows.shape == Shape{200, 4});
    std::map<Index, int> starts;
    for (Index b = 0; b < 200; ++b) {
        ++starts[windows[b * 4]];
        for (Index t = 0; t < 4; ++t) CHECK(windows[b * 4 + t] == windows[b * 4] + t);
    }
    CHECK(starts.size() == 4);    // 0, 1, 2, 3: the last window ends with the stream
}

TEST_CASE("the evaluation windows are all that fit") {
    const IndexArray windows = all_couplet_windows({counting(10, 7), counting(50, 3), counting(80, 4)}, 4, 3);
    CHECK(windows.shape == Shape{3, 4});
    CHECK(windows.values == std::vector<Index>{10, 11, 12, 13, 13, 14, 15, 16, 80, 81, 82, 83});
    CHECK(all_couplet_windows({{5}, {6}}, 3, 12).shape == Shape{0, 3});    // no poem is that long
}

TEST_CASE("windows that cannot be drawn are refused") {
    Rng rng(1);
    CHECK_THROWS_WITH_AS(couplet_windows({{}}, 2, 3, 12, rng),
                         "couplet_windows: expected poems and B, L, couplet > 0, got 0 tokens and B 2, L 3, couplet 12",
                         ShapeError);
    CHECK_THROWS_WITH_AS(couplet_windows({{5}}, 2, 3, 0, rng),
                         "couplet_windows: expected poems and B, L, couplet > 0, got 1 tokens and B 2, L 3, couplet 0",
                         ShapeError);
    CHECK_THROWS_WITH_AS(stream_windows({{5}, {6}}, 1, 3, rng),
                         "stream_windows: expected B, L > 0 and at least L tokens, got 2 tokens and B 1, L 3",
                         ShapeError);
}

TEST_CASE("targets are the true tokens where the model has to guess and ignored elsewhere") {
    const Index n = 20000;
    IndexArray windows({1, n}, counting(3, n));
    for (Index i = 0; i < n; i += 2) windows.values[static_cast<std::size_t>(i)] = Vocabulary::pad;
    Rng rng(1);
    const MaskedBatch batch = mask_tokens(windows, 0.15, rng);
    CHECK(batch.inputs.shape == windows.shape);
    CHECK(batch.targets.shape == windows.shape);
    Index guesses = 0, shown_as_mask = 0;
    for (Index i = 0; i < n; ++i) {
        if (batch.targets[i] == MaskedBatch::ignore_index) {
            CHECK(batch.inputs[i] == windows[i]);
            continue;
        }
        CHECK(windows[i] != Vocabulary::pad);
        CHECK(batch.targets[i] == windows[i]);
        CHECK((batch.inputs[i] == Vocabulary::mask || batch.inputs[i] == windows[i]));
        ++guesses;
        shown_as_mask += batch.inputs[i] == Vocabulary::mask;
    }
    CHECK(std::abs(guesses - 1500) < 143);    // 10000 * 0.15, 4 sigma
    CHECK(std::abs(static_cast<double>(shown_as_mask) / static_cast<double>(guesses) - 0.8) < 0.042);    // 4 sigma
}

TEST_CASE("probabilities 0 and 1 choose nothing and everything") {
    Rng rng(1);
    const IndexArray windows({1, 4}, {5, 0, 6, 7});
    CHECK(mask_tokens(windows, 0, rng).inputs.values == windows.values);
    CHECK(mask_tokens(windows, 0, rng).targets.values == std::vector<Index>{-1, -1, -1, -1});
    CHECK(mask_tokens(windows, 1, rng, 1).inputs.values == std::vector<Index>{1, 0, 1, 1});
    CHECK(mask_tokens(windows, 1, rng, 1).targets.values == std::vector<Index>{5, -1, 6, 7});
    CHECK(mask_tokens(windows, 1, rng, 0).inputs.values == windows.values);
}

TEST_CASE("the same seed draws the same windows and masks") {
    const TokenLists poems = {counting(3, 60), counting(70, 48)};
    Rng a(5), b(5), c(6);
    const auto draw = [&](Rng& rng) {
        return mask_tokens(couplet_windows(poems, 8, 24, 12, rng), 0.15, rng).inputs.values;
    };
    const auto first = draw(a);
    CHECK(first == draw(b));
    CHECK(first != draw(c));
}
