// Looking at attention without changing it, and the numbers that say what a head does.
#include "demos/attention_maps/attention_maps.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include <ordinal/core/fast/parallel.h>
#include <ordinal/core/nd_math.h>
#include "demos/attention_maps/measures.h"
#include "tests/demos/made_up_verse.h"

using namespace ordinal;
using namespace ordinal::demos;

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

TEST_CASE("marks can stand at the ends of lines of both periods") {
    CHECK(line_ends({6, 8}, {}, 24) == std::vector<Index>{5, 7, 11, 15, 17, 23});
    CHECK(line_ends({6}, {8}, 24) == std::vector<Index>{5, 11, 17});
    CHECK(line_ends({8}, {6}, 24) == std::vector<Index>{7, 15});
    CHECK(line_ends({1}, {6, 8}, 24).size() == 18);    // everywhere else
}

TEST_CASE("the demo attention_maps measures the same for 1 and 2 threads and has a panel a head") {
    Rng rng(1);
    std::vector<Poem> poems;
    for (Index n = 0; n < 20; ++n) poems.push_back(made_up_poem(n % 2 == 0 ? 6 : 8, 8, 0x4e00, rng));
    const std::optional<PoemTask> task = poem_task(made_up_verse(poems, {6, 8}));
    const auto run_with = [&](int threads) {
        const int before = num_threads();
        set_num_threads(threads);
        const Measurements found = maps_runs({"rnn(gain=0.15)", "rope"}, {3}, 2, task, 2);
        set_num_threads(before);
        return found;
    };
    const Measurements one = run_with(1), two = run_with(2);
    CHECK(one.csv("value") == two.csv("value"));
    const Labels of_rnn{{"task", "off3"}, {"encoding", "rnn(gain=0.15)"}};
    CHECK(one.array(of_rnn).shape() == Shape{4, 32, 32});
    CHECK(max_abs_difference(one.array(of_rnn), two.array(of_rnn)) == 0);
    CHECK(head_panels(one.where({"task", "off3"}), 1).size() == 2 * 4);

    const Measurements off3 = one.where({"task", "off3"});
    const Table table = with_heads(off3_table(off3), off3);
    CHECK((table.columns == std::vector<std::string>{"encoding", "clearest", "invariance", "asymmetry", "of the codes",
                                                     "right at 32..63", "each head looks at"}));
    CHECK(table.rows[1][4] == "-");    // rotary adds no codes
    // The scores that rotary positions leave without tokens depend on the distance alone.
    CHECK(table.rows[1][2] == "1.00");
    const Table on_poems = poems_table(one.where({"task", "poems"}), *task);
    CHECK((on_poems.columns == std::vector<std::string>{"encoding", "invariance", "marks to marks", "others to marks",
                                                        "to 5, 11, 17", "to 7, 15"}));
    CHECK(
        on_poems.look_at.find("0.25 on all these places, 0.12 on 5, 11, 17 (marks of five-character verse only), 0.08 "
                              "on 7, 15 (marks of seven-character verse only)") != std::string::npos);
}

TEST_CASE("a table that is hardly trained has no rule of the distance and a picture has six rows at most") {
    const Measurements found = maps_runs(
        {"table(std=0.1)", "table(std=0.2)", "table(std=0.3)", "none", "rope", "alibi", "rnn"}, {3}, 1, {}, 1);
    CHECK(found.of({{"encoding", "table(std=0.1)"}, {"measure", "invariance"}}).at(0) < 0.3);
    CHECK(head_panels(found, 1).size() == 6 * 4);
}

TEST_CASE("attention_maps claims a rule of the RNN and none of the table") {
    const std::string rnn = "rnn(gain=0.15)", orthogonal = "rnn(init=orthogonal, gain=0.15)", table = "table(std=0.1)";
    struct Invariance {
        std::string encoding;
        double scores, codes;
    };
    const auto all_met = [](const std::vector<Invariance>& made, bool quick) {
        Measurements found;
        std::vector<std::string> encodings;
        for (const Invariance& one : made) {
            encodings.push_back(one.encoding);
            for (const std::uint64_t seed : {1u, 2u, 3u}) {
                const Labels of{{"task", "off3"}, {"encoding", one.encoding}};
                found.numbers.push_back({{of[0], of[1], {"measure", "invariance"}}, seed, one.scores});
                found.numbers.push_back({{of[0], of[1], {"measure", "of the codes"}}, seed, one.codes});
            }
        }
        Verdicts verdicts({.quick = quick}, maps_claims(encodings));
        verdicts.judge(found);
        return verdicts.all_met();
    };
    CHECK(all_met({{rnn, 0.96, 0.97}, {table, 0.3, 0.1}}, false));
    CHECK(!all_met({{rnn, 0.3, 0.1}, {table, 0.3, 0.1}}, true));
    CHECK(!all_met({{rnn, 0.96, 0.97}, {table, 0.96, 0.97}}, true));
    CHECK(all_met({{orthogonal, 0.96, 0.97}, {table, 0.3, 0.1}}, false));
    CHECK(!all_met({{orthogonal, 0.96, 0.94}, {table, 0.3, 0.1}}, false));
    CHECK(!all_met({{orthogonal, 0.96, 0.97}, {table, 0.3, 0.26}}, false));
}
