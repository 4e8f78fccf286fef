#include "demos/experiments/poems/swap_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sstream>

#include "demos/experiments/spread.h"

namespace ordinal {
namespace {

double mean_loss(const SwapRow& row) { return summary(row.of(&SwapRun::inside, &GuessScore::loss)).mean; }

std::string perplexity(const SwapRow& row, GuessScore SwapRun::*place) {
    const double loss = summary(row.of(place, &GuessScore::loss)).mean;
    if (std::isnan(loss)) return "-";
    char text[32];
    std::snprintf(text, sizeof text, "%.0f", std::exp(loss));
    return text;
}

// One wide character for each token, so that Chinese columns stay columns.
std::string wide(const Vocabulary& vocabulary, Index token) {
    return token < Vocabulary::first_character ? "\u25a1" : vocabulary.text(token);    // a white square
}

// Seven rows at most: more colours, or columns, cannot be told apart.
std::vector<SwapRow> few_rows(const SwapResults& results) {
    static const std::vector<std::string> preferred{
        swap_none, swap_table + untrained_rows, swap_table + repeated_rows, swap_rnn, swap_rotary, swap_closed_form,
        swap_alibi};
    std::vector<SwapRow> rows = swap_rows(results);
    if (rows.size() > preferred.size())
        std::erase_if(rows, [&](const SwapRow& row) {
            return std::find(preferred.begin(), preferred.end(), row.name) == preferred.end();
        });
    return rows;
}

struct AskedAt {
    const std::string* name;
    GuessScore SwapRun::*score;
};
constexpr AskedAt places[] = {{&inside_positions, &SwapRun::inside}, {&beyond_positions, &SwapRun::beyond}};

}    // namespace

Table swap_table_of(const SwapResults& results, const SwapCorpus& corpus) {
    std::vector<SwapRow> rows = swap_rows(results);
    std::stable_sort(rows.begin(), rows.end(),
                     [](const SwapRow& a, const SwapRow& b) { return mean_loss(a) < mean_loss(b); });
    Table table{
        .name = "swap",
        .title = text_of("Hidden characters of held-out poems, trained at ", swap_trained_length,
                         " positions; mean [least .. greatest] over ", results.seeds.size(), " seed(s)"),
        .look_at =
            text_of("\"where\": the share of \"is this punctuation?\" answered right. Saying no every time "
                    "would be right in ",
                    spread_text({never_punctuation(corpus, corpus.inside)}), " of the cases at ", inside_positions,
                    " and in ", spread_text({never_punctuation(corpus, corpus.beyond)}), " at ", beyond_positions,
                    ". \"Punctuation found\": of the hidden marks, the share where a mark was guessed (recall); "
                    "beside it, of the guessed marks the share where one was hidden (precision). The two places "
                    "use different windows: compare within a column."),
        .columns = {"encoding", "loss at " + inside_positions, "perplexity", "loss of characters", "where",
                    "loss at " + beyond_positions, "perplexity", "where", "punctuation found", "and right to say so"}};
    for (const SwapRow& row : rows) {
        const auto cell = [&](GuessScore SwapRun::*place, double GuessScore::*number) {
            return spread_text(row.of(place, number));
        };
        table.rows.push_back({row.name, cell(&SwapRun::inside, &GuessScore::loss), perplexity(row, &SwapRun::inside),
                              cell(&SwapRun::inside, &GuessScore::character_loss),
                              cell(&SwapRun::inside, &GuessScore::where), cell(&SwapRun::beyond, &GuessScore::loss),
                              perplexity(row, &SwapRun::beyond), cell(&SwapRun::beyond, &GuessScore::where),
                              cell(&SwapRun::beyond, &GuessScore::recall),
                              cell(&SwapRun::beyond, &GuessScore::precision)});
    }
    return table;
}

std::string swap_csv(const SwapResults& results) {
    std::ostringstream out;
    out << "encoding,seed,place,loss,character_loss,where,recall,precision\n";
    for (const SwapRow& row : swap_rows(results))
        for (std::size_t s = 0; s < results.seeds.size(); ++s)
            for (const AskedAt& place : places) {
                const GuessScore& score = row.seeds[s]->*place.score;
                out << "\"" << row.name << "\"," << results.seeds[s] << "," << *place.name << "," << score.loss << ","
                    << score.character_loss << "," << score.where << "," << score.recall << "," << score.precision
                    << "\n";
            }
    return out.str();
}

std::vector<plot::LineChart> swap_charts(const SwapResults& results, const SwapCorpus& corpus) {
    plot::LineChart loss{.title = "loss: lower is better",
                         .x_label = "at " + inside_positions + ", as in training",
                         .y_label = "at " + beyond_positions + ", never seen in training"};
    plot::LineChart where{.title = "punctuation or not: higher is better",
                          .x_label = "share answered right at " + inside_positions,
                          .y_label = "share answered right at " + beyond_positions,
                          .horizontal = {{"always saying no", never_punctuation(corpus, corpus.beyond)}},
                          .y_range = plot::Range{0, 1.02}};
    for (const SwapRow& row : few_rows(results)) {
        const auto dots = [&](double GuessScore::*number, const std::string& name) {    // one a seed
            return plot::Line{.name = name,
                              .x = row.of(&SwapRun::inside, number),
                              .y = row.of(&SwapRun::beyond, number),
                              .only_dots = true};
        };
        loss.lines.push_back(dots(&GuessScore::loss, ""));
        where.lines.push_back(dots(&GuessScore::where, row.name));
    }
    return {loss, where};
}

Table poems_table_of(const SwapResults& results, const SwapCorpus& corpus) {
    std::vector<const SwapRun*> readings;
    for (const SwapRow& row : few_rows(results)) readings.push_back(row.seeds.front());
    Table table{
        .name = "poems",
        .title = text_of("Two windows of a poem that no model has seen: what the models of seed ",
                         results.seeds.front(), " would write, their top three, the likeliest first"),
        .look_at =
            "A square: hidden from the model, or no character of the vocabulary. Positions from 24 on were never "
            "trained.",
        .columns = {"position", "around it", "truth"}};
    for (const SwapRun* run : readings) table.columns.push_back(run->name);
    const auto add = [&](const MaskedBatch& example, std::vector<TopThree> SwapRun::*guesses) {
        const Index length = example.inputs.size();
        std::size_t n = 0;
        for (Index i = 0; i < length; ++i) {
            if (example.targets[i] == MaskedBatch::ignore_index) continue;
            constexpr Index around = 4;
            std::string line;
            for (Index j = std::max<Index>(0, i - around); j <= std::min(length - 1, i + around); ++j)
                line += wide(corpus.vocabulary, example.inputs[j]);
            std::vector<std::string> row{std::to_string(i), line, wide(corpus.vocabulary, example.targets[i])};
            for (const SwapRun* run : readings) {
                std::string three;
                if (!(run->*guesses).empty())
                    for (const Index token : (run->*guesses)[n]) three += wide(corpus.vocabulary, token);
                row.push_back(three.empty() ? "-" : three);
            }
            ++n;
            table.rows.push_back(std::move(row));
        }
    };
    add(corpus.example_inside, &SwapRun::example_inside);
    add(corpus.example_beyond, &SwapRun::example_beyond);
    return table;
}

}    // namespace ordinal
