#include "demos/write_verse/writing.h"

namespace ordinal::demos {
namespace {

std::vector<plot::LineChart> marks_by_position(const Measurements& found, const LongPoems& task) {
    plot::LineChart head{.x_label = "position",
                         .y_label = "share of poems with a mark here",
                         .vertical = {{"trained length", static_cast<double>(task.trained())}},
                         .y_range = plot::Range{0, 1.05}};
    for (Index k = 2 * task.couplet(); k <= task.evaluated(); k += task.couplet())
        head.x_ticks.push_back(static_cast<double>(k - 1));    // the mark at the end of a couplet
    std::vector<plot::LineChart> charts;
    const Measurements marks = found.where({"measure", "a mark is here"});
    for (const std::string& name : marks.labels("encoding")) {
        head.title = name;
        charts.push_back(marks.where({"encoding", name}).chart(head, "measure", "position"));
    }
    return charts;
}

}    // namespace

std::string beat_of(const NdArray& marks, Index period) {
    std::string beat;
    for (Index k = 0; k < marks.size(); ++k) {
        const bool belongs = k % period == period - 1;
        beat += marks.at({k}) == 1 ? (belongs ? 'o' : 'x') : (belongs ? '-' : '.');
    }
    return beat;
}

void show_writing(const Measurements& found, const LongPoems& task, Report& report, std::ostream& out) {
    Table poems{
        .name = "poems",
        .title = text_of("Two poems by each model of seed ", found.seeds().front(), ", at temperature ",
                         writing_temperature, ": the first line here is a poet's, the others are the model's"),
        .look_at = text_of("o: a mark where one belongs. x: a mark elsewhere. -: one is missing. Who keeps the "
                           "verse has o after every ",
                           characters_a_line(task.verse.period()), " dots. Trained up to ", task.trained() - 1, "."),
        .columns = {"encoding", "places", "one poem", "its beat", "another", "its beat"}};
    for (const std::string& name : found.without("encoding", {random_places}).labels("encoding")) {
        const NdArray& tokens = found.array({{"encoding", name}});    // [N, 96]
        for (Index k = 0; k < task.evaluated(); k += task.couplet()) {
            std::vector<std::string>& row = poems.rows.emplace_back();
            row = {name, Places{k, k + task.couplet()}.text()};
            for (const Index n : {Index(0), tokens.dim(0) - 1}) {
                const NdArray couplet = slice(select(tokens, 0, n), 0, k, k + task.couplet());
                std::string& text = row.emplace_back();
                for (const Scalar token : couplet.to_vector()) text += task.vocabulary.wide(static_cast<Index>(token));
                row.push_back(beat_of(marks_in(couplet, task.is_mark), task.verse.period()));
            }
        }
    }
    report.table(poems);
    out << "\n" << poems.title << ".\n" << poems.look_at << "\n";
    std::vector<std::vector<std::string>> narrow;    // on a terminal the name stands above its poems
    for (const auto& row : poems.rows) narrow.emplace_back(row.begin() + 1, row.end());
    const std::vector<std::string> lines = aligned(narrow);
    for (std::size_t i = 0; i < lines.size(); ++i)
        out << (narrow[i][0].starts_with("0..") ? "\n" + poems.rows[i][0] + "\n    " : "    ") << lines[i] << "\n";
    report.charts(
        "write_verse.svg",
        text_of("Where models put marks: trained at ", task.trained(), " positions, writing to ", task.evaluated()),
        marks_by_position(found, task), 2,
        "Each model writes on from a poet's couplet. Who keeps the verse has a peak at each tick and half way between "
        "two, and nothing elsewhere; the band is from the least to the greatest of the seeds.");
    const std::string line = characters_a_line(task.verse.period());
    for (const auto& [measure, what] :
         {std::pair<std::string, std::string>{"right", "Of the marks: at a place where one belongs"},
          {"found", "Of the places where a mark belongs: with one"},
          {"reading", "Of the marks, each drawn behind a poet's own text: at a place where one belongs"},
          {"lines", "Of the lines: with " + line + " characters, wherever they begin"}})
        report.show(found.where({"measure", measure})
                        .table({.name = measure, .title = what + "; " + found.of_seeds()}, "encoding", "places"),
                    out);
}

}    // namespace ordinal::demos
