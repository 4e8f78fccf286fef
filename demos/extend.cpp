// Six ways to make a trained table longer, side by side: what the new rows are like, where the seam is, where the
// ghosts.
#include <iomanip>
#include <iostream>

#include "demos/experiments/tables/extension_views.h"
#include "demos/lab/progress.h"
#include "demos/lab/report.h"
#include "demos/lab/run_demo.h"

using namespace ordinal;

namespace {

constexpr Index n = 128, width = 64, all_positions = 4 * n, drawn = 3 * n;
const std::string by_chance = "64 numbers a row: chance moves a cosine by about 0.12; another seed may do";

NdArray hierarchical(const NdArray& table, double alpha) {
    Rng rng(1);    // draws nothing
    return extend_table(Tensor(table), all_positions, {.alpha = alpha}, rng).values();
}

// What follows from q = P[j] + beta (P[i] - P[0]), beta = 2/3, where neighbours have the cosine c:
//     cos(q_0, q_n) = (1/3 + 2/3 c) / sqrt(1/9 + 4/9 + 4/9 c):     0.99 at c = 0.98,    0.45 at c = 0
void judge(Expectations& expectations, const std::vector<std::uint64_t>& seeds) {
    const std::string source = "the formula, by hand";
    std::vector<double> seam, ghost, sixth, swapped, random_ghost, random_swapped, half, copied;
    for (const std::uint64_t seed : seeds) {
        const NdArray smooth = smooth_table(n, width, seed), random = smooth_table(n, width, seed, 0);
        const Seams s = seams(hierarchical(smooth, 0.4), n), r = seams(hierarchical(random, 0.4), n);
        seam.push_back(s.at_the_seam);
        ghost.push_back(s.first_ghost);
        sixth.push_back(s.sixth_ghost);
        swapped.push_back(s.swapped);
        random_ghost.push_back(r.first_ghost);
        random_swapped.push_back(r.swapped);
        half.push_back(seams(hierarchical(smooth, 0.5), n).swapped);
        copied.push_back(seams(hierarchical(smooth, 0), n).first_ghost);
    }
    const auto expect = [&](const std::string& what, const std::vector<double>& measured, const Band& band) {
        expectations.add({.what = what,
                          .measured = measured,
                          .band = band,
                          .source = source,
                          .if_missed = by_chance,
                          .decimals = 3});
    };
    expect("smooth: the seam, cos(q_n-1, q_n)", seam, between(-0.35, 0.35));
    expect("smooth: the ghost, cos(q_0, q_n)", ghost, at_least(0.98));
    expect("smooth: cos(q_5, q_n+5)", sixth, at_least(0.97));
    expect("smooth: block 3 place 2 like block 2 place 3", swapped, at_least(0.99));
    expect("random rows: the ghost, cos(q_0, q_n)", random_ghost, between(0.2, 0.7));
    expect("random rows: block 3 place 2 like block 2 place 3", random_swapped, between(0.88, 0.98));
    expect("alpha = 1/2: the two are the same", half, between(0.9999, 1.0001));
    expect("alpha = 0 copies: cos(q_0, q_n)", copied, between(0.9999, 1.0001));
}

void draw(const DemoOptions& options, const NdArray& smooth, const NdArray& verse, Report& report) {
    const auto save = [&](const std::string& file, const std::string& title, const std::vector<plot::Heatmap>& panels,
                          const std::string& look_at) {
        plot::save_grid(options.output(file), title, panels, 3);
        report.picture(
            {.file = file,
             .title = title,
             .look_at = look_at,
             .alt = "Six heatmaps of the cosine similarity of positions, one for each way to extend a table."});
    };
    save("extend_smooth.png",
         text_of("A table of ", n, " rows made ", drawn, " long (a smooth stand-in, not a trained table)"),
         extension_panels(smooth, drawn, options.seed),
         "Thin lines are seams. Diagonals beside the main one are ghosts: positions that look like old ones.");
    save("extend_verse.png",
         text_of("A table of ", verse.dim(0), " rows, trained on five-character verse, made 96 long"),
         extension_panels(verse, 96, options.seed),
         "The stripes of the couplet, 12 apart, do not continue across a seam: 32 is no multiple of 12.");
    std::vector<plot::Heatmap> sweep;
    for (const double alpha : {0.0, 0.2, 0.4, 0.5, 0.6, 0.8})
        sweep.push_back(extension_panel(verse, 96, {.alpha = alpha}, options.seed));
    save("extend_alpha.png", "A table trained on verse, by Su's hierarchy: alpha moves the weight from place to block",
         sweep,
         "From copies (0) to blocks that are alike inside (0.8). The ghost diagonals fade, and so do the neighbours.");
}

// How alpha moves the ghosts of a table.
void print_sweep(const std::string& title, const NdArray& table) {
    std::cout << title << std::fixed << std::setprecision(3);
    for (const double alpha : {0.0, 0.2, 0.4, 0.5, 0.6, 0.8}) {
        const Seams s = seams(hierarchical(table, alpha), n);
        std::cout << "\n  " << alpha << std::setw(11) << s.first_ghost << std::setw(12) << s.sixth_ghost
                  << std::setw(18) << s.swapped;
    }
    std::cout << "\n" << std::defaultfloat << std::setprecision(6);
}

int extend(const DemoOptions& options) {
    const Verse poems = load_verse(options.corpus);
    const Index steps = options.quick ? 100 : 500;
    Progress progress("extend: a table learns the verse", steps);
    Index step = 0;
    const NdArray verse = verse_table(poems, steps, options.seed, [&](double loss) {
        progress.update(++step, {{"loss", loss}});
    });
    progress.finish();

    const NdArray smooth = smooth_table(n, width, options.seed), random = smooth_table(n, width, options.seed, 0);
    std::cout << "n: the number of old rows.\n";
    Report report(options);
    const auto show = [&](const std::string& name, const std::string& title, const NdArray& table, Index length) {
        const Table shown = seams_table(name, title, table, length, options.seed);
        std::cout << "\n" << shown.title << "\n\n" << markdown(shown);
        report.table(shown);
    };
    show("smooth", "A smooth stand-in for a trained table", smooth, all_positions);
    show("random", "Random rows, no training", random, all_positions);
    show("verse", "A table trained on five-character verse", verse, 4 * verse.dim(0));
    const std::string columns = "\n  alpha    q_0,q_n   q_5,q_n+5   q_(3,2),q_(2,3)";
    print_sweep("\nSu's hierarchy of the smooth stand-in" + columns, smooth);
    print_sweep("\nSu's hierarchy of random rows" + columns, random);
    draw(options, smooth, verse, report);
    std::cout
        << "\nPictures: extend_smooth.png, extend_verse.png, extend_alpha.png in " << options.out
        << ".\nThin lines are seams. Diagonals beside the main one, at a distance of n, are ghosts: positions that"
           "\nthe model can hardly tell from the ones that it knows. `group` and `linear` have neither, and they"
           "\nmove the old rows.\n\n";

    Expectations expectations("extend");
    judge(expectations, options.seed_list(5));
    return report.finish(expectations, std::cout);
}

}    // namespace

int main(int argc, char** argv) {
    return run_demo({.name = "extend",
                     .shows = "Six ways to make a trained position table longer, their seams and their ghosts.",
                     .chapter = "docs/08-extending-a-trained-table.md",
                     .unused = {{"--encodings", "it extends BERT's table and nothing else"}},
                     .heatmaps = true},
                    argc, argv, extend);
}
