#include <ordinal/positional/no_encoding.h>

#include <doctest/doctest.h>

#include "tests/nn/testing.h"

using namespace ordinal;
using namespace ordinal::testing;

TEST_CASE("no encoding changes nothing and learns nothing") {
    Rng rng(1);
    const NoEncoding none(4);
    const Tensor x(random_normal({2, 3, 4}, 1, rng));
    const Positions positions = Positions::of({5, -1, 0.5});
    CHECK(none.apply_to_input(x, positions, Mode::evaluation()).node() == x.node());    // the very same tensor
    CHECK(same_numbers(none.vectors(positions).values(), zeros({3, 4})));
    CHECK(none.parameters().empty());
    const QueryKeyValue qkv = none.apply_to_queries_and_keys({x, x, x}, {positions});
    CHECK(qkv.query.node() == x.node());
    CHECK_FALSE(none.score_bias(qkv, {positions, x}).defined());
    std::ostringstream out;
    CHECK(same_numbers(none.explain(3, out), zeros({4})));
    CHECK(out.str() ==
          "Position 3 as the batch computes it:\n  the token gets p_3 = [+0.0000, +0.0000, +0.0000, +0.0000]\n");
}
