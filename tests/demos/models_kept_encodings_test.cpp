// Trained encodings as text, there and back.
#include "demos/models/kept_encodings.h"

#include <doctest/doctest.h>

#include "tests/core/check_near.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

const EncodingRequest for_10_tokens{.d_model = 6, .max_length = 10, .num_heads = 3};

KeptEncoding kept(const std::string& specification) {
    Rng rng(5);
    KeptEncoding all{"some", 8, for_10_tokens, specification};
    const auto encoding = make_encoding(specification, for_10_tokens, rng);
    for (const NamedParameter& parameter : encoding->parameters())
        all.parameters.emplace_back(parameter.name, parameter.tensor.values());
    return all;
}

std::string error_of(const std::string& text) {
    try {
        encodings_in(text);
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

}    // namespace

TEST_CASE("an encoding that was kept as text is the same to the last bit") {
    for (const char* specification :
         {"table", "rnn(init=orthogonal, gain=0.15)", "ring(rows=4) + forgetting", "none"}) {
        CAPTURE(specification);
        const KeptEncoding before = kept(specification);
        const KeptEncoding after = encodings_in(text_of_encodings({before, before})).at(1);
        CHECK(after.name == "some");
        CHECK(after.trained == 8);
        CHECK(after.request.max_length == 10);
        CHECK(after.specification == specification);
        const Parameters again = made_again(after)->parameters();
        REQUIRE(again.size() == before.parameters.size());
        for (std::size_t i = 0; i < again.size(); ++i) {
            CHECK(again[i].name == before.parameters[i].first);
            CHECK(again[i].tensor.values().to_vector() == before.parameters[i].second.to_vector());
        }
    }
}

TEST_CASE("a text that is no list of encodings is refused") {
    CHECK(error_of("") == "no error");
    CHECK(error_of("weight 1 2\n0 0\n") == "encodings_in: expected a line 'encoding ...' first, got 'weight'");
    CHECK(error_of("encoding a 1 2") == "encodings_in: the text ends inside of 'encoding'");
    CHECK(error_of("encoding a 1 6 10 3 table\nweight 2 x 3\n") ==
          "encodings_in: the sizes of 'weight' are no numbers");
    CHECK(error_of("encoding a 1 6 10 3 table\nweight 2 10 6\n1 2 3\n") ==
          "encodings_in: the text ends inside of 'weight'");
    KeptEncoding other = kept("table");
    other.specification = "sinusoidal";
    CHECK_THROWS_WITH_AS(made_again(other), "made_again: sinusoidal has no parameter 'weight'", OptionError);
}
