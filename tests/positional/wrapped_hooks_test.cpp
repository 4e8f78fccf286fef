// Wrappers pass on whatever the schemes inside do, and promise no more than they keep.
#include <doctest/doctest.h>

#include <ordinal/positional/positional.h>
#include "tests/positional/attending.h"
#include "tests/positional/contract.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

using Parts = std::vector<std::shared_ptr<const Encoding>>;

// Its code is the number of tokens, in training 100 more.
class Counting : public AdditiveEncoding {
public:
    Tensor vectors(const Positions& p) const override {
        return Tensor(NdArray(Shape{p.size(), 2}, static_cast<Scalar>(p.size())));
    }
    Tensor training_vectors(const Positions& p, Rng&) const override { return vectors(p) + 100; }
    Traits traits() const override { return {.length_dependent = true, .streams = false, .source = "this test"}; }
    Parameters parameters() const override { return {}; }
};

}    // namespace

TEST_CASE("what a scheme shows in training only is shown to texts of different lengths too") {
    Rng rng(1);
    const auto counting = std::make_shared<Counting>();
    const auto nothing = std::make_shared<NoEncoding>(2);
    const std::vector<std::shared_ptr<Encoding>> schemes{counting,
                                                         std::make_shared<Gain>(counting, 1),
                                                         std::make_shared<Composition>(Parts{nothing, counting}),
                                                         std::make_shared<Dropped>(counting, 0),
                                                         std::make_shared<Shifted>(counting, 0),
                                                         std::make_shared<LogN>(counting, 9)};
    const Positions positions = Positions::arange(3).with_lengths({2, 3, 0});
    for (const auto& scheme : schemes) {
        const Tensor x(zeros({3, 3, 2}));
        const NdArray tested = scheme->apply_to_input(x, positions, Mode::evaluation()).values();
        CHECK(tested.to_vector() == std::vector<Scalar>{2, 2, 2, 2, 0, 0, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0});
        const NdArray trained = scheme->apply_to_input(x, positions, Mode::training(rng)).values();
        CHECK(trained.to_vector() ==
              std::vector<Scalar>{102, 102, 102, 102, 0, 0, 103, 103, 103, 103, 103, 103, 0, 0, 0, 0, 0, 0});
    }
    CHECK_THROWS_WITH_AS(counting->apply_to_input(Tensor(zeros({2, 3, 2})), positions, Mode::evaluation()),
                         "Encoding: x [2, 3, 2] needs 2 lengths, got 3", ShapeError);
}

TEST_CASE("a composition and a gain sharpen the queries where a part inside does") {
    const auto sharp = made("sinusoidal(log_n=16)"), plain = made("sinusoidal(base=50)");
    const QueryKeyValue heads = example_heads(9, 2, 4);
    const AttentionContext context{.positions = Positions::arange(9)};
    const NdArray expected = sharp->apply_to_queries_and_keys(heads, context).query.values();
    CHECK_FALSE(same_numbers(expected, heads.query.values()));
    const std::vector<std::shared_ptr<Encoding>> schemes{std::make_shared<Composition>(Parts{sharp, plain}),
                                                         std::make_shared<Composition>(Parts{plain, sharp}),
                                                         std::make_shared<Gain>(sharp, 0.5)};
    for (const auto& scheme : schemes) {
        CHECK(same_numbers(scheme->apply_to_queries_and_keys(heads, context).query.values(), expected));
        CHECK(includes(scheme->acts_at(), Place::queries_and_keys));
        CHECK(Contract(*scheme, small).broken() == "");
    }
}

TEST_CASE("only one wrapper chooses the ids") {
    const auto randomized = made("sinusoidal(randomized=100)"), shifted = made("sinusoidal(shift=5)");
    for (const auto& inner : {randomized, shifted}) {
        CHECK_THROWS_WITH_AS(Shifted(inner, 3), "Shifted: the scheme inside chooses the ids already", OptionError);
        CHECK_THROWS_WITH_AS(Randomized(inner, 300), "Randomized: the scheme inside chooses the ids already",
                             OptionError);
    }
}

// Positions with lengths and wrappers that choose ids: the lengths come through.
TEST_CASE("whoever chooses ids leaves the lengths of the texts alone") {
    Rng rng(4);
    const Positions positions = Positions::arange(6).with_lengths({2, 6});
    for (const std::string specification : {"sinusoidal(shift=5)", "sinusoidal(randomized=50)", "rope(shift=5)",
                                            "sinusoidal(gain=2, randomized=50)", "rope(log_n=8, randomized=50)"}) {
        CAPTURE(specification);
        Rng own(7);
        const auto scheme = make_encoding(specification, small, own);
        CHECK(scheme->position_ids(positions, Mode::training(rng)).lengths() == positions.lengths());
        CHECK(scheme->position_ids(positions, Mode::evaluation()).lengths() == positions.lengths());
    }
}

TEST_CASE("a sorted sample of a few out of many costs nothing and is the same for a seed") {
    const auto drawn = [](std::uint64_t seed, Index range) {
        Rng rng(seed);
        std::vector<double> ids;
        const Positions sample = sorted_sample(500, range, rng);
        for (Index t = 0; t < 500; ++t) ids.push_back(sample[t]);
        return ids;
    };
    for (const Index range : {Index(500), Index(501), Index(1'000'000'000), Index(1) << 53}) {
        const std::vector<double> ids = drawn(5, range);
        for (std::size_t i = 0; i + 1 < 500; ++i) CHECK(ids[i] < ids[i + 1]);
        CHECK(ids.front() >= 0);
        CHECK(ids.back() < static_cast<double>(range));
        CHECK(ids == drawn(5, range));
        if (range > 501) CHECK(ids != drawn(6, range));
    }
}
