#include <ordinal/positional/tables/extended_table.h>

#include <doctest/doctest.h>

#include <ordinal/nn/model.h>
#include <ordinal/nn/optimizer.h>
#include <ordinal/positional/registry.h>
#include <ordinal/positional/tables/learned_table.h>
#include "tests/positional/contract.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

NdArray trained_table() {
    Rng rng(3);
    return random_normal({8, 4}, 1, rng);
}

ExtendedTable make(Extend strategy, OldRows old_rows = OldRows::trained, Index length = 24) {
    Rng rng(5);
    return {trained_table(), length, {.strategy = strategy}, old_rows, rng};
}

}    // namespace

TEST_CASE("the source of an extended table follows its strategy") {
    const auto source = [](const std::string& options) {
        Rng rng(1);
        return make_encoding("extended_table(" + options + ")", {.d_model = 4, .max_length = 6}, rng)->traits().source;
    };
    CHECK(source("") == "Su 2020, kexue.fm/archives/7947");
    CHECK(source("strategy=copy") == "Beltagy et al. 2020, arXiv 2004.05150");
    CHECK(source("strategy=group") == "Zhu et al. 2024, arXiv 2404.12096");
    CHECK(source("rows=3, strategy=anchored") == "Zhu et al. 2024, arXiv 2404.12096");
    CHECK(source("rows=4, strategy=anchored, keep=3") == "Zhang et al. 2024, arXiv 2403.15378");
    CHECK(source("strategy=zero") == "fresh or empty rows, the usual answer of libraries");
    CHECK(source("strategy=copy, freeze=yes") ==
          "Beltagy et al. 2020, arXiv 2004.05150; frozen old rows: Zhu et al. 2024, arXiv 2404.12096");
}

TEST_CASE("an extended table gives the rows of extend_table") {
    for (const std::string& name : extend_names()) {
        CAPTURE(name);
        Rng rng(5);
        const Extension extension{.strategy = extend_by_name(name)};
        const NdArray expected = extend_table(Tensor(trained_table()), 24, extension, rng).values();
        CHECK(same_numbers(make(extension.strategy).vectors(Positions::arange(24)).values(), expected));
        const NdArray some = make(extension.strategy).vectors(Positions::of({19, 2, 2, 11})).values();
        CHECK(same_numbers(some, gather_rows(expected, IndexArray({4}, {19, 2, 2, 11}))));
        if (!extension.keeps_old_rows()) continue;
        CHECK(
            same_numbers(make(extension.strategy, OldRows::frozen).vectors(Positions::arange(24)).values(), expected));
    }
}

TEST_CASE("every way to extend a table keeps the promises of an encoding") {
    for (const std::string& strategy : extend_names())
        for (const std::string freeze : {"no", "yes"}) {
            if (freeze == "yes" && (strategy == "group" || strategy == "linear")) continue;
            const std::string specification =
                "extended_table(rows=10, strategy=" + strategy + ", freeze=" + freeze + ")";
            CAPTURE(specification);
            Rng rng(7);
            const EncodingRequest request{.d_model = 8, .max_length = 40, .num_heads = 2};
            CHECK(Contract(*make_encoding(specification, request, rng), request).broken() == "");
        }
}

TEST_CASE("what is learned - the old rows under W or the new rows or both") {
    using Names = std::vector<std::string>;
    CHECK(names(make(Extend::hierarchical)) == Names{"weight"});
    CHECK(names(make(Extend::random)) == Names{"weight", "new_rows"});
    CHECK(names(make(Extend::hierarchical, OldRows::frozen)) == Names{"new_rows"});
    CHECK(names(make(Extend::random, OldRows::frozen)) == Names{"new_rows"});
    CHECK(names(make(Extend::anchored)) == Names{"weight"});
    CHECK(names(make(Extend::anchored, OldRows::frozen)) == Names{"new_rows"});
    CHECK(make(Extend::anchored, OldRows::frozen).parameters()[0].tensor.shape() == Shape{16, 4});
    CHECK(names(make(Extend::copy, OldRows::frozen, 8)).empty());    // nothing is new, nothing is trained
}

TEST_CASE("the gradients of an extended table are right" * doctest::skip(!is_double)) {
    for (const std::string& name : extend_names())
        for (const OldRows old_rows : {OldRows::trained, OldRows::frozen}) {
            const Extend strategy = extend_by_name(name);
            if (old_rows == OldRows::frozen && !Extension{.strategy = strategy}.keeps_old_rows()) continue;
            CAPTURE(name);
            Rng rng(8);
            const ExtendedTable table = make(strategy, old_rows);
            const Tensor x = random_parameter({2, 24, 4}, rng);
            CHECK(wrong_gradients(table, {x}, rng, [&] {
                      return table.apply_to_input(x, Positions::arange(24), Mode::evaluation());
                  }) == "");
        }
}

TEST_CASE("training with frozen old rows changes nothing for short texts") {
    const auto moved = [](const ExtendedTable& table) {    // by one step of AdamW with weight decay
        const NdArray before = table.vectors(Positions::arange(24)).values();
        AdamW optimizer(table.parameters(), 0.1, {});
        const Tensor codes = table.vectors(Positions::arange(24));
        sum(codes * codes).backward();
        optimizer.step(0.01);
        const NdArray after = table.vectors(Positions::arange(24)).values();
        return std::pair(max_abs_difference(slice(before, 0, 0, 8), slice(after, 0, 0, 8)),
                         max_abs_difference(slice(before, 0, 8, 24), slice(after, 0, 8, 24)));
    };
    const auto frozen = moved(make(Extend::hierarchical, OldRows::frozen));
    CHECK(frozen.first == 0);    // to the last bit
    CHECK(frozen.second > 0.005);
    const auto tied = moved(make(Extend::hierarchical));
    CHECK(tied.first > 0.005);
    CHECK(tied.second > 0.005);
}

// What E5-Base-4k promises: 8 old rows stand at 0, 3, ..., 21 and are nobody's parameters; whatever training makes of
// the rows between, a short text with these ids is computed as before, to the last bit.
TEST_CASE("short texts on the anchors keep the model that they had") {
    Rng rng(5), drawn(2), same(2);
    const ModelOptions sizes{.vocab_size = 11, .encoder = {.d_model = 4, .num_heads = 2, .d_ff = 6}};
    const auto table = std::make_shared<ExtendedTable>(trained_table(), 24, Extension{.strategy = Extend::anchored},
                                                       OldRows::frozen, rng);
    const Transformer before(sizes, drawn, std::make_shared<LearnedTable>(trained_table())), after(sizes, same, table);
    const IndexArray text({2, 8}, {1, 5, 2, 9, 9, 0, 3, 1, 5, 5, 1, 0, 2, 7, 7, 10});
    const auto old_logits = [&] { return before.forward(text, Mode::evaluation()).values(); };
    const auto new_logits = [&](const Positions& ids) {
        return after.forward(text, Mode::evaluation(), {.positions = ids}).values();
    };
    const Positions anchors = Positions::arange(8).scaled(3);
    CHECK(same_numbers(new_logits(anchors), old_logits()));
    const NdArray at_once = new_logits(Positions::arange(8));
    AdamW optimizer(table->parameters(), 0.1, {});
    for (int step = 0; step < 3; ++step) {
        const Tensor y = after.forward(text, Mode::evaluation());    // ids 0, 1, 2, ...: between the anchors, too
        sum(y * y).backward();
        optimizer.step(0.1);
    }
    CHECK(same_numbers(new_logits(anchors), old_logits()));
    CHECK(max_abs_difference(new_logits(Positions::arange(8)), at_once) > Scalar(1e-3));
}

TEST_CASE("behind a kept prefix short texts need no other ids") {
    Rng rng(5);
    const ExtendedTable table(trained_table(), 14, {.strategy = Extend::anchored, .keep = 5}, OldRows::frozen, rng);
    const NdArray P = trained_table();
    const auto codes = [&](const Positions& ids) { return table.vectors(ids).values(); };
    CHECK(same_numbers(codes(Positions::arange(5)), slice(P, 0, 0, 5)));
    CHECK(same_numbers(codes(Positions::of({5, 8, 11})), slice(P, 0, 5, 8)));
    CHECK(table.parameters()[0].tensor.shape() == Shape{6, 4});
    Rng same(5);
    const Extension how{.strategy = Extend::anchored, .keep = 5};
    CHECK(same_numbers(codes(Positions::arange(14)), extend_table(Tensor(P), 14, how, same).values()));
}

TEST_CASE("a table made shorter ends where it was cut") {
    const NdArray P = trained_table();
    for (const OldRows old_rows : {OldRows::trained, OldRows::frozen}) {
        const ExtendedTable first = make(Extend::copy, old_rows, 5);
        CHECK(same_numbers(first.vectors(Positions::arange(5)).values(), slice(P, 0, 0, 5)));
        CHECK(first.parameters().size() == (old_rows == OldRows::trained ? 1 : 0));
        CHECK_THROWS_AS(first.vectors(Positions::arange(6)), PositionOutOfRange);
    }
    CHECK(same_numbers(make(Extend::linear, OldRows::trained, 2).vectors(Positions::of({1})).values(),
                       slice(P, 0, 7, 8)));
}

TEST_CASE("one frozen row of the hierarchy would be seen - the planted bug") {
    // A frozen table whose old rows are a parameter by mistake: the law above finds it.
    const ExtendedTable wrong = make(Extend::random);    // trains both, as the mistake would
    const NdArray before = wrong.vectors(Positions::arange(8)).values();
    AdamW optimizer(wrong.parameters(), 0.1, {});
    sum(wrong.vectors(Positions::arange(8))).backward();
    optimizer.step(0.01);
    CHECK(max_abs_difference(before, wrong.vectors(Positions::arange(8)).values()) > 0);
}

TEST_CASE("explain of an extended table says how a row comes about") {
    const auto explained = [](Extend strategy, Index k, OldRows old_rows = OldRows::trained) {
        Rng rng(5);
        const ExtendedTable table(NdArray({4, 1}, {1, 2, 3, 5}), 8, {.strategy = strategy}, old_rows, rng);
        std::ostringstream out;
        table.explain(k, out);
        return out.str();
    };
    CHECK(explained(Extend::hierarchical, 6) ==
          "Position 6 from a trained table of 4 rows made 8 long (hierarchical):\n"
          "  two digits: block i = 6 / 4 = 1, place j = 6 mod 4 = 2\n"
          "  with u_r = (P[r] - alpha P[0]) / (1 - alpha):  p_6 = 0.4 u_1 + 0.6 u_2  =  P[2] + 0.666667 (P[1] - P[0])\n"
          "  p_6 = [+3.6667]\n");
    CHECK(explained(Extend::hierarchical, 3) ==
          "Position 3 from a trained table of 4 rows made 8 long (hierarchical):\n"
          "  row 3 is an old one: p_3 = P[3]\n"
          "  p_3 = [+5.0000]\n");
    CHECK(explained(Extend::copy, 6) == "Position 6 as the batch computes it:\n  the token gets p_6 = [+3.0000]\n");
    CHECK(explained(Extend::hierarchical, 6, OldRows::frozen).find("Position 6 as the batch computes it:\n") == 0);
}

TEST_CASE("an extended table has a last row too - and refuses what it cannot do") {
    const ExtendedTable table = make(Extend::hierarchical);
    CHECK_THROWS_WITH_AS(table.vectors(Positions::arange(25)),
                         "ExtendedTable: position 24 is outside the table made 24 long (0..23); extend it further, or "
                         "use a scheme without a bound",
                         PositionOutOfRange);
    CHECK_THROWS_WITH_AS(make(Extend::linear, OldRows::frozen),
                         "ExtendedTable: 'linear' moves the old rows, so they cannot be frozen where they are; use "
                         "anchored",
                         OptionError);
    Rng rng(1);
    CHECK_THROWS_WITH_AS(make_encoding("extended_table(strategy=copy, keep=2)", {.d_model = 4, .max_length = 8}, rng),
                         "extended_table: only strategy=anchored asks for 'keep', got it with copy", OptionError);
    CHECK_THROWS_WITH_AS(ExtendedTable(zeros({8}), 9, {}, OldRows::trained, rng),
                         "ExtendedTable: expected a table [n, D], got [8]", ShapeError);
    CHECK_THROWS_WITH_AS(make_encoding("extended_table(strategy=coppy)", {.d_model = 4, .max_length = 8}, rng),
                         "extended_table: option 'strategy' cannot be 'coppy'; did you mean copy?", OptionError);
    const auto anchored = [&](const std::string& options, Index length) {
        return make_encoding("extended_table(strategy=anchored" + options + ")", {.d_model = 4, .max_length = length},
                             rng);
    };
    CHECK_THROWS_WITH_AS(anchored(", rows=20", 256),
                         "extended_table: anchored rows take whole steps, so in a model of 256 positions rows - keep "
                         "divides 256, got rows = 20 and keep = 0; take rows = 16",
                         OptionError);
    CHECK_THROWS_WITH_AS(anchored(", rows=50, keep=20", 248),
                         "extended_table: anchored rows take whole steps, so in a model of 248 positions rows - keep "
                         "divides 228, got rows = 50 and keep = 20; take rows = 39",
                         OptionError);
    CHECK(anchored(", rows=16", 256)->traits().max_length == 256);
    CHECK(anchored(", rows=39, keep=20", 248)->traits().max_length == 248);
    for (const auto& [length, rows] : {std::pair<Index, Index>{1, 1}, {2, 2}, {3, 1}, {15, 5}, {256, 128}})
        CHECK(anchored("", length)->parameters()[0].tensor.dim(0) == rows);    // by default
    for (Index length : {1, 2, 3, 512})
        CHECK(make_encoding("extended_table", {.d_model = 4, .max_length = length}, rng)->traits().max_length ==
              length);
}
