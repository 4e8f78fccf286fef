// What do trained heads look at?
//
// off3 asks for the token three places back: somewhere a head must look there. On poems nobody says where to look. Each
// picture shows the attention of a first layer, averaged over inputs; what remains visible is position.
#include "demos/attention_maps/attention_maps.h"
#include "demos/lab/report.h"
#include "demos/lab/run_demo.h"
#include "demos/models/sequence_model.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

const std::vector<std::string> few{"table(std=0.1)", "rnn(init=orthogonal, gain=0.15)"},
    usual{"table(std=0.1)", "sinusoidal(gain=0.15)", "rnn(init=orthogonal, gain=0.15)", "rope", "none"},
    all{"table(std=0.1)",
        "sinusoidal(gain=0.15)",
        "rnn(init=orthogonal, gain=0.15)",
        "linear(state=8, gain=0.15)",
        "rope",
        "none",
        "rnn(gain=0.15)",
        "rnn_over_inputs",
        "alibi",
        "t5(max_distance=64)"};

int attention_maps(const DemoOptions& options) {
    const auto encodings = options.encodings_or(options.choose(few, usual, all));
    Report report(options, maps_claims(encodings));
    std::optional<PoemTask> poem;    // --quick does without
    if (!options.quick) poem = poem_task(load_verse(options.corpus));
    for (const std::string& encoding : encodings) {
        Rng rng(1);
        make_encoding(encoding, sequence_request, rng);
    }
    if (poem) std::cout << about_bands(poem->verse);
    const Measurements found =
        maps_runs(encodings, options.seed_list(options.all ? 5 : 1), options.quick ? 300 : 500, poem, 300);
    const Measurements off3 = found.where({"task", "off3"}), poems = found.where({"task", "poems"});
    const auto draw = [&](const Picture& picture, const Measurements& maps, double strongest) {
        plot::save_grid(report.path(picture.file), picture.title, head_panels(maps, strongest), 4);
        report.picture(picture);
        std::cout << "\nPicture: " << picture.file << " in " << options.out << "\n";
    };
    const Table table = off3_table(off3);
    print_table(std::cout, table, report.path("attention_maps.json"));
    report.table(with_heads(table, off3));
    draw({.file = "attention_off3.png",
          .title = "off3: the token three places back",
          .look_at = "A line parallel to the diagonal is a head that looks at a distance. All encodings shown draw one "
                     "but `none` (and `alibi`, where it is shown): a bias that falls with the distance cannot ask for "
                     "three back.",
          .alt = "Heatmaps of attention, a row for each encoding, a column for each head. Where positions are known, a "
                 "bright line three places left of the diagonal; without positions no line at all."},
         off3, 1);
    if (poem) {
        report.show(poems_table(poems, *poem));
        draw(
            {.file = "attention_poems.png",
             .title = "Poems of five characters a line: the first layer",
             .look_at = "Bright columns are places where a mark can stand, of either meter. At 7 and 15 five-character "
                        "verse has none: a head that looks there tells the meters apart. `none` is the control: it "
                        "finds marks, not places.",
             .alt = "Heatmaps of attention, a row for each encoding, a column for each head: bright columns at some of "
                    "the positions 5, 7, 11, 15, 17 and 23."},
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
