// Does a position encoding know the beat of a poem?
//
// Rhythm: BERT's learned table, trained on Tang poems, shows the verse's period as stripes.
// Beyond: trained at 32 positions and evaluated at 96, the table turns to noise; the RNN's stripes go on.
#include "demos/verse/verse.h"
#include <ordinal/nn/files/file.h>
#include "demos/lab/run_demo.h"
#include "demos/models/encodings.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

const std::vector<std::string> usual{"table", orthogonal_rnn, default_rnn},
    all{"table",
        orthogonal_rnn,
        default_rnn,
        "linear(state=8, noise=0.5, gain=0.15)",
        sinusoid,
        orthogonal_rnn + " + forgetting(form=two_sided)",
        "ring(rows=32, std=0.1) + forgetting(form=two_sided)",
        "ring(rows=12, random_start=no, std=0.1) + forgetting(form=two_sided)"};

int verse(const DemoOptions& options, const std::string& keep) {
    const VersePlan plan = verse_plan(load_verse(options.corpus), options.encodings_or(options.all ? all : usual));
    require<OptionError>(keep.empty() || (options.all && options.encodings.empty() && plan.verse.period() == 6),
                         "--keep: expected --all, its own encodings, and verse of five characters a line: the page "
                         "shows what that trains");
    if (!keep.empty()) require_writable("--keep", keep);
    Report report(options, plan.verse.source.has_bands ? verse_claims(plan.readings, plan.never()) : no_claims);
    std::cout << about_bands(plan.verse);
    print_poem(std::cout, plan.verse);
    const Measurements found = verse_runs(plan, options.seed_list(), options.quick ? 250 : 500);
    show_verse(found, plan, report);
    std::cout << "\nPictures: verse_rhythm.png, verse_beyond.png, verse_where.svg in " << options.out << "\n";
    if (!keep.empty()) write_file(keep, text_of_encodings(trained_encodings(found, plan)));
    report.judge(found);
    return report.finish();
}

}    // namespace

int main(int argc, char** argv) {
    std::string keep;
    return run_demo({.name = "verse",
                     .shows = "The beat of verse in learned and in recurrent position codes.",
                     .extra = {{"--keep",
                                "write what the encodings have learned into this file, for the page of "
                                "./go play: --all --seeds 1 --keep demos/play/trained.txt",
                                &keep}},
                     .chapter = "docs/06-the-rnn-encoding.md",
                     .heatmaps = true},
                    argc, argv, [&](const DemoOptions& options) { return verse(options, keep); });
}
