// Six ways to make a trained table longer: what are the new rows like, where is the seam, where are the ghosts?
//
// Thin lines are seams. Diagonals beside the main one are ghosts: positions that the model can hardly tell from the
// ones that it knows.
#include <ordinal/positional/tables/learned_table.h>
#include "demos/lab/run_demo.h"
#include "demos/models/longer_tables.h"
#include "demos/models/masked_language_model.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

constexpr Index n = 128, D = 64;    // of the tables that no training has made
const std::vector<std::string> alphas{"0", "0.2", "0.4", "0.5", "0.6", "0.8"};

// A table that a tiny BERT has trained on verse, [32, 32]; windows start at a couplet.
void learn_verse(Run& run, const Verse& verse) {
    constexpr Index rows = 32, width = 32, batch_size = 32;
    const std::vector<Poem> poems = verse.with_period(verse.period());
    const Vocabulary vocabulary(poems);
    const TokenLists tokens = vocabulary.encode(poems);
    Rng rng(run.seed);
    const auto table = std::make_shared<LearnedTable>(rows, width, rng, 0.002);    // small, so that little noise stays
    const auto next_batch = [&](Rng& chance) {
        return mask_tokens(couplet_windows(tokens, batch_size, rows, couplet_of(verse.period()), chance), 0.15, chance);
    };
    trained_bert({vocabulary.size(), width, 1, next_batch}, table, {run.steps, 2e-3, 0, run.step_done}, rng);
    run.keep({}, table->weight().values());
}

// --- Su's hierarchy in numbers: how alpha moves the ghosts of a table, on each seed. ---

void look_at_seams(Run& run) {
    const NdArray table = smooth_table(n, D, run.seed, run["table"] == "smooth" ? 0.98 : 0);
    Rng none(1);    // the hierarchy draws nothing
    const double alpha = std::stod(run["alpha"]);
    const Tensor longer = extend_table(Tensor(table), 4 * n, {.alpha = alpha}, none);
    for (const auto& [rows, cosine] : seams(longer.values(), n)) run.record({{"cosine", rows}}, cosine);
}

// What follows from q = P[j] + beta (P[i] - P[0]), beta = 2/3, where neighbours have the cosine c:
//     cos(q_0, q_n) = (1/3 + 2/3 c) / sqrt(1/9 + 4/9 + 4/9 c):     0.99 at c = 0.98,    0.45 at c = 0
Claim claim(const std::string& what, const std::string& table, const std::string& alpha, const std::string& cosine,
            const Band& band) {
    return certain(what, {{"table", table}, {"alpha", alpha}, {"cosine", cosine}}, band, "the formula, by hand",
                   "64 numbers a row: chance moves a cosine by about 0.12; another seed may do", 3);
}
const std::vector<Claim> claims{
    claim("smooth: the seam, cos(q_n-1, q_n)", "smooth", "0.4", "q_n-1, q_n", between(-0.35, 0.35)),
    claim("smooth: the ghost, cos(q_0, q_n)", "smooth", "0.4", "q_0, q_n", at_least(0.98)),
    claim("smooth: cos(q_5, q_n+5)", "smooth", "0.4", "q_5, q_n+5", at_least(0.97)),
    claim("smooth: block 3 place 2 like block 2 place 3", "smooth", "0.4", "q_(3,2), q_(2,3)", at_least(0.99)),
    claim("random rows: the ghost, cos(q_0, q_n)", "random", "0.4", "q_0, q_n", between(0.2, 0.7)),
    claim("random rows: block 3 place 2 like block 2 place 3", "random", "0.4", "q_(3,2), q_(2,3)",
          between(0.88, 0.98)),
    claim("alpha = 1/2: the two are the same", "smooth", "0.5", "q_(3,2), q_(2,3)", between(0.9999, 1.0001)),
    claim("alpha = 0 copies: cos(q_0, q_n)", "smooth", "0", "q_0, q_n", between(0.9999, 1.0001)),
};

// --- Pictures. ---

void draw(const NdArray& smooth, const NdArray& verse, Index period, std::uint64_t seed, Report& report) {
    const auto save = [&](const std::string& file, const std::string& title, const std::vector<plot::Heatmap>& panels,
                          const std::string& look_at) {
        report.heatmaps(
            {.file = file,
             .title = title,
             .look_at = look_at,
             .alt = "Six heatmaps of the cosine similarity of positions, one for each way to extend a table."},
            panels, 3);
    };
    save("extend_smooth.png",
         text_of("A table of ", n, " rows made ", 3 * n, " long (a smooth stand-in, not a trained table)"),
         extension_panels(smooth, 3 * n, seed),
         "Thin lines are seams. Diagonals beside the main one are ghosts: positions that look like old ones.");
    const Index couplet = couplet_of(period);
    const bool meet = verse.dim(0) % couplet == 0;    // where rows are repeated
    save("extend_verse.png",
         text_of("A table of ", verse.dim(0), " rows, trained on ", characters_a_line(period),
                 "-character verse, made 96 long"),
         extension_panels(verse, 96, seed),
         text_of("The stripes of the couplet, ", couplet, " apart, ", meet ? "continue" : "do not continue",
                 " across a seam: ", verse.dim(0), meet ? " is a" : " is no", " multiple of ", couplet, "."));
    std::vector<plot::Heatmap> sweep;
    for (const std::string& alpha : alphas)
        sweep.push_back(extension_panel(verse, 96, {.alpha = std::stod(alpha)}, seed));
    save("extend_alpha.png", "A table trained on verse, by Su's hierarchy: alpha moves the weight from place to block",
         sweep,
         "From copies (0) to blocks that are alike inside (0.8). The ghost diagonals fade, and so do the neighbours.");
}

int run_extend(const DemoOptions& options) {
    const Verse poems = load_verse(options.corpus);
    Report report(options, claims);
    const Measurements learned = measure("extend: a table learns the verse", {{{}, options.quick ? 100 : 500}},
                                         {options.seed}, [&](Run& run) { learn_verse(run, poems); });
    const NdArray& verse = learned.array({});
    const NdArray smooth = smooth_table(n, D, options.seed), random = smooth_table(n, D, options.seed, 0);
    const Measurements found = measure("extend", cases({{"table", {"smooth", "random"}}, {"alpha", alphas}}, 0),
                                       options.seed_list(5), look_at_seams);

    std::cout << "n: the number of old rows. `group` and `linear` have neither seams nor ghosts, and they move the old "
                 "rows.\n";
    report.show(seams_table("smooth", "A smooth stand-in for a trained table", smooth, 4 * n, options.seed));
    report.show(seams_table("random", "Random rows, no training", random, 4 * n, options.seed));
    report.show(seams_table("verse", "A table trained on " + characters_a_line(poems.period()) + "-character verse",
                            verse, 4 * verse.dim(0), options.seed));
    for (const std::string table : {"smooth", "random"})
        report.show(found.where({"table", table})
                        .table({.name = table + "_alpha",
                                .title = "Su's hierarchy by alpha, " + table + " rows; " + found.of_seeds()},
                               "alpha", "cosine"));
    draw(smooth, verse, poems.period(), options.seed, report);
    report.judge(found);
    return report.finish();
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "extend",
                     .shows = "Six ways to make a trained position table longer, their seams and their ghosts.",
                     .chapter = "docs/08-extending-a-trained-table.md",
                     .unused = {{"--encodings", "it extends BERT's table and nothing else"}},
                     .heatmaps = true},
                    argc, argv, run_extend);
}
