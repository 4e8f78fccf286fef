// What does a BERT that people use make of sentences? Its pieces, its vectors, and which sentence is near to which.
//
// From a folder that you have downloaded: all-MiniLM-L6-v2, or another BERT that makes vectors of sentences.
#include <ordinal/core/nd_math.h>
#include "demos/lab/run_demo.h"
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

int run_real_bert(const Arguments& arguments, const DemoOptions& options) {
    Report report(options);
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
    list_texts(report, texts, sentences, encoder.words());
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
    return report.finish();    // nothing is claimed: the sentences are yours
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
    return run_demo({.name = "real_bert",
                     .shows = "Sentences by nearness, by the vectors of a BERT that you have downloaded.",
                     .extra = extra,
                     .chapter = "docs/real-tables.md",
                     .unused = {{"--seed", "nothing in it is random"},
                                {"--seeds", "nothing in it is random"},
                                {"--encodings", "the model has its own"},
                                {"--corpus", "its texts are given with --texts or --compare"}},
                     .heatmaps = true},
                    argc, argv, [&](const DemoOptions& options) { return run_real_bert(arguments, options); });
}
