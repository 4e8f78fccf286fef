// What do trained heads look at?
//
// off3 asks for the token three places back: somewhere a head must look there. On poems nobody says where to look. Each
// picture shows the attention of a first layer, averaged over inputs; what remains visible is position.
#include <iostream>
#include <optional>

#include "demos/experiments/attention/attention_maps_report.h"
#include "demos/experiments/poems/swap_runs.h"
#include "demos/lab/report.h"
#include "demos/lab/run_demo.h"

using namespace ordinal;

namespace {

MapsResults train_all(const std::vector<std::string>& encodings, const std::vector<std::uint64_t>& seeds, Index steps,
                      const SwapCorpus* corpus) {
    MapsResults results{encodings, seeds, {}, {}};
    results.off3.assign(encodings.size(), std::vector<AttentionMaps>(seeds.size()));
    if (corpus != nullptr) results.poems = results.off3;
    std::vector<Job> jobs;
    for (std::size_t s = 0; s < seeds.size(); ++s)
        for (std::size_t e = 0; e < encodings.size(); ++e) {
            jobs.push_back({steps, [&, s, e](const StepDone& done) {
                                results.off3[e][s] = maps_on_off3(encodings[e], seeds[s], steps, done);
                            }});
            constexpr Index poem_steps = 300;
            if (corpus == nullptr) continue;
            jobs.push_back({poem_steps, [&, s, e](const StepDone& done) {
                                results.poems[e][s] = maps_on_poems(*corpus, encodings[e], seeds[s], poem_steps, done);
                            }});
        }
    run_jobs("attention_maps: " + std::to_string(jobs.size()) + " training runs", jobs);
    return results;
}

void show(const Table& table, Report& report) {
    std::cout << "\n" << table.title << "\n" << table.look_at << "\n\n" << markdown(table);
    report.table(table);
}

int attention_maps(const DemoOptions& options) {
    Report report(options);
    const std::vector<std::string> few{"table(std=0.1)", "rnn(init=orthogonal, gain=0.15)"};
    const std::vector<std::string> main{"table(std=0.1)",
                                        "sinusoidal(gain=0.15)",
                                        "rnn(init=orthogonal, gain=0.15)",
                                        "linear(state=8, gain=0.15)",
                                        "rope",
                                        "none"};
    std::vector<std::string> all = main;
    all.insert(all.end(), {"rnn(gain=0.15)", "rnn_over_inputs", "alibi", "t5(max_distance=64)"});
    const std::vector<std::string> encodings = !options.encodings.empty() ? options.encodings
                                               : options.all              ? all
                                               : options.quick            ? few
                                                                          : main;
    for (const std::string& encoding : encodings) check_swap_encoding(encoding);
    std::optional<SwapCorpus> corpus;
    if (!options.quick) corpus = swap_corpus(load_corpus(options.corpus));
    const auto seeds = options.seed_list(options.all ? 5 : options.quick ? 1 : 2);
    const MapsResults results = train_all(encodings, seeds, options.quick ? 300 : 500, corpus ? &*corpus : nullptr);

    show(off3_table(results), report);
    const auto save = [&](const std::string& file, const std::string& title, const std::string& look_at,
                          const std::string& alt, const std::vector<std::vector<AttentionMaps>>& maps,
                          double strongest) {
        plot::save_grid(options.output(file), title, head_panels(encodings, maps, strongest), 4);
        report.picture({file, title, look_at, alt});
        std::cout << "\nPicture: " << file << " in " << options.out << "\n";
    };
    save("attention_off3.png", "off3: the token three places back",
         "A line parallel to the diagonal is a head that looks at a distance. All encodings shown draw one but `none` "
         "(and `alibi`, where it is shown): a bias that falls with the distance cannot ask for three back.",
         "Heatmaps of attention, a row for each encoding, a column for each head. Where positions are known, a bright "
         "line three places left of the diagonal; without positions no line at all.",
         results.off3, 1);
    if (corpus) {
        show(poems_table(results), report);
        save("attention_poems.png", "Poems of five characters a line: the first layer",
             "Bright columns are places where a mark can stand, of either meter. At 7 and 15 five-character verse has "
             "none: a head that looks there tells the meters apart. `none` is the control: it finds marks, not places.",
             "Heatmaps of attention, a row for each encoding, a column for each head: bright columns at some of the "
             "positions 5, 7, 11, 15, 17 and 23.",
             results.poems, 0.5);
    }
    return report.finish(judge_maps(results, options.quick ? MapsBands::wide_margin : MapsBands::full), std::cout);
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "attention_maps",
                     .shows = "What trained heads look at, with one position encoding after the other.",
                     .chapter = "docs/18-on-real-poems.md",
                     .heatmaps = true},
                    argc, argv, attention_maps);
}
