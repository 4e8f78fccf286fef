// The tasks mean what they say: the labels, by hand, and the best blind guess, by counting.
#include "demos/models/tasks.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include <ordinal/core/error.h>

using namespace ordinal;
using namespace ordinal::demos;

namespace {

constexpr Index B = 7, T = 40;

SequenceBatch drawn(const std::string& task, Index batch = B, Index length = T) {
    Rng rng(3);
    return sequence_task(task).draw(batch, length, rng);
}

// The share of the most frequent answer: what somebody reaches who looks at nothing. In the newest half, as it is
// asked.
double best_blind_guess(const SequenceTask& task) {
    constexpr Index length = 256;
    Rng rng(4);
    std::vector<Index> counts(sequence_vocabulary, 0);
    Index asked = 0;
    const SequenceBatch batch = task.draw(1000, length, rng);
    for (Index i = 0; i < batch.targets.size(); ++i)
        if (i % length >= length / 2 && batch.targets[i] >= 0)
            ++asked, ++counts[static_cast<std::size_t>(batch.targets[i])];
    return static_cast<double>(*std::max_element(counts.begin(), counts.end())) / static_cast<double>(asked);
}

}    // namespace

TEST_CASE("off5 asks for the token five places back and not where there is none") {
    const std::vector<Index> x = drawn("off5", 1, 8).inputs.values;
    CHECK(drawn("off5", 1, 8).targets.values == std::vector<Index>{-1, -1, -1, -1, -1, x[0], x[1], x[2]});
}

TEST_CASE("off7 has one answer in the shortest sequence and starts anew in each") {
    const SequenceBatch two = drawn("off7", 2, 8);
    const std::vector<Index>& x = two.inputs.values;
    CHECK(two.targets.values == std::vector<Index>{-1, -1, -1, -1, -1, -1, -1, x[0], -1, -1, -1, -1, -1, -1, -1, x[8]});
}

TEST_CASE("mod7 asks for the position modulo 7 whatever the tokens are") {
    CHECK(drawn("mod7", 1, 10).targets.values == std::vector<Index>{0, 1, 2, 3, 4, 5, 6, 0, 1, 2});
    CHECK(drawn("mod7", 2, 8).targets.values == std::vector<Index>{0, 1, 2, 3, 4, 5, 6, 0, 0, 1, 2, 3, 4, 5, 6, 0});
}

TEST_CASE("off3 asks for the token three places back and not where there is none") {
    const SequenceBatch batch = drawn("off3");
    for (Index b = 0; b < B; ++b)
        for (Index i = 0; i < T; ++i) CHECK(batch.targets[b * T + i] == (i < 3 ? -1 : batch.inputs[b * T + i - 3]));
}

TEST_CASE("mod5 asks for the position modulo 5 whatever the tokens are") {
    const SequenceBatch batch = drawn("mod5");
    for (Index i = 0; i < B * T; ++i) CHECK(batch.targets[i] == i % T % 5);
}

TEST_CASE("marker asks for the distance to the last marker and every sequence starts with one") {
    const SequenceBatch batch = drawn("marker");
    for (Index b = 0; b < B; ++b) {
        CHECK(batch.inputs[b * T] == 0);
        for (Index i = 0; i < T; ++i) {
            Index back = 0;
            while (batch.inputs[b * T + i - back] != 0) ++back;
            CHECK(batch.targets[b * T + i] == std::min<Index>(back, 9));
        }
    }
}

TEST_CASE("after asks for the token behind the last marker and asks nothing at a marker") {
    const SequenceBatch batch = drawn("after");
    for (Index b = 0; b < B; ++b)
        for (Index i = 0; i < T; ++i) {
            Index m = i;
            while (batch.inputs[b * T + m] != 0) --m;
            CHECK(batch.targets[b * T + i] == (m == i ? -1 : batch.inputs[b * T + m + 1]));
        }
}

TEST_CASE("the stated chance of a task is what its most frequent answer reaches") {
    for (const char* name : {"off3", "off7", "mod2", "mod5", "mod16", "marker", "after"}) {
        INFO(name);
        const SequenceTask task = sequence_task(name);
        CHECK(std::abs(best_blind_guess(task) - task.chance) < 0.015);    // 128000 answers: 3 standard deviations
    }
}

TEST_CASE("every task is made by its name and asks a question") {
    for (const SequenceTask& task : sequence_tasks()) CHECK(sequence_task(task.name).question == task.question);
    CHECK(sequence_tasks().size() == 7 + 15 + 2);
    CHECK(sequence_task("off3").question == "Which token was three places back?");
    CHECK(sequence_task("off1").question == "Which token was one place back?");
    CHECK(sequence_task("mod12").question == "What is the position modulo 12?");
}

TEST_CASE("an unknown task is refused with all that there are and the nearest one") {
    const auto refused = [](const std::string& name, const std::string& nearest) {
        CHECK_THROWS_WITH_AS(
            sequence_task(name),
            ("sequence_task: unknown task '" + name +
             "'; there are off1 .. off7 (the shortest sequence has 8 tokens), mod2 .. mod16 (16 answers "
             "to choose from), marker and after" +
             nearest)
                .c_str(),
            OptionError);
    };
    refused("parity", "");
    refused("markr", "; did you mean marker?");
    refused("of5", "; did you mean off5?");
    refused("mod", "; did you mean mod2?");
    refused("off9", "; did you mean off1?");
    refused("mod17", "; did you mean mod7?");
    for (const char* name : {"", "mod1", "off0", "off8", "off-1", "off03", "off99999999999999999999"})
        CHECK_THROWS_AS(sequence_task(name), OptionError);
    Rng rng(1);
    CHECK_THROWS_WITH_AS(sequence_task("off3").draw(0, 8, rng),
                         "SequenceTask: expected a batch and a length of 1 or more, got 0 and 8", ShapeError);
}

TEST_CASE("of two tasks in one the token says which it asks") {
    const SequenceBatch batch = drawn("off3+mod5");
    CHECK(batch.inputs.values == drawn("off3").inputs.values);
    for (Index i = 0; i < B * T; ++i)
        CHECK(batch.targets[i] == (batch.inputs[i] % 2 == 1 ? i % T % 5 : i % T < 3 ? -1 : batch.inputs[i - 3]));
    CHECK(sequence_task("off3+mod5").name == "off3+mod5");
    CHECK(sequence_task("off3+mod5").chance == (1.0 / 16 + 1.0 / 5) / 2);
    CHECK_THROWS_WITH_AS(drawn("off3+marker"),
                         "sequence_task: expected two of off and mod, got off3+marker; marker and after put markers "
                         "into the tokens",
                         OptionError);
}
