#include "demos/models/encodings.h"
#include "demos/verse/verse.h"

namespace ordinal::demos {
namespace {

plot::Heatmap panel(const std::string& title, const NdArray& values, Index tick, const std::vector<Index>& marks = {}) {
    return {.title = title,
            .values = values,
            .value_label = "cosine of two positions' codes",
            .range = plot::Range{-1, 1},
            .marks = marks,
            .tick_step = tick};
}

// The learned table of each verse, above before the training and below after it.
void draw_rhythm(const Measurements& found, const Verse& verse, Report& report) {
    std::vector<plot::Heatmap> panels;
    for (const char* when : {"before", "after"}) {
        const bool untrained = panels.empty();
        const auto add = [&](const std::string& label, Index period, const std::string& title) {
            panels.push_back(panel(title, found.array({{"verse", label}, {"measure", when}}), period));
        };
        for (const Index period : verse.periods) {
            const std::string name = characters_a_line(period);
            add(verse_label(period), period,
                untrained ? name + " characters a line, untrained"
                          : text_of(name, ", trained: lines of ", period, ", couplets of ", couplet_of(period)));
        }
        add(control_label(verse.period()), verse.period(),
            untrained ? "control, untrained" : "control, trained: windows start anywhere");
    }
    report.heatmaps({.file = "verse_rhythm.png",
                     .title = "BERT's learned table discovers the verse",
                     .look_at = "After training, positions one line or one couplet apart have similar codes: diagonal "
                                "stripes. In the control a position says nothing about the verse, and no stripes come.",
                     .alt = text_of(panels.size(),
                                    " heatmaps of position similarity. Top row, untrained: noise. Bottom "
                                    "row, trained: stripes at the period of the verse, none in the control.")},
                    panels, static_cast<int>(panels.size() / 2));
}

void draw_beyond(const Measurements& found, const VersePlan& plan, Report& report) {
    const Index trained = plan.trained(), length = plan.evaluated();
    const Measurements shown =
        found.where({"experiment", "beyond"}).without("encoding", {"table, rows of zeros"});    // a blank picture
    std::vector<plot::Heatmap> panels;
    for (const std::string& name : shown.labels("encoding"))
        panels.push_back(panel(name, shown.array({{"encoding", name}}), plan.couplet(), {trained}));
    report.heatmaps(
        {.file = "verse_beyond.png",
         .title = text_of("Trained at ", trained, " positions, shown at ", length, ": who keeps the beat?"),
         .look_at = "Beyond the thin line nothing was trained. A table is noise there, or a copy that falls out of "
                    "step; the stripes of an RNN that found the beat go on.",
         .alt = text_of(panels.size(), " heatmaps of position similarity, ", length, " by ", length,
                        ", with a line at ", trained,
                        ". Those of the table show stripes up to the line only, or copies of them; those of "
                        "the RNN encodings show diagonal stripes to the end.")},
        panels, 2);
    report.chart(
        "verse_where.svg",
        shown.chart({.title = text_of("Is there punctuation here? Held-out poems, trained at ", trained, " positions"),
                     .x_label = "position (mean over one couplet)",
                     .y_label = "share answered right",
                     .horizontal = {{"always saying no", plan.never()}},
                     .vertical = {{"trained length", static_cast<double>(trained)}},
                     .y_range = plot::Range{0, 1.02}},
                    "encoding", "position"),
        "Beyond the line a table falls to what always saying no reaches, or below; an RNN that found the couplet's "
        "cycle stays right. Shown: " +
            found.of_seeds() + ".");
}

// The face of the README: what happens beyond the last row, above what the table has learned before it. Nothing where
// other encodings or another text were asked for.
void draw_face(const Measurements& found, const VersePlan& plan, Report& report) {
    struct Part {
        Labels of;
        std::string title;
        Index tick;
        std::vector<Index> marks = {};
    };
    std::vector<plot::Heatmap> panels;
    for (const Part& part :
         {Part{{{"encoding", "table, untrained rows"}}, "BERT's table: past row 32, noise", 12, {plan.trained()}},
          {{{"encoding", "table, repeated"}}, "its rows repeated: out of step", 12, {plan.trained()}},
          {{{"encoding", orthogonal_rnn}}, "an RNN: its stripes go on", 12, {plan.trained()}},
          {{{"verse", verse_label(6)}, {"measure", "after"}}, "the table on verse of five characters", 12},
          {{{"verse", verse_label(8)}, {"measure", "after"}}, "the table on verse of seven", 16},
          {{{"verse", control_label(6)}, {"measure", "after"}}, "control: windows start anywhere", 12}}) {
        if (found.of(part.of).empty()) return;
        panels.push_back(panel(part.title, found.array(part.of), part.tick, part.marks));
    }
    const std::string title = "How similar are two positions? Trained on " + plan.verse.source.title;
    report.picture_file("face.png", plot::png(plot::draw_grid(title, panels, 3)));
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
                            .look_at = "Before and after training on " + plan.verse.source.name +
                                       ". In the control, windows start anywhere, so that a position means nothing."},
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
        claims.push_back(likely(what, {of, {"measure", measure}}, band, few, if_missed));
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
    for (const std::string& name : encodings) {    // inside the trained length all are judged, but for a ring whose
        const bool begins_anywhere = name.starts_with("ring(") && name.find("random_start=no") == std::string::npos;
        if (begins_anywhere) continue;    // texts begin anywhere: verse is phase, and it has given that up
        claim(name + ": right at 0..23", {"encoding", name}, "right at 0..23", at_least(0.97), {},
              "inside the trained length; smooth codes, whose neighbours look alike, need more steps on some seeds");
    }
    const auto unseen = [&](const std::string& name, const Band& band, const std::optional<Band>& few,
                            const std::string& if_missed) -> Claim& {
        Claim& made = claim(name + ": right at 48..95", {"encoding", name}, "at 48..95", band, few, if_missed);
        made.chance = never;
        return made;
    };
    unseen("table, untrained rows", at_most(0.86), at_most(0.9), lucky);
    unseen("table, rows of zeros", at_most(0.86), {}, lucky);
    unseen("table, repeated", at_most(0.75), {}, lucky);
    unseen(default_rnn, at_least(0.9), {}, late);
    unseen(orthogonal_rnn, at_least(0.92), at_least(0.85), late);
    Claim& each_seed = unseen(orthogonal_rnn, at_least(0.88), {}, late);
    each_seed.what += ", each seed";
    each_seed.judged_by = JudgedBy::every_seed;
    const std::string score = "score(12) at 32..95";
    claim(orthogonal_rnn + ": " + score, {"encoding", orthogonal_rnn}, score, at_least(0.55), at_least(0.55), late);
    return claims;
}

}    // namespace ordinal::demos
