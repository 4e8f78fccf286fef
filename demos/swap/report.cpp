#include "demos/swap/swap.h"

#include <algorithm>

#include "demos/lab/captions.h"

namespace ordinal::demos {
namespace {

// At most seven: more colours, or columns, cannot be told apart.
std::vector<std::string> few_rows(const Measurements& found) {
    const std::vector<std::string> all = found.labels("encoding");
    const std::vector<std::string> preferred{
        "none", "table, untrained rows", "table, repeated", orthogonal_rnn, rotary, small_closed_form, "alibi"};
    const std::vector<std::string> few = found.only("encoding", preferred).labels("encoding");
    return all.size() <= preferred.size() || few.empty() ? all : few;
}

std::vector<plot::LineChart> swap_charts(const Measurements& found, const PoemTask& task) {
    plot::LineChart loss{.title = "loss: lower is better",
                         .x_label = "at " + task.inside_text() + ", as in training",
                         .y_label = "at " + task.beyond_text() + ", never seen in training"};
    plot::LineChart where{.title = "punctuation or not: higher is better",
                          .x_label = "share answered right at " + task.inside_text(),
                          .y_label = "share answered right at " + task.beyond_text(),
                          .horizontal = {{"always saying no", task.never(task.beyond)}},
                          .y_range = plot::Range{0, 1.02}};
    for (const std::string& name : few_rows(found)) {
        const auto dots = [&](const std::string& measure) {    // one a seed
            const auto at = [&](const std::string& place) {
                return found.of({{"encoding", name}, {"measure", measure + place}});
            };
            return plot::Line{
                .name = name, .x = at(task.inside_text()), .y = at(task.beyond_text()), .only_dots = true};
        };
        loss.lines.push_back(dots("loss at "));
        where.lines.push_back(dots("where at "));
    }
    return {loss, where};
}

}    // namespace

Table swap_table_of(const Measurements& found, const PoemTask& task) {
    const auto loss = [&](const std::vector<std::string>& row) {
        return summary(found.of({{"encoding", row[0]}, {"measure", "loss at " + task.inside_text()}})).mean;
    };
    Table table = found.table(
        {.name = "swap",
         .title = text_of("Hidden characters of held-out poems, trained at ", task.trained_length(), " positions; ",
                          found.of_seeds()),
         .look_at = text_of(
             "\"where\": the share of \"is this punctuation?\" answered right; saying no every time would be right in ",
             mean_and_range({task.never(task.inside)}), " of the cases at ", task.inside_text(), " and in ",
             mean_and_range({task.never(task.beyond)}), " at ", task.beyond_text(),
             ", where the recall of marks, its precision and F1 are of. Compare within a column: the two places use "
             "different windows.")},
        "encoding", "measure");
    std::stable_sort(table.rows.begin(), table.rows.end(),
                     [&](const auto& a, const auto& b) { return loss(a) < loss(b); });
    return table;
}

Table poems_table_of(const Measurements& found, const PoemTask& task) {
    const std::vector<std::string> names = few_rows(found);
    Table table{
        .name = "poems",
        .title = text_of("Two windows of a poem that no model has seen: what the models of seed ",
                         found.seeds().front(), " would write, their top three, the likeliest first"),
        .look_at = text_of("A square: hidden from the model, or no character of the vocabulary. Positions from ",
                           task.trained_length(), " on were never trained."),
        .columns = {"position", "around it", "truth"}};
    table.columns.insert(table.columns.end(), names.begin(), names.end());
    const auto add = [&](const MaskedBatch& questions, const std::string& place) {
        const Index length = questions.inputs.shape[1];
        for (Index i = 0, n = 0; i < length; ++i) {    // of the first window; n of its hidden characters are above
            if (questions.targets[i] == MaskedBatch::ignore_index) continue;
            constexpr Index around = 4;
            std::string line;
            for (Index j = std::max<Index>(0, i - around); j <= std::min(length - 1, i + around); ++j)
                line += task.vocabulary.wide(questions.inputs[j]);
            std::vector<std::string>& row = table.rows.emplace_back();
            row = {std::to_string(i), line, task.vocabulary.wide(questions.targets[i])};
            for (const std::string& name : names) {
                std::string& three = row.emplace_back();
                const NdArray& guesses = found.array({{"encoding", name}, {"window", place}});
                for (Index j = 0; j < 3; ++j) three += task.vocabulary.wide(static_cast<Index>(guesses.at({n, j})));
            }
            ++n;
        }
    };
    add(task.inside.front(), task.inside_text());
    add(task.beyond.front(), task.beyond_text());
    return table;
}

std::vector<Claim> swap_claims(double never) {
    const std::string late = "some seeds settle late into the couplets' rhythm";
    // "where" alone proves little: most places have no punctuation.
    const std::string mind =
        "; mind that always saying \"no punctuation\" reaches " + mean_and_range({never}) + " here";
    const std::string none = "none", table = "table, untrained rows", rnn = orthogonal_rnn;
    const std::string inside = "loss at 0..23", beyond = "loss at 24..47", where = "where at 24..47";
    std::vector<Claim> claims;
    // few: a band that a single seed meets with 200 steps, too.
    const auto claim = [&](const std::string& what, const std::string& measure, const std::string& of,
                           const std::string& minus, const Band& band, const std::optional<Band>& few,
                           const std::string& if_missed) {
        const auto labels = [&](const std::string& name) { return Labels{{"encoding", name}, {"measure", measure}}; };
        claims.push_back(likely(what, labels(of), band, few, if_missed));
        if (!minus.empty()) claims.back().minus = labels(minus);
    };
    claim("table: loss at 0..23", inside, table, "", at_most(5.45), at_most(5.6),
          "fewer than 300 steps, or another corpus, leave the loss higher");
    claim("no positions: loss at 0..23", inside, none, "", at_least(5.55), {}, "does something leak the order?");
    claim("no positions minus table: loss at 0..23", inside, none, table, at_least(0.2), at_least(0.1),
          "a model that knows no order should lose on verse");
    claim("RNN minus table: loss at 0..23", inside, rnn, table, between(-0.12, 0.12), between(-0.25, 0.25),
          "in-length the two should tie");
    claim("table minus RNN: loss at 24..47", beyond, table, rnn, at_least(0.1), at_least(0), late);
    claim("RNN: punctuation or not at 24..47", where, rnn, "", at_least(0.82), {}, late + mind);
    claims.back().chance = never;
    claim("table: punctuation or not at 24..47", where, table, "", at_most(0.84), {},
          "untrained rows should not know the beat" + mind);
    claims.back().chance = never;
    claim("RNN minus table: punctuation found at 24..47, F1", "F1", rnn, table, at_least(0.1), {},
          "F1 asks for recall and precision at once, so that neither always saying no nor always saying yes helps; " +
              late);
    claims.back().source = "ours, wide margin";
    return claims;
}

void show_swap(const Measurements& found, const PoemTask& task, Report& report, std::ostream& out) {
    report.charts(
        "swap.svg", task.verse.source.title + ": one small BERT, the encoding swapped", swap_charts(found, task), 2,
        caption(found, {{"A dot a seed. Left: who stands at the left learned well, who stands low goes on well."},
                        {"The RNN and rotary do both.", {orthogonal_rnn, rotary}},
                        {"`none` is the control, and yet below the table beyond: a wrong position is worse than none.",
                         {"none", "table, untrained rows"}}}));
    Table poems = poems_table_of(found, task), scores = swap_table_of(found, task);
    report.table(poems);
    report.table(scores);
    // On a terminal the first five columns of one, and short names over the other: "rope", "repeated".
    scores.columns.resize(5);
    for (auto& row : scores.rows) row.resize(5);
    for (std::string& name : poems.columns) {
        const std::size_t comma = name.find(", ");
        name = name.ends_with(")")   ? name.substr(0, name.find('('))
               : comma < name.size() ? name.substr(comma + 2)
                                     : name;
    }
    poems.columns.front() = "at";
    print_table(out, poems, report.path("swap.json"));
    print_table(out, scores, report.path("swap.json"));
    out << "More columns are in " << report.path("swap.json") << " and on the page.\n";
}

}    // namespace ordinal::demos
