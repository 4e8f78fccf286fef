// The three tasks mean what they say, accuracy counts what it says, and training does what the book says.
#include "demos/models/sequence_model.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/tables/learned_table.h>
#include "demos/experiments/sequences/extrapolation_runs.h"

using namespace ordinal;

namespace {

constexpr Index B = 7, T = 40;

SequenceBatch drawn(const std::string& task) {
    Rng rng(3);
    return sequence_task(task).draw(B, T, rng);
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
        if (i % length >= length / 2) ++asked, ++counts[static_cast<std::size_t>(batch.targets[i])];
    return static_cast<double>(*std::max_element(counts.begin(), counts.end())) / static_cast<double>(asked);
}

}    // namespace

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

TEST_CASE("the stated chance of a task is what its most frequent answer reaches") {
    for (const SequenceTask& task : sequence_tasks()) {
        INFO(task.name);
        CHECK(std::abs(best_blind_guess(task) - task.chance) < 0.015);    // 128000 answers: 3 standard deviations
    }
}

TEST_CASE("an unknown task is refused by name") {
    CHECK_THROWS_WITH_AS(sequence_task("parity"),
                         "sequence_task: unknown task 'parity'; there are off3, mod5 and marker", OptionError);
    Rng rng(1);
    CHECK_THROWS_WITH_AS(sequence_task("off3").draw(0, 8, rng),
                         "SequenceTask: expected a batch and a length of 1 or more, got 0 and 8", ShapeError);
}

TEST_CASE("only the newest half counts beyond the trained length") {
    CHECK(about_unseen(32).first == 0);
    CHECK(about_unseen(64).first == 32);
    CHECK(about_unseen(256).first == 128);
}

TEST_CASE("a table learns mod5 where it is trained and guesses where it is not") {
    const SequenceTask& task = sequence_task("mod5");
    const Transformer model = trained_model(task, learned_table, 1, 60, [](double) {});
    const double old_half = accuracy(model, task, {.length = 32}), new_half = accuracy(model, task, about_unseen(64));
    CHECK(old_half > 0.95);
    CHECK(new_half < 0.5);
    const double both = accuracy(model, task, {.length = 64});    // counts the old half, too
    CHECK(both > new_half + 0.2);
    CHECK(both < old_half - 0.2);
}

TEST_CASE("a shift of all positions moves the codes by as many rows") {
    Rng rng(1);
    const auto table = make_encoding("table(std=0.1)", sequence_request, rng);
    const Transformer model = sequence_model(table, rng);
    const SequenceBatch batch = drawn("off3");
    const NdArray here = model.forward(batch.inputs, Mode::evaluation()).values();
    const NdArray there =
        model.forward(batch.inputs, Mode::evaluation(), {.positions = Positions::arange(batch.inputs.shape[1], 5)})
            .values();
    const Tensor weight = table->parameters().front().tensor;
    const NdArray rows = weight.values();    // now rows 5 .. become rows 0 ..
    weight.set_values(concat(std::vector<NdArray>{slice(rows, 0, 5, 256), slice(rows, 0, 0, 5)}, 0));
    CHECK(max_abs_difference(model.forward(batch.inputs, Mode::evaluation()).values(), there) == 0);
    CHECK(max_abs_difference(here, there) > Scalar(1e-3));
}

TEST_CASE("runs of extrapolation are the same numbers for 1 and 2 and 4 threads") {
    const auto run = [](int threads) {
        const int before = num_threads();
        set_num_threads(threads);
        const ExtrapolationResults results =
            run_extrapolations("a test", {"off3", "marker"}, {learned_table, closed_form}, {5, 6}, 3);
        set_num_threads(before);
        return results.accuracy;
    };
    const auto serial = run(1);
    CHECK(run(2) == serial);
    CHECK(run(4) == serial);
}

TEST_CASE("an encoding that does not exist is refused before any training") {
    CHECK_THROWS_WITH_AS(run_extrapolations("a test", {"off3"}, {"tabel"}, {1}, 1'000'000),
                         "make_encoding: unknown encoding 'tabel'; did you mean table?", OptionError);
}

TEST_CASE("positions that an encoding does not have are no number instead of an error") {
    Rng rng(1);
    const Transformer model = sequence_model(std::make_shared<LearnedTable>(64, sequence_request.d_model, rng), rng);
    const Accuracies found = accuracies(model, sequence_task("mod5"));
    CHECK(found[1] >= 0);
    CHECK(std::isnan(found[2]));
    CHECK(std::isnan(found[3]));
}

TEST_CASE("spaces in the name of an encoding do not count") {
    CHECK(same_encoding(closed_form, "linear(state=16,noise=0.5,gain=0.15)"));
    CHECK_FALSE(same_encoding("rnn", "gru"));
}

TEST_CASE("every encoding of extrapolate --all can be trained and asked at every length it has") {
    for (const std::string& encoding : all_encodings()) {
        INFO(encoding);
        const Accuracies found = run_extrapolation(sequence_task("off3"), encoding, 1, 1, [](double) {});
        CHECK(found[0] >= 0);
        CHECK(found[3] >= 0);
    }
    const std::vector<std::string> all = all_encodings();
    for (const std::string& name : encoding_names())    // whatever is registered is there
        CHECK(std::any_of(all.begin(), all.end(), [&](const std::string& a) { return a.starts_with(name); }));
}
