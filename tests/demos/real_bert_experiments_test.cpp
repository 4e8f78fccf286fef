#include "demos/real_bert/experiments.h"

#include <doctest/doctest.h>

#include <ordinal/core/nd_math.h>
#include "tests/nn/testing.h"
#include "tests/pretrained/tiny_bert.h"

using namespace ordinal;
using namespace ordinal::demos;
using namespace ordinal::testing;

namespace {

const std::vector<Tokens> texts{{2, 10, 11, 3}, {2, 20, 21, 22, 23, 24, 3}, {2, 30, 3}, {2, 12, 13, 14, 3}};

NdArray row(const NdArray& a, Index i) { return contiguous(select(a, 0, i)); }

}    // namespace

TEST_CASE("quotes are cut out of a file of fortunes") {
    using Quotes = std::vector<std::string>;
    const std::string long_one(70, 'x'), words = "a quote that has two lines, of which the first is a short one, and";
    CHECK(quotes_in(words + "\n\t  the second follows\n\t\t-- Somebody, \"Somewhere\"\nand more\n%\n" + long_one) ==
          Quotes{words + " the second follows", long_one});
    CHECK(quotes_in("too short\n%\n" + std::string(260, 'x') + "\n%\n" + std::string(60, 'x')).empty());
    CHECK(quotes_in(std::string(61, 'x') + "\n%\n" + std::string(259, 'y')).size() == 2);
    CHECK(quotes_in(long_one + " -- inside a line") == Quotes{long_one + " -- inside a line"});
    CHECK(quotes_in("").empty());
}

TEST_CASE("where the package is not installed a few sentences come along") {
    const TempFolder folder;
    const SentenceSource few = load_sentences(folder.path());
    CHECK_FALSE(few.many);
    CHECK(few.sentences.size() == 64);
    for (const std::string& sentence : few.sentences) CHECK((60 < sentence.size() && sentence.size() < 260));
    for (const char* name : {"wisdom", "literature", "people"})
        write_file(folder / name, std::string(80, 'x') + "\n%\n");
    const SentenceSource many = load_sentences(folder.path());
    CHECK(many.many);
    CHECK(many.sentences.size() == 3);
}

TEST_CASE("a text that is not moved has the vector of its model") {
    const MovableBert movable(tiny_bert(), Pooling::mean);
    const Bert bert = read_bert(tiny_bert());
    const NdArray together = movable.vectors(texts, movable.table(), 0);
    REQUIRE(together.shape() == Shape{4, 32});
    for (Index i = 0; i < 4; ++i) {
        const PaddedTexts alone = padded({texts[static_cast<std::size_t>(i)]}, 0);
        const Tensor h = bert.model.forward(alone.ids, Mode::evaluation());
        CHECK(largest_error(row(together, i), row(sentence_vectors(h, {}, Pooling::mean).values(), 0)) <=
              tolerance(1e-6, 1e-14));
    }
}

TEST_CASE("a text that is moved has the vector of its model at these positions") {
    const MovableBert movable(tiny_bert(), Pooling::mean);
    const Bert bert = read_bert(tiny_bert());
    const NdArray moved = movable.vectors(texts, movable.table(), 9);
    for (Index i = 0; i < 4; ++i) {
        const Tokens& text = texts[static_cast<std::size_t>(i)];
        std::vector<double> places{0};    // [CLS] stays
        for (std::size_t t = 1; t < text.size(); ++t) places.push_back(9 + static_cast<double>(t));
        const Tensor h =
            bert.model.forward(padded({text}, 0).ids, Mode::evaluation(), {.positions = Positions::of(places)});
        CHECK(largest_error(row(moved, i), row(sentence_vectors(h, {}, Pooling::mean).values(), 0)) <=
              tolerance(1e-6, 1e-14));
    }
    // several starts in one batch are those texts one by one
    const NdArray both =
        movable.vectors({texts[1], texts[3]}, Tensor(movable.table()), std::vector<Index>{9, 0}).values();
    CHECK(largest_error(row(both, 0), row(moved, 1)) <= tolerance(1e-6, 1e-14));
    CHECK(largest_error(row(both, 1), row(movable.vectors(texts, movable.table(), 0), 3)) <= tolerance(1e-6, 1e-14));
}

TEST_CASE("only the rows that a text meets get a gradient and nothing else does") {
    const MovableBert movable(tiny_bert(), Pooling::mean);
    CHECK(movable.frozen_numbers() > 10000);
    Rng rng(3);
    const Tensor rows = Tensor::parameter(movable.table());
    sum(movable.vectors({texts[0], texts[1]}, rows, {10, 15}) * Tensor(random_normal({2, 32}, 1, rng))).backward();
    for (Index k = 0; k < 24; ++k) {
        CAPTURE(k);
        const bool met = k == 0 || (11 <= k && k <= 13) || (16 <= k && k <= 21);
        CHECK((sum_all(row(rows.grad(), k) * row(rows.grad(), k)) > 0) == met);
    }
}

TEST_CASE("the gradient of a moved text by its rows is right" * doctest::skip(!is_double)) {
    const MovableBert movable(tiny_bert(), Pooling::mean);
    Rng rng(4);
    const Tensor rows = Tensor::parameter(movable.table());
    const GradCheck check = grad_check(
        [&](const std::vector<Tensor>&) {
            return movable.vectors({texts[0], texts[2]}, rows, {3, 7});
        },
        {rows}, rng);
    CHECK(check.passed);
}

TEST_CASE("a draw is some sentences at home and the same ones out of order") {
    const MovableBert movable(tiny_bert(), Pooling::mean);
    const Draw draw = draw_sentences(texts, 3, movable, 5);
    CHECK(draw.test.size() == 2);    // never more than half
    CHECK(draw.rest.size() == 2);
    CHECK(draw.shuffled.size() == 7);
    CHECK(same_numbers(draw.home, movable.vectors(draw.test, movable.table(), 0)));
    CHECK(draw_sentences(texts, 3, movable, 5).test == draw.test);
    const Scores home = scores_of(draw.home, draw);
    CHECK(std::abs(home.faithful - 1) <= 1e-6);
}

TEST_CASE("faithful is a mean cosine and in order a share") {
    const auto at = [](double degrees) {
        const double angle = degrees * 3.14159265358979 / 180;
        return std::vector<Scalar>{static_cast<Scalar>(std::cos(angle)), static_cast<Scalar>(std::sin(angle))};
    };
    const auto two = [&](double first, double second) {
        NdArray both({2, 2}, 0);
        for (Index c = 0; c < 2; ++c) {
            both.set({0, c}, at(first)[static_cast<std::size_t>(c)]);
            both.set({1, c}, at(second)[static_cast<std::size_t>(c)]);
        }
        return both;
    };
    const Draw draw{{}, {}, two(0, 0), {two(90, 90), two(100, 40)}};
    const Scores scores = scores_of(two(30, 30), draw);    // the second is nearer to a copy, 10 degrees away
    CHECK(std::abs(scores.faithful - std::sqrt(0.75)) <= 1e-6);
    CHECK(scores.in_order == 0.5);
}

TEST_CASE("tables by name are what the name says") {
    Rng rng(1);
    const NdArray own = random_normal({512, 3}, 1, rng);
    const auto table = [&](const std::string& name) { return table_named(name, own, 1024, 7); };
    CHECK(same_numbers(table(its_own), own));
    for (const std::string& name :
         {first_127, su_without_0, su_of_127, random_rows, one_row, std::string("last row"), std::string("linear")}) {
        CAPTURE(name);
        CHECK(table(name).shape() == Shape{1024, 3});
        CHECK(same_numbers(row(table(name), 0), row(own, 0)));
    }
    CHECK(same_numbers(row(table(first_127), 800), row(own, 1 + 799 % 127)));
    CHECK(same_numbers(row(table(one_row), 900), row(own, 10)));
    CHECK(same_numbers(row(table("last row"), 511), row(own, 511)));
    CHECK(same_numbers(row(table("last row"), 512), row(own, 511)));
    CHECK(same_numbers(row(table("copy"), 513), row(own, 1)));
    CHECK_FALSE(same_numbers(row(table(random_rows), 5), row(own, 5)));
    CHECK(largest_error(row(table(su_without_0), 600),
                        row(own, 1 + 599 % 511) + (row(own, 2) - row(own, 1)) * (2.0 / 3)) <= 1e-6);
    CHECK_THROWS_AS(table("none of them"), OptionError);
}
