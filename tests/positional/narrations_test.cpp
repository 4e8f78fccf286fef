// Every number that explain() tells on its way is the one that a second program, make_narrations.py, has computed, and
// the words between them are those that were read and found true.
#include <doctest/doctest.h>

#include <regex>
#include <sstream>

#include <ordinal/nn/files/file.h>
#include <ordinal/positional/registry.h>
#include "tests/places.h"

using namespace ordinal;

namespace {

// The numbers of a text, and the text with # in the place of each.
struct Told {
    std::string words;
    std::vector<double> numbers;
};
Told told(const std::string& text) {
    static const std::regex number("[-+]?[0-9]+(\\.[0-9]+)?(e[-+][0-9]+)?");
    Told all{std::regex_replace(text, number, "#"), {}};
    for (auto match = std::sregex_iterator(text.begin(), text.end(), number); match != std::sregex_iterator(); ++match)
        all.numbers.push_back(std::stod(match->str()));
    return all;
}

std::string explanation_of(const std::string& specification, Index k) {
    Rng rng(1);
    const auto encoding = make_encoding(specification, {.d_model = 8, .max_length = 12, .num_heads = 2}, rng);
    const Parameters parameters = encoding->parameters();
    for (std::size_t n = 0; n < parameters.size(); ++n) {
        NdArray values(parameters[n].tensor.shape());
        for (Index i = 0; i < values.size(); ++i)
            values.mutable_data()[i] = static_cast<Scalar>((7 * i + 3 * static_cast<Index>(n)) % 11 - 5) / 8;
        parameters[n].tensor.set_values(values);
    }
    std::ostringstream out;
    encoding->explain(k, out);
    return out.str();
}

}    // namespace

TEST_CASE("every number of a narration is the one that a second program computes") {
    std::istringstream file(read_file(source_dir() + "/tests/positional/narrations.txt"));
    std::string line, text;
    Index narrations = 0;
    std::string specification;
    Index k = 0;
    const auto compare = [&] {
        if (specification.empty()) return;
        CAPTURE(specification);
        CAPTURE(k);
        const Told expected = told(text), found = told(explanation_of(specification, k));
        CHECK(found.words == expected.words);
        REQUIRE(found.numbers.size() == expected.numbers.size());
        for (std::size_t i = 0; i < found.numbers.size(); ++i) {    // to the last of four decimals
            CAPTURE(i);
            CHECK(std::abs(found.numbers[i] - expected.numbers[i]) <= 1.5e-4 + 1e-5 * std::abs(expected.numbers[i]));
        }
        ++narrations;
    };
    while (std::getline(file, line)) {
        if (!line.starts_with("== ")) {
            text += line + "\n";
            continue;
        }
        compare();
        const auto at = line.rfind(" at ");
        specification = line.substr(3, at - 3);
        k = std::stoll(line.substr(at + 4));
        text.clear();
    }
    compare();
    CHECK(narrations == 90);
}
