#include <ordinal/positional/explain.h>

#include <doctest/doctest.h>

#include <iomanip>
#include <sstream>
#include <vector>

#include <ordinal/positional/registry.h>
#include "tests/core/grouping_locale.h"
#include "tests/positional/attending.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

std::string shown(const std::vector<Scalar>& numbers) {
    std::ostringstream out;
    out << FirstNumbers(numbers);
    return out.str();
}

// What a student may write: it acts at the input, adds no codes and narrates nothing.
class Half : public Encoding {
public:
    Tensor apply_to_input(const Tensor& x, const Positions&, const Mode&) const override { return x * Scalar(0.5); }
    Traits traits() const override { return {.content_dependent = true, .cacheable = false, .source = "this test"}; }
    Parameters parameters() const override { return {}; }
};

}    // namespace

TEST_CASE("the first four numbers of a vector are shown with their signs") {
    CHECK(shown({}) == "[]");
    CHECK(shown({Scalar(0.5)}) == "[+0.5000]");
    CHECK(shown({1, -2, Scalar(0.12345), 0}) == "[+1.0000, -2.0000, +0.1235, +0.0000]");
    CHECK(shown({1, 2, 3, 4, 5, 6}) == "[+1.0000, +2.0000, +3.0000, +4.0000, ... 6 numbers]");
}

TEST_CASE("showing a vector leaves the stream as it was") {
    std::ostringstream out;
    const std::vector<Scalar> numbers{1};
    out << FirstNumbers(numbers) << " " << 0.123456789 << " " << 7;
    CHECK(out.str() == "[+1.0000] 0.123457 7");
}

TEST_CASE("what does not narrate is explained by the numbers of the batch wherever it acts") {
    const EncodingRequest request{.d_model = 8, .max_length = 40, .num_heads = 2};
    const auto explained = [](const Encoding& encoding, const NdArray& numbers) {
        std::ostringstream out, nothing;
        CHECK_FALSE(encoding.narrate(5, nothing).defined());
        CHECK(nothing.str() == "");
        CHECK(same_numbers(encoding.explain(5, out), numbers));
        return out.str();
    };
    const std::string start = "Position 5 as the batch computes it:\n  ";
    const auto t5 = made("t5", request);
    const NdArray row = reshape(slice(slice(bias_at(*t5, 2, 6), 0, 0, 1), 1, 5, 6), {6});    // head 0, query 5
    CHECK(explained(*t5, row) ==
          start + "the scores of query 5 with keys 0 .. 5 get, in head 0, b = " + shown(row.to_vector()) + "\n");

    const auto xpos = made("xpos", request);
    const Tensor queries = xpos->apply_to_queries_and_keys(example_heads(6, 2, 4), {Positions::arange(6)}).query;
    const NdArray query = reshape(slice(slice(queries.values(), 1, 0, 1), 2, 5, 6), {4});
    CHECK(explained(*xpos, query) == start + "a random query of head 0 becomes " + shown(query.to_vector()) + "\n");

    const auto dense = made("linear_dense", request);
    const NdArray code = reshape(dense->vectors(Positions::of({5})).values(), {8});
    CHECK(explained(*dense, code) == start + "the token gets p_5 = " + shown(code.to_vector()) + "\n");

    Half half;
    half.set_sizes(request);
    const NdArray token = reshape(slice(example_tokens(6, 8), 1, 5, 6), {8}) * Scalar(0.5);
    CHECK(explained(half, token) == start + "a random token becomes " + shown(token.to_vector()) + "\n");
}

TEST_CASE("an explanation does not depend on the locale and flags of the stream") {
    Rng rng(1);
    for (const char* name : {"table", "rnn", "sinusoidal", "rope", "alibi", "fire", "table(gain=2)"}) {
        INFO(name);
        const auto encoding = make_encoding(name, {.d_model = 8, .max_length = 2048, .num_heads = 2}, rng);
        std::ostringstream plain;
        const GroupingLocale grouping;
        std::ostringstream odd;    // has that locale
        odd << std::hex << std::scientific << std::setfill('*') << std::setw(40);
        encoding->explain(1500, plain);
        encoding->explain(1500, odd);
        CHECK(odd.str() == plain.str());
    }
}

TEST_CASE("positions of four digits are told without separators in every locale") {
    Rng rng(1);
    const auto encoding = make_encoding("sinusoidal", {.d_model = 4, .max_length = 2048, .num_heads = 1}, rng);
    std::ostringstream plain, out;
    encoding->explain(1234, plain);
    CHECK(plain.str().find("1234") != std::string::npos);
    const GroupingLocale grouping;
    encoding->explain(1234, out);
    CHECK(out.str() == plain.str());
}
