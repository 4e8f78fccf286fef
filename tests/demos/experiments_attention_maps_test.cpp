// Looking at attention without changing it, and the numbers that say what a head does.
#include <doctest/doctest.h>

#include <cmath>

#include <ordinal/core/fast/parallel.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/nn/transformer.h>
#include <ordinal/positional/registry.h>
#include "demos/experiments/attention/attention_maps_report.h"

using namespace ordinal;

namespace {

NdArray matrix(Index T, const std::function<double(Index i, Index j)>& number) {
    NdArray M = zeros({T, T});
    for (Index i = 0; i < T; ++i)
        for (Index j = 0; j < T; ++j) M.mutable_data()[i * T + j] = static_cast<Scalar>(number(i, j));
    return M;
}

}    // namespace

TEST_CASE("best_lag finds where a head looks") {
    const NdArray back = matrix(12, [](Index i, Index j) { return j == i - 3 ? 0.8 : 0.02; });
    CHECK(best_lag(back).lag == -3);
    CHECK(std::abs(best_lag(back).share - 0.8) < 1e-6);
    CHECK(best_lag(matrix(12, [](Index i, Index j) { return j == i + 2 ? 1.0 : 0.0; })).lag == 2);
    const NdArray corner = matrix(12, [](Index i, Index j) { return i == 11 && j == 0 ? 1.0 : 0.0; });
    CHECK(best_lag(corner).lag != -11);    // one query alone is no habit
}

TEST_CASE("lag_rule finds the rule of the distance behind constants of the rows") {
    const auto rule = [](const std::function<double(Index i, Index j)>& number) {
        return lag_rule(matrix(16, number));
    };
    const auto row = [](Index i) { return std::sin(static_cast<double>(7 * i)); };
    const auto distance = [](Index i, Index j) { return static_cast<double>(std::abs(i - j)); };
    const LagRule symmetric = rule([&](Index i, Index j) { return row(i) - distance(i, j); });
    CHECK(std::abs(symmetric.invariance - 1) < 1e-6);
    CHECK(symmetric.asymmetry < 1e-3);
    const LagRule odd = rule([&](Index i, Index j) { return row(i) + std::sin(static_cast<double>(j - i)); });
    CHECK(std::abs(odd.invariance - 1) < 1e-6);
    CHECK(odd.asymmetry > 0.999);
    // A random matrix: 31 + 16 of 256 numbers can be fitted, after 16 row means 31 of 240.
    Rng rng(1);
    const LagRule random = lag_rule(random_normal({16, 16}, 1, rng));
    CHECK(random.invariance > 0.03);
    CHECK(random.invariance < 0.25);
    CHECK(std::isnan(lag_rule(NdArray({16, 16}, 3)).invariance));    // nothing to explain
}

TEST_CASE("codes on a circle are invariant and random ones are not and their cosines with themselves do not count") {
    NdArray circle = zeros({32, 2});
    for (Index k = 0; k < 32; ++k) {
        circle.mutable_data()[2 * k] = static_cast<Scalar>(std::cos(0.7 * static_cast<double>(k)));
        circle.mutable_data()[2 * k + 1] = static_cast<Scalar>(std::sin(0.7 * static_cast<double>(k)));
    }
    CHECK(std::abs(code_invariance(circle) - 1) < 1e-6);
    Rng rng(1);
    // Of random rows only chance is left: 31 means fitted to 496 cosines. With the diagonal of ones it would be near 1.
    const double random = code_invariance(random_normal({32, 64}, 1, rng));
    CHECK(random > 0.01);
    CHECK(random < 0.15);
    CHECK(std::isnan(code_invariance(zeros({32, 64}))));    // no codes
}

TEST_CASE("share_on adds up the keys and averages over the queries") {
    const NdArray A = matrix(4, [](Index i, Index j) { return static_cast<double>(10 * i + j); });
    CHECK(std::abs(share_on(A, {1, 3}, {0, 2}) - (10 + 12 + 30 + 32) / 2.0) < 1e-6);
}

TEST_CASE("marks can stand at the ends of lines of both meters") {
    CHECK(mark_places() == std::vector<Index>{5, 7, 11, 15, 17, 23});
    CHECK(mark_places_only(Meter::five) == std::vector<Index>{5, 11, 17});
    CHECK(mark_places_only(Meter::seven) == std::vector<Index>{7, 15});
    CHECK(other_places().size() == 18);
}

TEST_CASE("attention maps are the same for 1 and 2 threads and have a panel a head") {
    const auto maps_with = [](int threads) {
        const int before = num_threads();
        set_num_threads(threads);
        const AttentionMaps maps = maps_on_off3("rnn(gain=0.15)", 3, 2, [](double) {});
        set_num_threads(before);
        return maps;
    };
    const AttentionMaps one = maps_with(1), two = maps_with(2);
    CHECK(max_abs_difference(one.attention, two.attention) == 0);
    CHECK(one.mean_invariance() == two.mean_invariance());
    CHECK((one.attention.shape() == Shape{4, 32, 32}));
    CHECK(one.looks_at.size() == 4);
    CHECK(one.clearest().share >= one.looks_at[2].share);
    CHECK(head_panels({"rnn"}, {{one}}, 1).size() == 4);
    CHECK(head_panels(std::vector<std::string>(9, "rnn"), std::vector(9, std::vector{one}), 1).size() == 6 * 4);
}

TEST_CASE("the scores that rotary positions leave without tokens depend on the distance alone") {
    CHECK(std::abs(maps_on_off3("rope", 3, 2, [](double) {}).mean_invariance() - 1) < 1e-3);
    CHECK(maps_on_off3("table(std=0.1)", 3, 2, [](double) {}).mean_invariance() < 0.3);
}

TEST_CASE("attention_maps expects a rule from the RNN and none from the table") {
    AttentionMaps rule, none;
    rule.rules = {{0.95, 0.5}, {0.97, 0.5}};
    none.rules = {{0.3, 0.5}, {0.3, 0.5}};
    rule.codes = 0.97;
    none.codes = 0.1;
    const std::vector<std::string> encodings{"rnn(gain=0.15)", "table(std=0.1)"};
    CHECK(judge_maps({encodings, {1}, {{rule}, {none}}, {}}, MapsBands::full).all_met());
    CHECK(!judge_maps({encodings, {1}, {{none}, {none}}, {}}, MapsBands::wide_margin).all_met());
    CHECK(!judge_maps({encodings, {1}, {{rule}, {rule}}, {}}, MapsBands::wide_margin).all_met());
    const std::vector<std::string> orthogonal{"rnn(init=orthogonal, gain=0.15)", "table(std=0.1)"};
    CHECK(judge_maps({orthogonal, {1}, {{rule}, {none}}, {}}, MapsBands::full).all_met());
    AttentionMaps drifting = rule, regular = none;
    drifting.codes = 0.94;
    regular.codes = 0.26;
    CHECK(!judge_maps({orthogonal, {1}, {{drifting}, {none}}, {}}, MapsBands::full).all_met());
    CHECK(!judge_maps({orthogonal, {1}, {{rule}, {regular}}, {}}, MapsBands::full).all_met());
}
