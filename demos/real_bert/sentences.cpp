#include "demos/real_bert/sentences.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/files/file.h>
#include "demos/embedded.h"

namespace ordinal::demos {
namespace {

// Row by row of two arrays of unit vectors: [N].
std::vector<double> row_cosines(const NdArray& a, const NdArray& b) {
    const std::vector<Scalar> products = sum(a * b, 1).to_vector();
    return {products.begin(), products.end()};
}

SentenceSource few() {
    SentenceSource source{"64 sentences that come with Ordinal", {}, false};
    std::istringstream lines(few_sentences_txt);
    for (std::string line; std::getline(lines, line);) source.sentences.push_back(line);
    return source;
}

}    // namespace

std::vector<std::string> quotes_in(const std::string& text) {
    std::vector<std::string> quotes;
    std::istringstream lines(text + "\n%\n");
    std::string line, quote;
    bool said_by = false;    // the rest of this quote names who said it
    while (std::getline(lines, line)) {
        if (line == "%") {
            if (60 < quote.size() && quote.size() < 260) quotes.push_back(quote);
            quote.clear();
            said_by = false;
            continue;
        }
        std::istringstream words(line);
        for (std::string word; words >> word;) {
            said_by = said_by || (word.starts_with("--") && line.find(word) == line.find_first_not_of(" \t"));
            if (!said_by) quote += (quote.empty() ? "" : " ") + word;
        }
    }
    return quotes;
}

SentenceSource load_sentences(const std::string& folder) {
    SentenceSource source{"the English quotes of Debian's package fortunes", {}, true};
    for (const char* name : {"wisdom", "literature", "people"}) {
        const std::string path = folder + "/" + name;
        if (!std::filesystem::exists(path)) return few();
        for (std::string& quote : quotes_in(read_file(path))) source.sentences.push_back(std::move(quote));
    }
    return source;
}

Draw draw_sentences(std::vector<Tokens> all, Index count, const MovableBert& bert, std::uint64_t seed) {
    Rng rng(seed);
    rng.shuffle(std::span(all));
    const auto middle = all.begin() + std::min(count, std::ssize(all) / 2);
    Draw draw{{all.begin(), middle}, {middle, all.end()}, {}, {}};
    draw.home = bert.vectors(draw.test, bert.table(), 0);
    for (int copy = 0; copy < 7; ++copy) {
        std::vector<Tokens> shuffled = draw.test;
        for (Tokens& text : shuffled) rng.shuffle(std::span(text).subspan(1, text.size() - 2));    // not [CLS], [SEP]
        draw.shuffled.push_back(bert.vectors(shuffled, bert.table(), 0));
    }
    return draw;
}

Scores scores_of(const NdArray& vectors, const Draw& draw) {
    const std::vector<double> home = row_cosines(vectors, draw.home);
    std::vector<double> nearest_copy(home.size(), -1);
    for (const NdArray& shuffled : draw.shuffled) {
        const std::vector<double> cosines = row_cosines(vectors, shuffled);
        for (std::size_t i = 0; i < home.size(); ++i) nearest_copy[i] = std::max(nearest_copy[i], cosines[i]);
    }
    Scores scores;
    for (std::size_t i = 0; i < home.size(); ++i) {
        scores.faithful += home[i] / static_cast<double>(home.size());
        scores.in_order += (home[i] > nearest_copy[i] ? 1.0 : 0.0) / static_cast<double>(home.size());
    }
    return scores;
}

}    // namespace ordinal::demos
