// Which rows of a table take part in its extension: `from` and `rows`.
#include <doctest/doctest.h>

#include <ordinal/positional/registry.h>
#include <ordinal/positional/tables/extended_table.h>
#include "tests/positional/contract.h"
#include "tests/positional/vectors.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

// Eight rows, the first of another kind, as BERT's [CLS] is.
NdArray table() {
    Rng rng(3);
    NdArray P = random_normal({8, 4}, 1, rng);
    for (Index c = 0; c < 4; ++c) P.set({0, c}, 100 + static_cast<Scalar>(c));
    return P;
}

Extension part(const std::string& strategy, Index from, Index rows) {
    return {.strategy = extend_by_name(strategy), .from = from, .rows = rows};
}

// Lengths behind the first `from` rows that every strategy can do with `rows` rows: 15 is 3 x 5 and below 5 x 5.
constexpr Index more_rows = 15;

}    // namespace

TEST_CASE("an extension of some rows is that of a table of these rows alone below the rows in front") {
    for (const std::string& name : extend_names())
        for (const Index from : {0, 1, 3}) {
            CAPTURE(name);
            CAPTURE(from);
            const NdArray P = table(), Q = extended(P, from + more_rows, part(name, from, 5));
            REQUIRE(Q.shape() == Shape{from + more_rows, 4});
            CHECK(same_numbers(slice(Q, 0, 0, from), slice(P, 0, 0, from)));
            const NdArray alone = extended(contiguous(slice(P, 0, from, from + 5)), more_rows, part(name, 0, 0));
            CHECK(same_numbers(slice(Q, 0, from, from + more_rows), alone));
        }
}

TEST_CASE("all rows from the first on take part unless one says otherwise") {
    for (const std::string& name : extend_names()) {
        CAPTURE(name);
        const NdArray P = table();
        CHECK(same_numbers(extended(P, 16, part(name, 0, 8)), extended(P, 16, part(name, 0, 0))));
        CHECK(same_numbers(extended(P, 15, part(name, 1, 7)), extended(P, 15, part(name, 1, 0))));
    }
}

TEST_CASE("what stands in front or behind of the rows that take part moves none of the new ones") {
    for (const std::string& name : extend_names()) {
        CAPTURE(name);
        const NdArray P = table(), usual = extended(P, 1 + more_rows, part(name, 1, 5));
        NdArray other = P;
        for (const Index r : {0, 6, 7})
            for (Index c = 0; c < 4; ++c) other.set({r, c}, -1000);
        const NdArray Q = extended(other, 1 + more_rows, part(name, 1, 5));
        CHECK(same_numbers(slice(Q, 0, 1, 1 + more_rows), slice(usual, 0, 1, 1 + more_rows)));
        CHECK(Q.at({0, 0}) == -1000);
    }
    // Where all take part, Su's formula hands row 0 on to every new row.
    NdArray other = table();
    other.set({0, 0}, -1000);
    const NdArray a = extended(table(), 16, {}), b = extended(other, 16, {});
    for (Index k = 9; k < 16; ++k) CHECK(std::abs(static_cast<double>(a.at({k, 0}) - b.at({k, 0}))) > 500);
}

TEST_CASE("the row that Su calls the first is the first that takes part") {
    const SparseRow W = extension_row(512 + 600, 512, 2048, {.from = 1});    // 1111 = 2 x 511 + 89
    REQUIRE(W.size() == 3);
    CHECK(W[0].column == 1 + 89);
    CHECK(W[1].column == 1 + 2);
    CHECK(W[2].column == 1);
    CHECK(std::abs(W[1].weight - 2.0 / 3) < 1e-15);
    CHECK(std::abs(W[2].weight + 2.0 / 3) < 1e-15);
    const SparseRow ring = extension_row(800, 512, 1024, {.strategy = Extend::copy, .from = 1, .rows = 127});
    REQUIRE(ring.size() == 1);
    CHECK(ring[0].column == 1 + 799 % 127);
    CHECK(extension_row(300, 512, 1024, {.strategy = Extend::copy, .from = 1, .rows = 127})[0].column ==
          1 + 299 % 127);    // rows 128 on are built anew
}

TEST_CASE("fresh rows are as large as the rows that take part") {
    Rng rng(7);
    NdArray P = random_normal({60, 40}, 0.1, rng);
    for (Index c = 0; c < 40; ++c) P.set({0, c}, 50);
    const auto size = [&](const Extension& extension) {
        const NdArray fresh = contiguous(slice(extended(P, 160, extension), 0, 60, 160));
        return std::sqrt(static_cast<double>(sum_all(fresh * fresh)) / static_cast<double>(fresh.size()));
    };
    CHECK(std::abs(size(part("random", 1, 0)) - 0.1) < 0.01);    // 4000 draws tell a deviation to about 1 %
    CHECK(size(part("random", 0, 0)) > 5);
}

TEST_CASE("a table that ends among the rows in front is cut") {
    for (const std::string& name : extend_names()) {
        CAPTURE(name);
        CHECK(same_numbers(extended(table(), 2, part(name, 3, 2)), slice(table(), 0, 0, 2)));
        CHECK(same_numbers(extended(table(), 3, part(name, 3, 2)), slice(table(), 0, 0, 3)));
    }
}

TEST_CASE("only rows that take part or stand in front get a gradient") {
    for (const std::string& name : extend_names()) {
        CAPTURE(name);
        Rng rng(2);
        const Tensor P = Tensor::parameter(table());
        const Tensor Q = extend_table(P, 1 + more_rows, part(name, 1, 5), rng);
        Q.backward(random_normal(Q.shape(), 1, rng));
        for (Index r = 0; r < 8; ++r) {
            CAPTURE(r);
            CHECK((sum_all(select(P.grad(), 0, r) * select(P.grad(), 0, r)) > 0) == (r < 6));
        }
    }
}

TEST_CASE("the gradient of an extension of some rows passes the gradient check" * doctest::skip(!is_double)) {
    for (const std::string& name : extend_names()) {
        CAPTURE(name);
        Rng rng(2);
        const Tensor P = random_parameter({8, 3}, rng);
        const SparseRows W = extension_rows(8, 1 + more_rows, part(name, 1, 5));
        const GradCheck check = grad_check([&](const std::vector<Tensor>&) { return mix_rows(W, P); }, {P}, rng);
        CHECK(check.passed);
    }
}

TEST_CASE("an extended table leaves rows out as extend_table does") {
    for (const std::string& name : extend_names())
        for (const OldRows old_rows : {OldRows::trained, OldRows::frozen}) {
            const Extension how = part(name, 1, 5);
            if (old_rows == OldRows::frozen && !how.keeps_old_rows()) continue;
            CAPTURE(name);
            Rng rng(5);
            const ExtendedTable longer_table(table(), 1 + more_rows, how, old_rows, rng);
            CHECK(same_numbers(longer_table.vectors(Positions::arange(1 + more_rows)).values(),
                               extended(table(), 1 + more_rows, how)));
            if (old_rows == OldRows::frozen)    // all but six rows are new
                CHECK(longer_table.parameters()[0].tensor.shape() == Shape{more_rows - 5, 4});
            else
                CHECK(longer_table.parameters()[0].tensor.shape() == Shape{6, 4});
        }
}

TEST_CASE("the specification leaves rows in front out") {
    const EncodingRequest request{.d_model = 8, .max_length = 40, .num_heads = 2};
    for (const std::string& strategy : extend_names())
        for (const std::string freeze : {"no", "yes"}) {
            if (freeze == "yes" && (strategy == "group" || strategy == "linear")) continue;
            const std::string specification =
                "extended_table(rows=14, from=1, strategy=" + strategy + ", freeze=" + freeze + ")";    // 39 is 3 x 13
            CAPTURE(specification);
            Rng rng(7), same(7);
            const auto encoding = make_encoding(specification, request, rng);
            CHECK(Contract(*encoding, request).broken() == "");
            const NdArray P = random_truncated_normal({14, 8}, 0.02, same);    // the same draws
            CHECK(same_numbers(encoding->vectors(Positions::arange(40)).values(),
                               extend_table(Tensor(P), 40, part(strategy, 1, 0), same).values()));
        }
    Rng rng(1);
    std::ostringstream out, last_old, first_new;
    const auto encoding =
        make_encoding("extended_table(rows=3, from=1)", {.d_model = 2, .max_length = 5, .num_heads = 1}, rng);
    encoding->explain(2, last_old);
    CHECK(last_old.str().find("row 2 is an old one: p_2 = P[2]\n") != std::string::npos);
    encoding->explain(3, first_new);
    CHECK(first_new.str().find("two digits: block i = 1 + (3 - 1) / 2 = 2, place j = 1 + (3 - 1) mod 2 = 1\n") !=
          std::string::npos);
    encoding->explain(4, out);
    CHECK(out.str().find("two digits: block i = 1 + (4 - 1) / 2 = 2, place j = 1 + (4 - 1) mod 2 = 2\n"
                         "  with u_r = (P[r] - alpha P[1]) / (1 - alpha):  p_4 = 0.4 u_2 + 0.6 u_2  =  P[2] + "
                         "0.666667 (P[2] - P[1])") != std::string::npos);
}

TEST_CASE("rows that are not there cannot take part") {
    Rng rng(1);
    for (const auto& [from, rows] : {std::pair<Index, Index>{8, 0}, {-1, 0}, {1, 8}, {0, 9}, {0, -1}})
        CHECK_THROWS_WITH_AS(extend_table(Tensor(table()), 16, {.from = from, .rows = rows}, rng),
                             text_of("extend_table: expected from >= 0 and from + rows <= 8 for a table of 8 rows, one "
                                     "of which at least takes part, got from = ",
                                     from, " and rows = ", rows)
                                 .c_str(),
                             OptionError);
    CHECK_THROWS_WITH_AS(extend_table(Tensor(table()), 27, {.from = 1, .rows = 5}, rng),
                         "extend_table: 5 rows name at most 5 x 5 positions in two levels, got length 26", OptionError);
    CHECK_THROWS_WITH_AS(
        make_encoding("extended_table(strategy=anchored, rows=20, from=1)", {.d_model = 4, .max_length = 256}, rng),
        "extended_table: anchored rows take whole steps, so in a model of 256 positions rows - keep divides 255, got "
        "rows = 20 and keep = 0 behind from = 1; take rows = 18",
        OptionError);
}
