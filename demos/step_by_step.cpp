// Two encodings, one position at a time: BERT's learned table and the RNN recursion, with the actual numbers. Then the
// same positions from the batch computation, to see that the story is true.
#include <iostream>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/registry.h>
#include "demos/lab/report.h"
#include "demos/lab/run_demo.h"

using namespace ordinal;

namespace {

int step_by_step(const DemoOptions& options) {
    const std::vector<std::string> names =
        options.encodings.empty() ? std::vector<std::string>{"table", "rnn"} : options.encodings;
    Expectations expectations("step_by_step");
    for (const std::string& name : names) {
        Rng rng(options.seed);
        const EncodingRequest bert_base{};    // 512 positions, 768 numbers each
        const auto encoding = make_encoding(name, bert_base, rng);
        const auto* additive = dynamic_cast<const AdditiveEncoding*>(encoding.get());
        require<OptionError>(additive != nullptr, "'", name,
                             "' reads the tokens; it has no vector of its own to check");

        std::cout << "--- " << name << " ---\n";
        double largest_gap = 0;
        for (const Index k : {0, 2, 100}) {
            NoGrad guard;
            const NdArray narrated = encoding->explain(k, std::cout);
            const NdArray batch = additive->vectors(Positions::arange(k + 1)).values();
            const NdArray row = reshape(slice(batch, 0, k, k + 1), narrated.shape());
            const auto gap = static_cast<double>(max_abs_difference(narrated, row));
            if (!(gap <= largest_gap)) largest_gap = gap;    // written so that a NaN stays
        }
        expectations.add({.what = name + ": narrated against batch, largest gap",
                          .measured = {largest_gap},
                          .band = at_most(1e-5),
                          .source = "rounding of 32-bit floats over 100 steps",
                          .if_missed = "the story and the code disagree: a bug",
                          .decimals = 9});

        std::cout << "Position 512 (one past BERT's table):\n";
        try {
            NoGrad guard;
            const NdArray p = additive->vectors(Positions::of({100, 512})).values();
            std::cout << "  it exists; the largest difference from the code of position 100 is "
                      << max_abs_difference(slice(p, 0, 0, 1), slice(p, 0, 1, 2)) << "\n\n";
        } catch (const PositionOutOfRange& error) {
            std::cout << "  " << error.what() << "\n\n";
        }
    }
    return Report(options).finish(expectations, std::cout);
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "step_by_step",
                     .shows = "BERT's table and the RNN recursion narrated for a handful of positions, and checked.",
                     .chapter = "docs/05-the-learned-table.md",
                     .unused = {{"--seeds", "its story is of one seed"}, {"--corpus", "it reads no text"}}},
                    argc, argv, step_by_step);
}
