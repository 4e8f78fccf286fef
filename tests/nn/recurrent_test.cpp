#include <ordinal/nn/recurrent.h>

#include <doctest/doctest.h>

#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// A gradient of 7 steps sums some 100 products of numbers up to about 5.
constexpr double rounding_of_cells = tolerance(5e-6, 1e-13);

template <class Cell>
void check_parity(const std::string& file) {
    CAPTURE(file);
    const Figures figures(file);
    Rng rng(1);
    const Cell cell(3, 4, rng);
    CHECK(names(cell) == std::vector<std::string>{"weight_ih", "weight_hh", "bias_ih", "bias_hh"});

    load(cell, figures, "cell");
    const Tensor x = Tensor::parameter(figures["cell.x"]), h = Tensor::parameter(figures["cell.h"]);
    CHECK(error_against_torch(cell.forward(x, h), cell, {{"x", x}, {"h", h}}, figures, "cell") <= rounding_of_cells);

    for (const auto& parameter : cell.parameters()) parameter.tensor.clear_grad();
    load(cell, figures, "sequence");
    const Tensor xs = Tensor::parameter(figures["sequence.x"]), h0 = Tensor::parameter(figures["sequence.h0"]);
    CHECK(error_against_torch(run_cell(cell, xs, h0), cell, {{"x", xs}, {"h0", h0}}, figures, "sequence") <=
          rounding_of_cells);
}

template <class Cell>
void check_gradients() {
    Rng rng(2);
    const Cell cell(2, 3, rng);
    const Tensor x = random_parameter({2, 4, 2}, rng), h0 = random_parameter({2, 3}, rng);
    CHECK(wrong_gradients(cell, {x, h0}, rng, [&] { return run_cell(cell, x, h0); }) == "");
}

}    // namespace

TEST_CASE("RnnCell computes what torch computes - one step and seven") { check_parity<RnnCell>("rnn"); }
TEST_CASE("GruCell computes what torch computes - one step and seven") { check_parity<GruCell>("gru"); }

TEST_CASE("RnnCell passes the gradient check through time" * doctest::skip(!is_double)) { check_gradients<RnnCell>(); }
TEST_CASE("GruCell passes the gradient check through time" * doctest::skip(!is_double)) { check_gradients<GruCell>(); }

// The states, and the gradients of the input, of the start and of all parameters.
template <class Run>
static std::vector<NdArray> results(const RecurrentCell& cell, Run run) {
    Rng rng(5);
    const Tensor x = random_parameter({3, 20, cell.input_size()}, rng), h0 = random_parameter({3, 6}, rng);
    for (const auto& parameter : cell.parameters()) parameter.tensor.clear_grad();
    const Tensor states = run(x, h0);
    states.backward(random_normal(states.shape(), 0.1, rng));
    std::vector<NdArray> all{states.values(), x.grad(), h0.grad()};
    for (const auto& parameter : cell.parameters()) all.push_back(parameter.tensor.grad());
    return all;
}

TEST_CASE("a cell that runs over a sequence takes the same steps as run_cell") {
    Rng rng(6);
    const RnnCell rnn(4, 6, rng);
    const GruCell gru(4, 6, rng);
    for (const RecurrentCell* cell :
         {static_cast<const RecurrentCell*>(&rnn), static_cast<const RecurrentCell*>(&gru)}) {
        const auto expected = results(*cell, [&](const Tensor& x, const Tensor& h0) { return run_cell(*cell, x, h0); });
        const auto got = results(*cell, [&](const Tensor& x, const Tensor& h0) { return cell->run(x, h0); });
        for (std::size_t i = 0; i < got.size(); ++i) {
            INFO((cell == &rnn ? "RNN" : "GRU"), ", result ", i, " of states, dx, dh0, d parameters");
            CHECK(largest_error(got[i], expected[i]) <= rounding_of_cells);
            if (cell == &gru) CHECK(same_numbers(got[i], expected[i]));    // the very same operations
        }
    }
}

TEST_CASE("a GRU whose update gate is shut keeps its state") {
    Rng rng(3);
    const GruCell cell(2, 3, rng);
    NdArray bias = zeros({9});
    for (Index i = 3; i < 6; ++i) bias.mutable_data()[i] = 50;    // z = sigmoid(50 + small) = 1 but for rounding
    parameter_of(cell, "bias_ih").set_values(bias);
    const NdArray h = random_normal({4, 3}, 1, rng);
    CHECK(largest_error(cell.forward(Tensor(random_normal({4, 2}, 1, rng)), Tensor(h)).values(), h) <=
          tolerance(1e-6, 1e-15));
}

TEST_CASE("a step and a sequence name the shapes that do not fit") {
    Rng rng(4);
    const RnnCell rnn(2, 3, rng);
    const GruCell gru(2, 3, rng);
    const auto zeros = [](const Shape& shape) { return Tensor(NdArray(shape)); };
    for (const Shape& h :
         {Shape{5, 3}, Shape{1, 3}, Shape{2, 4}, Shape{3}}) {    // broadcasting would take some of them
        const std::string wrong = text_of("expected x [B, 2] and h [B, 3], got x [2, 2] and h ", h);
        CHECK_THROWS_WITH_AS(rnn.forward(zeros({2, 2}), zeros(h)), ("RnnCell: " + wrong).c_str(), ShapeError);
        CHECK_THROWS_WITH_AS(gru.forward(zeros({2, 2}), zeros(h)), ("GruCell: " + wrong).c_str(), ShapeError);
        const std::string sequence =
            text_of("expected x [B, T, 2] with T > 0 and h0 [B, 3], got x [2, 4, 2] and h0 ", h);
        const Tensor x = zeros({2, 4, 2});
        CHECK_THROWS_WITH_AS(rnn.run(x, zeros(h)), ("RnnCell::run: " + sequence).c_str(), ShapeError);
        CHECK_THROWS_WITH_AS(gru.run(x, zeros(h)), ("run_cell: " + sequence).c_str(), ShapeError);
        CHECK_THROWS_WITH_AS(run_cell(rnn, x, zeros(h)), ("run_cell: " + sequence).c_str(), ShapeError);
    }
    for (const Shape& x : {Shape{2, 3}, Shape{2, 2, 1}, Shape{2}, Shape{3, 2}})
        CHECK_THROWS_WITH_AS(rnn.forward(zeros(x), zeros({2, 3})),
                             text_of("RnnCell: expected x [B, 2] and h [B, 3], got x ", x, " and h [2, 3]").c_str(),
                             ShapeError);
    const Tensor h0 = zeros({1, 3});
    for (const Shape& x : {Shape{1, 0, 2}, Shape{3, 2}, Shape{1, 4, 3}, Shape{2, 4, 2}}) {
        CHECK_THROWS_AS(run_cell(rnn, zeros(x), h0), ShapeError);
        CHECK_THROWS_AS(rnn.run(zeros(x), h0), ShapeError);
    }
    CHECK(rnn.run(zeros({0, 4, 2}), zeros({0, 3})).shape() == Shape{0, 4, 3});
    CHECK(gru.run(zeros({0, 4, 2}), zeros({0, 3})).shape() == Shape{0, 4, 3});
}
