#include "tests/parity/figures.h"

#include <doctest/doctest.h>

#include <cmath>
#include "tests/places.h"

using ordinal::FileError;
using ordinal::Index;
using ordinal::NdArray;
using ordinal::Scalar;
using ordinal::Shape;

TEST_CASE("figures are read with their shapes and all their digits") {
    const Figures figures("layer_norm");
    CHECK(figures["eps_bert.x"].shape() == Shape{2, 3, 4});
    CHECK(figures["eps_bert.weight"].shape() == Shape{4});
    CHECK(figures["eps_bert.eps"].shape() == Shape{});
    CHECK(figures.number("eps_bert.eps") == 1e-12);
    CHECK(figures.number("eps_torch.eps") == 1e-5);
}

TEST_CASE("figures agree with a formula computed here") {
    const Figures figures("elementwise_unary");
    const NdArray x = figures["tanh.x"];
    const NdArray out = figures["tanh.out"];
    const NdArray d_out = figures["tanh.out.grad"];
    const NdArray d_x = figures["tanh.x.grad"];
    const double tolerance = sizeof(Scalar) == 8 ? 1e-15 : 1e-6;    // a few rounding errors of Scalar
    for (Index i = 0; i < x.size(); ++i) {
        const double y = std::tanh(static_cast<double>(x.data()[i]));
        CHECK(std::abs(static_cast<double>(out.data()[i]) - y) <= tolerance);
        const double expected = static_cast<double>(d_out.data()[i]) * (1 - y * y);
        CHECK(std::abs(static_cast<double>(d_x.data()[i]) - expected) <= 4 * tolerance);
    }
}

TEST_CASE("whole numbers of the figures keep their shape and sign") {
    const Figures figures("losses");
    CHECK(figures.ids("cross_entropy_ignored.targets").values == std::vector<Index>{3, -1, 0, -1, 2});
    CHECK(Figures("embedding").ids("lookup.ids").shape == Shape{2, 4});
}

TEST_CASE("a figure that does not exist is refused") {
    const std::string folder = source_dir() + "/tests/parity/";
    CHECK_THROWS_WITH_AS(
        Figures("nothing"),
        ("Figures: " + folder + "nothing.txt: expected a first line that says where the figures come from").c_str(),
        FileError);
    const Figures figures("losses");
    CHECK_FALSE(figures.has("mse.targets"));
    CHECK(figures.has("mse.target"));
    CHECK_THROWS_WITH_AS(figures["mse.targets"],
                         ("Figures: " + folder + "losses.txt: there is no array mse.targets").c_str(), FileError);
    CHECK_THROWS_WITH_AS(figures["cross_entropy.targets"],
                         ("Figures: " + folder + "losses.txt: there is no array cross_entropy.targets").c_str(),
                         FileError);
    CHECK_THROWS_WITH_AS(figures.number("mse.target"),
                         ("Figures: " + folder + "losses.txt: mse.target is not a single number").c_str(), FileError);
}
