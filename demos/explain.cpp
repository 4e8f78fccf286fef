// Any position scheme, one position: what does it promise, and how is position K computed?
//
// Step by step with the actual numbers, and then the same from the batch computation, to see that both agree.
#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/explain.h>
#include <ordinal/positional/registry.h>
#include "demos/lab/run_demo.h"
#include "demos/models/trait_words.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

struct Question {
    std::string encoding;
    Index k = 5;
    Index width = 64, heads = 4, length = 512;
};

void print_traits(const Encoding& encoding) {
    const Traits traits = encoding.traits();
    for (const auto& [trait, value] : traits_in_words(traits, parameter_count(encoding)))
        std::cout << "  " << std::left << std::setw(24) << trait << value << "\n";
    if (traits.causal_only)
        std::cout << (traits.place == Place::scores ? "  It hides the future itself.\n"
                                                    : "  The model has to bring a causal mask.\n");
}

int explain(const DemoOptions& options, const Question& asked) {
    Verdicts verdicts(options,
                      {certain(asked.encoding + ": narrated against the batch, largest difference", {}, at_most(1e-5),
                               "rounding", "far from 0, rounding may add up; near 0 it is a bug", 9)});
    constexpr Index farthest = 100'000;    // further takes minutes in a scheme that goes step by step
    require<OptionError>(asked.k >= 0 && asked.k <= farthest, "K: expected a position from 0 to ", farthest, ", got ",
                         asked.k);
    Rng rng(options.seed);
    const EncodingRequest request{.d_model = asked.width, .max_length = asked.length, .num_heads = asked.heads};
    const auto encoding = make_encoding(asked.encoding, request, rng);
    std::cout << asked.encoding << " promises (where it says no, nothing is promised):\n";
    print_traits(*encoding);
    std::cout << "\n";

    const NdArray narrated = encoding->narrate(asked.k, std::cout);
    if (!narrated.defined()) {    // what it then prints are the numbers of the batch
        encoding->explain(asked.k, std::cout);
        return 0;
    }
    const NdArray batch = computed_in_batch(*encoding, asked.k, request);
    double size = 1;
    for (const Scalar number : batch.to_vector()) size = std::max(size, std::abs(static_cast<double>(number)));
    Measurements found;
    found.numbers.push_back({{}, options.seed, static_cast<double>(max_abs_difference(narrated, batch)) / size});
    verdicts.judge(found);
    return verdicts.print(std::cout);
}

}    // namespace

int main(int argc, char** argv) {
    Question asked;
    return run_demo({.name = "explain",
                     .shows = "Any position scheme: what it promises, and one position of it, step by step.",
                     .extra = {{.name = "ENCODING",
                                .help = "the scheme, like 'rnn(init=rotation)' (in quotes)",
                                .target = &asked.encoding,
                                .required = true},
                               {"K", "the position (default 5)", &asked.k},
                               {"--width", "numbers in a code (default 64)", &asked.width},
                               {"--heads", "attention heads (default 4)", &asked.heads, false, "N", 1},
                               {"--length", "rows of a table (default 512)", &asked.length, false, "N", 1}},
                     .chapter = "docs/16-which-scheme.md",
                     .unused = {{"--seeds", "it is of one seed"},
                                {"--json", "it writes no results"},
                                {"--encodings", "it takes one, as its argument"},
                                {"--corpus", "it reads no text"}}},
                    argc, argv, [&](const DemoOptions& options) { return explain(options, asked); });
}
