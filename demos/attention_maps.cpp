// What do trained heads look at?
//
// off3 asks for the token three places back: somewhere a head must look there. On poems nobody says where to look. Each
// picture shows the attention of a first layer, averaged over inputs; what remains visible is position.
#include "demos/attention_maps/attention_maps.h"
#include "demos/lab/run_demo.h"
#include "demos/models/sequence_model.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

const std::vector<std::string> few{learned_table, orthogonal_rnn}, usual{learned_table, orthogonal_rnn, rotary, "none"},
    all{learned_table, sinusoid,    orthogonal_rnn,   small_closed_form, rotary,
        "none",        default_rnn, rnn_reads_tokens, "alibi",           "t5(max_distance=64)"};

int attention_maps(const DemoOptions& options) {
    const auto encodings = options.encodings_or(options.choose(few, usual, all));
    Report report(options, maps_claims(encodings));
    std::optional<PoemTask> poem;    // --quick does without, but for a text of one's own
    if (!options.quick || !options.corpus.empty()) poem = poem_task(load_verse(options.corpus));
    const Index longest = std::max(trained_sequence, poem ? poem->trained_length() : 0);
    for (const std::string& encoding : encodings) sample_of(encoding, sequence_request, longest);
    if (poem) std::cout << "The poems: " << poem->verse.source.name << ". All claims are about off3.\n";
    const Measurements found = maps_runs(encodings, options.seed_list(), options.quick ? 300 : 500, poem, 300);
    const Measurements off3 = found.where({"task", "off3"}), poems = found.where({"task", "poems"});
    const auto draw = [&](const Picture& picture, const Measurements& maps, double strongest) {
        report.heatmaps(picture, head_panels(maps, strongest), 4);
        std::cout << "\nPicture: " << picture.file << " in " << options.out << "\n";
    };
    const Table table = off3_table(off3);
    print_table(std::cout, table, report.path("attention_maps.json"));
    report.table(with_heads(table, off3));
    draw({.file = "attention_off3.png",
          .title = "off3: the token three places back",
          .look_at = "A line parallel to the diagonal is a head that looks at a distance. Without positions none does, "
                     "and a bias that falls with the distance cannot ask for three back.",
          .alt = "Heatmaps of attention, a row for each encoding, a column for each head. Where positions are known, a "
                 "bright line three places left of the diagonal; without positions no line at all."},
         off3, 1);
    if (poem) {
        const std::string meter = characters_a_line(poem->verse.period());
        report.show(poems_table(poems, *poem));
        draw({.file = "attention_poems.png",
              .title = "Poems of " + meter + " characters a line: the first layer",
              .look_at = "Bright columns are places where a mark can stand. A head that looks where only another "
                         "meter has one tells meters apart. Without positions it would find marks, not places.",
              .alt = "Heatmaps of attention, a row for each encoding, a column for each head: bright columns at some "
                     "of the places where a line can end."},
             poems, 0.5);
    }
    report.judge(off3);
    return report.finish();
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "attention_maps",
                     .shows = "What trained heads look at, with one position encoding after the other.",
                     .chapter = "docs/18-on-real-poems.md",
                     .heatmaps = true},
                    argc, argv, attention_maps);
}
