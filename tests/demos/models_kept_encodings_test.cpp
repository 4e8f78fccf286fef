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
    return {"some", 8, for_10_tokens, specification, make_encoding(specification, for_10_tokens, rng)};
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
        const Parameters then = before.encoding->parameters(), again = after.encoding->parameters();
        REQUIRE(again.size() == then.size());
        for (std::size_t i = 0; i < again.size(); ++i) {
            CHECK(again[i].name == then[i].name);
            CHECK(again[i].tensor.values().to_vector() == then[i].tensor.values().to_vector());
        }
    }
}

TEST_CASE("a text that is no list of encodings is refused") {
    CHECK(error_of("") == "no error");
    CHECK(error_of("weight\n0 0\n") == "encodings_in: expected a line 'encoding ...', got 'weight'");
    CHECK(error_of("encoding a 1 2") == "encodings_in: expected a line 'encoding ...', got 'encoding'");
    const std::string table = "encoding a 1 2 2 1 table\n";
    CHECK(error_of(table + "weight\n1 2\n3 4\n") == "no error");
    CHECK(error_of(table + "weight\n1 2\n3\n") ==
          "encodings_in: expected 4 numbers of 'weight' of table, got others or fewer of 'weight'");
    CHECK(error_of(table + "weight\n1 2\nx 4\n") ==
          "encodings_in: expected 4 numbers of 'weight' of table, got others or fewer of 'weight'");
    CHECK(error_of(table + "bias\n1 2\n3 4\n") ==
          "encodings_in: expected 4 numbers of 'weight' of table, got others or fewer of 'bias'");
    CHECK(error_of(table + "weight\n1 2\n3 4\n5\n") == "encodings_in: expected a line 'encoding ...', got '5'");
    CHECK(error_of("encoding a 1 2 2 1 tabel\n").find("tabel") < 100);
}
