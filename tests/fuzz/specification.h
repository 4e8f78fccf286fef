// Specifications of encodings: made, used by a small model in training and in evaluation, and explained.
#pragma once

#include <array>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include <ordinal/nn/transformer.h>
#include <ordinal/positional/examples.h>
#include <ordinal/positional/registry.h>
#include "tests/fuzz/target.h"

namespace ordinal::fuzz {

constexpr EncodingRequest small_request{.d_model = 8, .max_length = 16, .num_heads = 2};

// A number between these is a size that may be meant, and takes its memory and its time;
// tests/positional/bounds_test.cpp is about where that ends.
inline bool may_be_meant(const std::string& specification) {
    const char* const digits = "0123456789";
    for (auto at = specification.find_first_of(digits); at != specification.npos;) {
        char* end = nullptr;
        const double number = std::abs(std::strtod(specification.c_str() + at, &end));
        if (40 < number && number < 1e9) return true;
        at = specification.find_first_of(digits, static_cast<std::size_t>(end - specification.c_str()));
    }
    return false;
}

inline std::string drawn_value(const KnownOption& option, Rng& rng) {
    static constexpr std::array values{"0",    "1",   "2",     "3",     "4",      "5",    "8",   "16",  "-1",
                                       "0.5",  "0.1", "1e-30", "1e300", "-1e300", "1e9",  "2e9", "1.5", "nan",
                                       "-inf", "",    "x",     "1e-9",  "1e20",   "0x10", "7",   "1 2", "30"};
    if (!option.choices.empty() && rng.chance(0.95))
        return option.choices[static_cast<std::size_t>(rng.below(std::ssize(option.choices)))];
    if (option.whole && rng.chance(0.8)) return text_of(1 + rng.below(12));
    if (rng.chance(0.2)) return option.otherwise;
    return values[static_cast<std::size_t>(rng.below(std::ssize(values)))];
}

inline std::string drawn_scheme(Rng& rng) {
    const std::vector<std::string> names = encoding_names();
    const std::string name = names[static_cast<std::size_t>(rng.below(std::ssize(names)))];
    std::string inside;
    const auto draw = [&](const std::vector<KnownOption>& options, double probability) {
        for (const KnownOption& option : options)
            if (rng.chance(probability))
                inside += (inside.empty() ? "" : ", ") + option.name + "=" + drawn_value(option, rng);
    };
    const SchemeOptions all = options_of(name, small_request);
    draw(all.own, 0.4);
    draw(all.of_every_scheme, 0.06);
    return inside.empty() ? name : name + "(" + inside + ")";
}

inline const Target specification{
    .feed =
        [](const std::string& bytes) {
            if (may_be_meant(bytes)) return;
            Rng rng(1);
            std::shared_ptr<Encoding> encoding;
            answer_or_refuse([&] { encoding = make_encoding(bytes, small_request, rng); });
            if (!encoding) return;
            for (const Index T : {0, 1, 5})
                for (const bool causal : {false, true})
                    answer_or_refuse([&] {
                        TransformerOptions options{.d_model = 8, .num_heads = 2, .d_ff = 4, .causal = causal};
                        options.num_layers = std::max<Index>(1, std::ssize(encoding->of_layers()));
                        const TransformerEncoder model(options, rng, encoding);
                        const Tensor x(example_tokens(T, 8));
                        must_hold(model.forward(x, Mode::evaluation()).shape() == x.shape(), "a shape comes out again");
                        sum(model.forward(x, Mode::training(rng))).backward();
                        KeyValueCache cache;
                        for (Index t = 0; causal && t < T; ++t) model.next(slice(x, 1, t, t + 1), cache);
                    });
            for (const Index k : {0, 4})
                answer_or_refuse([&] {
                    std::ostringstream story;
                    encoding->explain(k, story);
                });
        },
    .changed =
        [](const std::string&, Rng& rng) {
            const Index kind = rng.below(8);
            if (kind > 2) return drawn_scheme(rng);
            const std::string a = drawn_scheme(rng), b = drawn_scheme(rng), c = drawn_scheme(rng);
            return kind == 0   ? a + " + " + b
                   : kind == 1 ? a + " + " + b + " + " + c
                               : "by_layer(" + a + ", " + b + " + " + c + ")";
        }};

}    // namespace ordinal::fuzz
