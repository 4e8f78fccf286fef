// What does a BERT that people use make of sentences, and what of the note's proposals for its table of positions?
//
// From a folder that you have downloaded: all-MiniLM-L6-v2, or another BERT that makes vectors of sentences. First
// which sentence is near to which. Then, of sentences that are not yours, five experiments with its table: how long its
// rows are, sentences moved along it, ways to make it longer, new rows that learn, and a quote sought in long texts.
#include "demos/lab/run_demo.h"
#include "demos/real_bert/experiments.h"
#include "demos/real_bert/nearness.h"

using namespace ordinal;
using namespace ordinal::demos;

namespace {

struct Arguments {
    std::string model, texts, compare;
    std::string more[7];    // sentences beside the one of --compare
    Index most_tokens = 0;
};

// Pairs that mean the like in other words, and pairs of like words that do not.
const std::vector<std::string> example{"The river rose overnight and the bridge is closed.",
                                       "High water: nobody can cross the stream this morning.",
                                       "The bank is closed on Sundays.",
                                       "We sat on the bank and watched the water.",
                                       "A dog bit the postman.",
                                       "The postman bit a dog.",
                                       "My train was late again.",
                                       "Again I had to wait on the platform for an hour."};

std::vector<std::string> texts_of(const Arguments& arguments) {
    require<OptionError>(arguments.texts.empty() || arguments.compare.empty(),
                         "--compare: expected either sentences or ", "--texts FILE, got both; leave one out");
    if (!arguments.texts.empty()) return read_lines(arguments.texts);
    std::vector<std::string> texts;
    if (!arguments.compare.empty()) texts.push_back(arguments.compare);
    for (const std::string& text : arguments.more)
        if (!text.empty()) texts.push_back(text);
    return texts.empty() ? example : texts;
}

// The note's proposals, on the model's own table.
void experiment(const SentenceEncoder& encoder, const SentenceSource& source, const Arguments& arguments,
                const DemoOptions& options, Report& report) {
    constexpr std::size_t most_tokens = 80;    // so that a sentence may begin at row 431 of 512
    const MovableBert bert(arguments.model, encoder.pooling());
    if (bert.table().dim(0) != 512) {
        std::cout << "\nNot tried: the experiments, which are about a table of 512 rows; this one has "
                  << bert.table().dim(0) << "\n";
        return;
    }
    Subject subject{options, arguments.model, bert, encoder.pooling(), {}};
    for (const std::string& sentence : source.sentences) {
        Tokens tokens = encoder.words().encode(sentence).ids;
        if (tokens.size() <= most_tokens) subject.sentences.push_back(std::move(tokens));
    }
    std::cout << "\nExperiments with " << subject.sentences.size() << " of " << source.name << "\n";
    show_norms(subject, report);
    show_moves(subject, report);
    show_recovery(subject, report);
    show_needles(subject, report);
}

int run_real_bert(const Arguments& arguments, const DemoOptions& options) {
    const bool of_the_user = !arguments.texts.empty() || !arguments.compare.empty();
    const SentenceSource source = of_the_user ? SentenceSource{} : load_sentences();
    // Nothing is claimed of sentences that are yours, or few.
    Report report(options, options.claims || source.many ? real_bert_claims() : no_claims);
    const std::vector<std::string> texts = texts_of(arguments);
    SentenceEncoder encoder(arguments.model);
    if (arguments.most_tokens > 0) encoder.set_most_tokens(arguments.most_tokens);
    const Bert& bert = encoder.bert();
    std::cout << arguments.model << ": " << bert.config.model.encoder.num_layers << " layers, "
              << bert.config.model.encoder.d_model << " wide, " << bert.config.positions
              << " positions, of which a text "
              << "may have " << encoder.most_tokens() << "\n";
    for (const std::string& name : bert.left_out) std::cout << "In the file, and used for nothing: " << name << "\n";

    const std::vector<Sentence> sentences = encoder.encode(texts);
    report.show(nearness_table(texts, sentences));
    if (of_the_user) list_texts(report, texts, sentences, encoder.words());
    constexpr Index most_drawn = 64;
    const std::vector<Sentence> drawn(sentences.begin(),
                                      sentences.begin() + std::min(most_drawn, std::ssize(sentences)));
    report.heatmaps({.file = "real_bert_nearness.png",
                     .title = "How near are these sentences?",
                     .look_at = "White is unrelated. Look for sentences that share a meaning and no word.",
                     .alt = "A heatmap of the cosines between the vectors of the sentences."},
                    {{.values = cosines(drawn),
                      .x_label = "sentence j",
                      .y_label = "sentence i",
                      .value_label = "cosine",
                      .range = plot::Range{-1, 1}}},
                    1);
    if (!of_the_user) experiment(encoder, source, arguments, options, report);
    return report.finish();
}

}    // namespace

int main(int argc, char** argv) {
    Arguments arguments;
    std::vector<ExtraOption> extra{
        {.name = "--model",
         .help = "the folder of all-MiniLM-L6-v2 or of another BERT for sentences",
         .target = &arguments.model,
         .required = true,
         .value = "DIR"},
        {.name = "--texts", .help = "a file with a text a line", .target = &arguments.texts, .value = "FILE"},
        {"--compare", "a sentence, and more behind it, each in quotes", &arguments.compare},
        {.name = "--most-tokens",
         .help = "where a text is cut (default: what the folder says)",
         .target = &arguments.most_tokens,
         .least = 2}};
    for (int i = 0; i < 7; ++i) extra.push_back({text_of("SENTENCE", i + 2), "another one", &arguments.more[i]});
    return run_demo(
        {.name = "real_bert",
         .shows = "Sentences by nearness, by a BERT that you have downloaded, and its positions put to the test.",
         .extra = extra,
         .chapter = "docs/20-a-real-bert.md",
         .unused = {{"--encodings", "the model has its own"},
                    {"--corpus", "its texts are given with --texts or --compare"}},
         .heatmaps = true},
        argc, argv, [&](const DemoOptions& options) { return run_real_bert(arguments, options); });
}
