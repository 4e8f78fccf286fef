// A rule and a table together: the table adapts, the rule goes on. Does one get both?
//
// Only if the table is sometimes dropped in training (drop=0.5: for whole batches). Otherwise the net leans on the
// table, and falls where it ends. Noise on the rule's codes (noise=...) makes the rule itself sturdier.
#include "demos/lab/run_demo.h"
#include "demos/models/lengths.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

const std::string hybrid = "linear(state=16, noise=0.8, gain=0.15) + table(rows=32, std=0.1, beyond=zero)",
                  quiet_hybrid = "linear(state=16, gain=0.15) + table(rows=32, std=0.1, beyond=zero)",
                  quiet_hybrid_dropped = "linear(state=16, gain=0.15) + table(rows=32, std=0.1, beyond=zero, drop=0.5)";

const char* const leans = "a net that always has the table leans on it, and falls with it; some seeds do not";
const char* const drift = "a frequency that is a little off is off by ever more; some seeds stop short";

const std::vector<Claim> claims{
    length_claim("off3", 128, hybrid, at_most(0.25), at_most(0.35), leans),
    length_claim("off3", 128, hybrid_dropped, at_least(0.75), at_least(0.50), drift),
    length_claim("off3", 128, closed_form, at_least(0.95), at_least(0.90), drift),
};

int run_hybrid(const DemoOptions& options) {
    Report report(options, claims);
    const std::vector<std::string> few{closed_form, hybrid, hybrid_dropped},
        all{quiet_closed_form, closed_form, quiet_hybrid, quiet_hybrid_dropped, hybrid, hybrid_dropped}, one{"off3"},
        two{"off3", "mod5"};
    const Measurements found =
        measure_lengths("hybrid", options.choose(one, one, two), options.encodings_or(options.choose(few, all, all)),
                        options.quick ? 250 : 500, options.seed_list());

    for (const std::string& task : found.labels("task")) report.show(length_table(found, task));
    report.charts(
        "hybrid.svg", "A rule beside a table, with and without dropping the table", length_charts(found), 2,
        "A rule alone goes on. Beside a table that is always there a net leans on the table and falls with it. "
        "Where the table is dropped in half of the batches, the rule carries on when the table ends.");
    report.judge(found);
    return report.finish();
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "hybrid",
                     .shows = "A rule beside a table, with and without dropping the table.",
                     .chapter = "docs/11-partly-fixed-partly-learned.md",
                     .unused = {{"--corpus", "it reads no text"}}},
                    argc, argv, run_hybrid);
}
