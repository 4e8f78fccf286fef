// Accuracy counts what it says, and training does what the book says.
#include "demos/models/sequence_model.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/tables/learned_table.h>

using namespace ordinal;
using namespace ordinal::demos;

namespace {

SequenceBatch drawn_batch(const std::string& task) {
    Rng rng(3);
    return sequence_task(task).draw(7, 40, rng);
}

}    // namespace

TEST_CASE("only the newest half counts beyond the trained length") {
    CHECK(about_unseen(32).first == 0);
    CHECK(about_unseen(64).first == 32);
    CHECK(about_unseen(256).first == 128);
    CHECK(about_unseen(64, 64).first == 0);
    CHECK(about_unseen(128, 64).first == 64);
}

TEST_CASE("a setup of two layers has the second one and one of its own rate learns otherwise") {
    const SequenceTask task = sequence_task("mod5");
    const auto trained = [&](const Setup& setup) {
        return trained_model(
                   task, learned_table, 1, 1, [](double) {}, setup)
            .parameters();
    };
    CHECK(trained({.layers = 2}).size() > trained({}).size());
    const NdArray usual = trained({}).front().tensor.values();
    CHECK(max_abs_difference(trained({.learning_rate = 3e-3}).front().tensor.values(), usual) == 0);
    CHECK(max_abs_difference(trained({.learning_rate = 1e-3}).front().tensor.values(), usual) > 0);
    CHECK(max_abs_difference(trained({.trained_length = 64}).front().tensor.values(), usual) > 0);
}

TEST_CASE("a table learns mod5 where it is trained and guesses where it is not") {
    const SequenceTask task = sequence_task("mod5");
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
    const SequenceBatch batch = drawn_batch("off3");
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

TEST_CASE("positions that an encoding does not have are no number instead of an error") {
    Rng rng(1);
    const Transformer model = sequence_model(std::make_shared<LearnedTable>(64, sequence_request.d_model, rng), rng);
    const SequenceTask task = sequence_task("mod5");
    CHECK_FALSE(std::isnan(accuracy(model, task, about_unseen(64))));
    CHECK(std::isnan(accuracy(model, task, about_unseen(128))));
    CHECK_FALSE(std::isnan(accuracy(model, task, {.length = 32, .start = 32})));
    CHECK(std::isnan(accuracy(model, task, {.length = 32, .start = 33})));
}

TEST_CASE("the noisy closed form and its quiet twin learn at twice the rate") {
    CHECK(peak_learning_rate(closed_form) == 6e-3);
    CHECK(peak_learning_rate(quiet_closed_form) == 6e-3);
    CHECK(peak_learning_rate(rotary) == 3e-3);
}

TEST_CASE("a model has as many layers as its encoding names and the bound of the least") {
    Rng rng(1);
    const auto of = [&](const std::string& encoding) {
        return sequence_model(make_encoding(encoding, sequence_request, rng), rng);
    };
    const Transformer four = of("by_layer(rope, rope, rope, none)"), two = of("by_layer(none, table(rows=64))");
    const Parameters all = four.parameters();
    CHECK(std::ranges::any_of(all, [](const auto& p) { return p.name.starts_with("encoder.layers.3."); }));
    CHECK_FALSE(std::ranges::any_of(all, [](const auto& p) { return p.name.starts_with("encoder.layers.4."); }));
    const SequenceTask task = sequence_task("mod5");
    CHECK_FALSE(std::isnan(accuracy(four, task, about_unseen(128))));
    CHECK_FALSE(std::isnan(accuracy(two, task, about_unseen(64))));
    CHECK(std::isnan(accuracy(two, task, about_unseen(128))));
}
