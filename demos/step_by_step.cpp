// Two encodings, one position at a time: how do BERT's learned table and the RNN recursion come to their codes?
//
// With the actual numbers, and then the same positions from the batch computation, to see that both agree.
#include <iostream>

#include <ordinal/core/nd_math.h>
#include "demos/lab/run_demo.h"
#include "demos/models/encodings.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

constexpr Index near = 100, past_the_table = 512;

// The largest difference of a few positions from the batch.
double narrate(const Encoding& encoding) {
    double largest_gap = 0;
    for (const Index k : {Index(0), Index(2), near}) {
        const NdArray narrated = encoding.explain(k, std::cout);
        const NdArray batch = encoding.vectors(Positions::arange(k + 1)).values();
        const NdArray row = reshape(slice(batch, 0, k, k + 1), narrated.shape());
        const auto gap = static_cast<double>(max_abs_difference(narrated, row));
        if (!(gap <= largest_gap)) largest_gap = gap;    // written so that a NaN stays
    }
    return largest_gap;
}

void look_past_the_table(const Encoding& encoding) {
    std::cout << "Position " << past_the_table << " (one past BERT's table):\n";
    try {
        const NdArray p = encoding.vectors(Positions::of({near, past_the_table})).values();
        std::cout << "  it exists; the largest difference from the code of position " << near << " is "
                  << max_abs_difference(slice(p, 0, 0, 1), slice(p, 0, 1, 2)) << "\n\n";
    } catch (const PositionOutOfRange& error) {
        std::cout << "  " << error.what() << "\n\n";
    }
}

std::vector<Claim> claims(const std::vector<std::string>& names) {
    std::vector<Claim> claims;
    for (const std::string& name : names)
        claims.push_back(certain(name + ": narrated against batch, largest gap", {{"encoding", name}}, at_most(1e-5),
                                 "rounding of 32-bit floats over 100 steps", "the steps and the batch disagree: a bug",
                                 9));
    return claims;
}

int step_by_step(const DemoOptions& options) {
    NoGrad guard;
    const std::vector<std::string> names = options.encodings_or({"table", "rnn"});
    Report report(options, claims(names));
    Measurements found;
    for (const std::string& name : names) {
        Rng rng(options.seed);
        const EncodingRequest bert_base{};    // 512 positions, 768 numbers each
        const auto encoding = make_encoding(name, bert_base, rng);
        require_vectors(name, *encoding);
        std::cout << "--- " << name << " ---\n";
        found.numbers.push_back({{{"encoding", name}}, options.seed, narrate(*encoding)});
        look_past_the_table(*encoding);
    }
    report.judge(found);
    return report.finish();
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "step_by_step",
                     .shows = "BERT's table and the RNN recursion narrated for a handful of positions, and checked.",
                     .chapter = "docs/05-the-learned-table.md",
                     .unused = {{"--seeds", "it is of one seed"}, {"--corpus", "it reads no text"}}},
                    argc, argv, step_by_step);
}
