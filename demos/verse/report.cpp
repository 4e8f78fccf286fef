#include "demos/verse/verse.h"

#include "demos/lab/report.h"
#include "demos/plot/heatmap.h"

namespace ordinal::demos {
namespace {

const std::string orthogonal = "rnn(init=orthogonal, gain=0.15)";

plot::Heatmap panel(const std::string& title, const NdArray& values, Index tick, std::vector<Index> marks = {}) {
    return {.title = title,
            .values = values,
            .value_label = "cosine of two positions' codes",
            .range = plot::Range{-1, 1},
            .marks = std::move(marks),
            .tick_step = tick};
}

// The learned table of each verse, above before the training and below after it.
void draw_rhythm(const Measurements& found, const Verse& verse, Report& report) {
    std::vector<plot::Heatmap> before, after;
    const auto add = [&](const std::string& label, Index period, const std::string& name, const std::string& trained) {
        before.push_back(panel(name + ", untrained", found.array({{"verse", label}, {"when", "before"}}), period));
        after.push_back(panel(trained, found.array({{"verse", label}, {"when", "after"}}), period));
    };
    for (const Index period : verse.source.periods) {
        const std::string name = characters_a_line(period);
        add(verse_label(period), period, name + " characters a line",
            text_of(name, ", trained: lines of ", period, ", couplets of ", couplet_of(period)));
    }
    add(control_label(verse.period()), verse.period(), "control", "control, trained: windows start anywhere");
    const auto columns = static_cast<int>(before.size());
    before.insert(before.end(), after.begin(), after.end());
    const std::string title = "BERT's learned table discovers the verse";
    plot::save_grid(report.path("verse_rhythm.png"), title, before, columns);
    report.picture({.file = "verse_rhythm.png",
                    .title = title,
                    .look_at =
                        "Nobody told the table what a line is. After training, positions one line or one couplet "
                        "apart have similar codes: diagonal stripes. In the control, windows start anywhere, so a "
                        "position says nothing about the verse, and no stripes come.",
                    .alt = text_of(before.size(),
                                   " heatmaps of position similarity. Top row, untrained: noise. Bottom "
                                   "row, trained: stripes at the period of the verse, none in the control.")});
}

void draw_beyond(const Measurements& found, const VersePlan& plan, Report& report) {
    const Index trained = plan.trained(), length = plan.evaluated();
    const Measurements shown =
        found.where({"experiment", "beyond"}).without("encoding", {"table, rows of zeros"});    // a blank picture
    std::vector<plot::Heatmap> panels;
    for (const std::string& name : shown.labels("encoding"))
        panels.push_back(panel(name, shown.array({{"encoding", name}}), plan.couplet(), {trained}));
    const std::string title = text_of("Trained at ", trained, " positions, shown at ", length, ": who keeps the beat?");
    plot::save_grid(report.path("verse_beyond.png"), title, panels, 2);
    report.picture({.file = "verse_beyond.png",
                    .title = title,
                    .look_at =
                        "Everything beyond the thin line was never trained. The table has nothing to say there: noise, "
                        "or a copy that falls out of step. The stripes of an RNN that found the beat go on.",
                    .alt = text_of(panels.size(), " heatmaps of position similarity, ", length, " by ", length,
                                   ", with a line at ", trained,
                                   ". Those of the table show stripes up to the line only, or copies of them; those of "
                                   "the RNN encodings show diagonal stripes to the end.")});
    report.chart(
        "verse_where.svg",
        shown.chart({.title = text_of("Is there punctuation here? Held-out poems, trained at ", trained, " positions"),
                     .x_label = "position (mean over one couplet)",
                     .y_label = "share answered right",
                     .horizontal = {{"always saying no", plan.never()}},
                     .vertical = {{"trained length", static_cast<double>(trained)}},
                     .y_range = plot::Range{0, 1.02}},
                    "encoding", "position"),
        text_of("The mean of ", plan.seeds.size(),
                " seed(s), within the band from the least to the greatest. Inside the trained length the table "
                "and the RNNs know where marks stand. Beyond the line the table falls to what always saying no "
                "reaches, or below; an RNN that found the couplet's cycle stays right."));
}

// The face of the README: what happens beyond the last row, above what the table has learned before it. Nothing where
// other encodings or another text were asked for.
void draw_face(const Measurements& found, const VersePlan& plan, Report& report) {
    const std::vector<std::string> all = found.labels("encoding"), verses = found.labels("verse");
    std::vector<plot::Heatmap> panels;
    for (const auto& [name, title] : {std::pair{"table, untrained rows", "BERT's table: past row 32, noise"},
                                      {"table, repeated", "its rows repeated: out of step"},
                                      {orthogonal.c_str(), "an RNN: its stripes go on"}}) {
        if (std::find(all.begin(), all.end(), name) == all.end()) return;
        panels.push_back(panel(title, found.array({{"encoding", name}}), 12, {plan.trained()}));
    }
    for (const auto& [label, title, tick] : {std::tuple{verse_label(6), "the table on verse of five characters", 12},
                                             {verse_label(8), "the table on verse of seven", 16},
                                             {control_label(6), "control: windows start anywhere", 12}}) {
        if (std::find(verses.begin(), verses.end(), label) == verses.end()) return;
        panels.push_back(panel(title, found.array({{"verse", label}, {"when", "after"}}), tick));
    }
    plot::save_grid(report.path("face.png"), "How similar are two positions? Trained on Tang poems", panels, 3);
    report.fingerprint("face.png");
}

}    // namespace

void show_verse(const Measurements& found, const VersePlan& plan, Report& report, std::ostream& out) {
    draw_rhythm(found, plan.verse, report);
    draw_beyond(found, plan, report);
    draw_face(found, plan, report);
    report.show(found.where({"experiment", "rhythm"})
                    .table({.name = "rhythm",
                            .title = "The learned table's period, that of a line: score, and share of power; " +
                                     found.of_seeds(),
                            .look_at = "Before and after training. In the control, windows start anywhere in the text, "
                                       "so that a position means nothing."},
                           "verse", "measure"),
                out);
    report.show(
        found.where({"experiment", "beyond"})
            .table({.name = "where",
                    .title = text_of("Trained at ", plan.trained(), " positions, evaluated at ", plan.evaluated(),
                                     ": is there punctuation here? ", found.of_seeds()),
                    .look_at = text_of("Saying no every time would be right in ", mean_and_range({plan.never()}),
                                       " of the second half. The score: how much more alike the codes of "
                                       "positions a couplet apart are than others.")},
                   "encoding", "measure"),
        out);
}

std::vector<Claim> verse_claims(const std::vector<std::string>& encodings, double never) {
    const std::string faint = "fewer than 500 steps, or another corpus, leave the stripes faint";
    const std::string chance = "random rows can look periodic by chance; look at more seeds";
    const std::string late = "some seeds settle late into the couplet's cycle";
    const std::string lucky =
        "untrained or misplaced rows should not know the beat; is the trained length a multiple of the couplet?";
    const Label five{"verse", verse_label(6)}, seven{"verse", verse_label(8)}, control{"verse", control_label(6)};
    std::vector<Claim> claims;
    // few: a band that a single seed meets with 250 steps, too.
    const auto claim = [&](const std::string& what, const Label& of, const std::string& measure, const Band& band,
                           const std::optional<Band>& few, const std::string& if_missed) -> Claim& {
        const Labels labels{of, {"measure", measure}};
        claims.push_back({.what = what, .of = labels, .band = band, .few_seeds = few, .if_missed = if_missed});
        return claims.back();
    };
    claim("five: score(6) of the trained table", five, "after", at_least(0.28), at_least(0.2), faint);
    claim("five: share of power at the period", five, "share after", at_least(0.8), {}, faint);
    claim("seven: score(8) of the trained table", seven, "after", at_least(0.4), at_least(0.25), faint);
    claim("seven: share of power at the period", seven, "share after", at_least(0.85), {}, faint);
    claim("five: score(6) before training", five, "before", between(-0.05, 0.05), {}, chance);
    claim("seven: score(8) before training", seven, "before", between(-0.05, 0.05), {}, chance);
    claim("control: score(6)", control, "after", between(-0.08, 0.08), between(-0.12, 0.12), chance);
    claim("control: share of power at the period", control, "share after", at_most(0.5), {}, chance);
    for (const std::string& name : encodings)    // all of them are judged inside the trained length
        claim(name + ": right at 0..23", {"encoding", name}, "right at 0..23", at_least(0.97), {},
              "inside the trained length; smooth codes, whose neighbours look alike, need more steps on some seeds");
    const auto unseen = [&](const std::string& name, const Band& band, const std::optional<Band>& few,
                            const std::string& if_missed) -> Claim& {
        Claim& made = claim(name + ": right at 48..95", {"encoding", name}, "at 48..95", band, few, if_missed);
        made.chance = never;
        return made;
    };
    unseen("table, untrained rows", at_most(0.86), at_most(0.9), lucky);
    unseen("table, rows of zeros", at_most(0.86), {}, lucky);
    unseen("table, repeated", at_most(0.75), {}, lucky);
    unseen("rnn(gain=0.15)", at_least(0.9), {}, late);
    unseen(orthogonal, at_least(0.92), at_least(0.85), late);
    Claim& each_seed = unseen(orthogonal, at_least(0.88), {}, late);
    each_seed.what += ", each seed";
    each_seed.judged_by = JudgedBy::every_seed;
    const std::string score = "score(12) at 32..95";
    claim(orthogonal + ": " + score, {"encoding", orthogonal}, score, at_least(0.55), at_least(0.55), late);
    return claims;
}

}    // namespace ordinal::demos
