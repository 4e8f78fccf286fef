// Before any training: how similar are the codes of two positions?
//
// Encodings that add codes only. (The demo `family` shows every scheme, those that act inside attention included.)
#include <cmath>

#include <ordinal/positional/measures/kernel.h>
#include <ordinal/positional/measures/similarity.h>
#include "demos/lab/run_demo.h"
#include "demos/models/encodings.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

constexpr Index length = 96, width = 64;

const std::vector<std::string> nine{"none",
                                    "table",
                                    "rnn",
                                    "gru",
                                    "rnn_over_inputs",
                                    "gru_over_inputs",
                                    "sinusoidal",
                                    "rnn(init=orthogonal)",
                                    "rnn(init=rotation)"};

const std::vector<Claim> claims{certain("rnn, untrained: last step", {{"encoding", "rnn"}}, at_most(0.001),
                                        "a contraction", "this seed's W does not contract as fast", 6),
                                certain("sinusoidal: last step", {{"encoding", "sinusoidal"}}, at_least(0.1),
                                        "a rotation", "the codes have come to rest", 3),
                                certain("rnn(init=rotation): last step", {{"encoding", "rnn(init=rotation)"}},
                                        at_least(0.1), "a rotation", "the codes have come to rest", 3)};

// How far the code still moves at the end, |p_95 - p_94| / |p_94|: 0 = the last positions cannot be told apart.
double last_step(const NdArray& P) {
    double moved = 0, size = 0;
    for (Index i = 0; i < width; ++i) {
        const double before = static_cast<double>(P.at({length - 2, i})),
                     after = static_cast<double>(P.at({length - 1, i}));
        moved += (after - before) * (after - before);
        size += before * before;
    }
    return size > 0 ? std::sqrt(moved / size) : 0;
}

int run_heatmaps(const DemoOptions& options) {
    Report report(options, claims);
    std::vector<plot::Heatmap> panels;
    Measurements found;
    for (const std::string& name : options.encodings_or(nine)) {
        Rng rng(options.seed);
        const auto encoding = make_encoding(name, {.d_model = width, .max_length = length, .num_heads = 4}, rng);
        require_at_input(name, *encoding);
        const NdArray P = input_codes(*encoding, {.length = length, .d_model = width, .seed = options.seed});
        panels.push_back({.title = name,
                          .values = cosine_similarity(P),
                          .value_label = "cosine",
                          .range = plot::Range{-1, 1},
                          .tick_step = 16});
        found.numbers.push_back({{{"encoding", name}, {"what", "last step"}}, options.seed, last_step(P)});
    }
    report.show(
        found.table({.name = "last_step", .title = "How far the last step moves the code, as a share of its length"},
                    "encoding", "what", [](const std::vector<double>& step) { return text_of(step.front()); }));
    report.heatmaps(
        {.file = "heatmaps.png",
         .title = "Position codes before training: cosine similarity",
         .look_at = "A solid square: all codes point the same way, and attention could not tell them apart. "
                    "An untrained RNN runs into a fixed point. Stripes and bands come from rotations, noise "
                    "from tables. Where there are no codes, there is nothing to compare: all white.",
         .alt = text_of(panels.size(), " heatmaps, one an encoding, of the cosine similarity of the codes of ", length,
                        " positions.")},
        panels, 3);
    std::cout << "\nPicture: heatmaps.png in " << options.out << ". A solid square: all codes point the same way.\n"
              << "An untrained RNN runs into a fixed point; its codes are then equal. (A cosine does not see lengths, "
                 "so\ncodes that only grow look equal, too.) Encodings that read the tokens get the same token "
                 "everywhere.\n";
    report.judge(found);
    return report.finish();
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "heatmaps",
                     .shows = "Position-similarity heatmaps of untrained encodings.",
                     .chapter = "docs/04-where-is-a-token.md",
                     .unused = {{"--seeds", "its picture is of one seed"}, {"--corpus", "it reads no text"}},
                     .heatmaps = true},
                    argc, argv, run_heatmaps);
}
