// Which encodings keep the line of verse when a model writes on, beyond what it was trained at?
//
// A causal Transformer learns Tang poems in windows of up to 32 characters. Then it is given a couplet that it has
// never seen, and writes to 96, its keys and values kept, each character drawn at temperature 0.8. A line is five
// characters and a mark: where does it put the marks? There are two ways to know: from the place (a phase), or from
// the text so far (count from the last mark). We expected both to do. Only the first does: see the chapter.
#include "demos/lab/run_demo.h"
#include "demos/models/encodings.h"
#include "demos/write_verse/writing.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

const std::string ring = "ring(rows=32, std=0.1)", fresh = "table, untrained rows", repeated = "table, repeated";

const std::vector<std::string> few{"table", orthogonal_rnn, rotary, three_parts},
    all{"table",      ring,  ring_and_forgetting, orthogonal_rnn, rotary, "alibi", rnn_and_forgetting, three_parts,
        "forgetting", "none"};    // alibi looks back only: one-sided

Claim expected(const std::string& encoding, const std::string& measure, const std::string& places, const Band& band,
               const std::string& if_missed, const std::optional<Band>& few_seeds = {}) {
    return likely(encoding + ": " + measure + " at " + places,
                  {{"encoding", encoding}, {"measure", measure}, {"places", places}}, band, few_seeds, if_missed, {},
                  "our expectation, written before the first run");
}

// What the misses of the first run had in common.
const char* const drawn =
    "beside a poet's text the share is the same (see \"reading\"): nothing is lost by writing. A small "
    "chance of a mark where none belongs adds up, for five of six places are such";
const char* const astray =
    "beside a poet's text the share is higher (see \"reading\"): it counts from its marks, and in its own "
    "text one mark astray leads to the next";
const char* const ends =
    "beside a poet's text the share is low, too (see \"reading\"): it does not count on beyond the trained length, "
    "whatever is written there";
const char* const whole = "a mark too many breaks lines inside the trained length, too";

// Bands from the explanation in docs/17-beyond-the-last-row.md, of things that nobody had measured.
const std::vector<Claim> claims{
    expected(fresh, "right", "12..31", at_least(0.95), drawn),
    expected(orthogonal_rnn, "right", "12..31", at_least(0.95), drawn),
    expected(rotary, "right", "12..31", at_least(0.9), astray),
    expected(three_parts, "right", "12..31", at_least(0.95), drawn),
    expected(fresh, "right", "64..95", at_most(0.3), "untrained rows should say nothing"),
    expected(repeated, "right", "64..95", at_most(0.1), "its copies are two places out of step, then four",
             at_most(0.2)),
    expected(repeated, "lines", "32..63", between(0.7, 0.9), whole),
    expected(ring, "right", "64..95", at_most(0.6), "alone, a ring takes a place for the one a round away"),
    expected(ring_and_forgetting, "right", "64..95", at_least(0.75), astray),
    expected(ring_and_forgetting, "lines", "64..95", at_least(0.95), astray),
    expected(orthogonal_rnn, "right", "64..95", at_least(0.85), drawn),
    expected(rotary, "right", "64..95", at_least(0.75), ends),
    expected(rotary, "lines", "64..95", at_least(0.9), ends),
    expected("alibi", "right", "64..95", at_most(0.6), "a slope should not count to five"),
    expected("alibi", "lines", "64..95", between(0.4, 0.9), astray),
    expected(rnn_and_forgetting, "right", "64..95", at_least(0.95), drawn),
    expected(three_parts, "right", "64..95", at_least(0.95), drawn),
    expected("forgetting", "lines", "64..95", at_least(0.8), astray),
    expected("none", "lines", "64..95", at_most(0.5), "a causal mask alone should not count that far"),
};

int write_verse(const DemoOptions& options) {
    const Verse verse = load_verse(options.corpus);
    Report report(options, options.claims || verse.source.has_bands ? claims : no_claims);
    const LongPoems task = long_poems(verse);
    std::cout << about_bands(verse);
    print_poem(std::cout, verse);
    const Measurements found = writing_runs(task, options.encodings_or(options.choose(few, few, all)),
                                            options.seed_list(), options.quick ? 250 : 500);
    show_writing(found, task, report);
    std::cout << "\nPicture: " << report.path("write_verse.svg") << "\n";
    report.judge(found);
    return report.finish();
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "write_verse",
                     .shows = "A model writes verse beyond the trained length: who keeps the line?",
                     .chapter = "docs/18-on-real-poems.md"},
                    argc, argv, write_verse);
}
