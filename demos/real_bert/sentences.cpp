#include "demos/real_bert/sentences.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/files/file.h>
#include <ordinal/nn/text.h>
#include "demos/embedded.h"

namespace ordinal::demos {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        if (line.ends_with('\r')) line.pop_back();    // as Windows ends lines
        lines.push_back(line);
    }
    return lines;
}

}    // namespace

std::vector<std::string> read_lines(const std::string& path) {
    const std::string text = read_file(path);
    require<FileError>(!text.empty(), "real_bert: expected a text a line in ", path, ", got an empty file");
    try {
        static_cast<void>(decode_utf8(text, path));
    } catch (const OptionError& error) {
        throw FileError(error.what());
    }
    return lines_of(text);
}

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
    std::vector<std::string> quotes;
    for (const char* name : {"wisdom", "literature", "people"}) {
        const std::string path = folder + "/" + name;
        if (!std::filesystem::exists(path))
            return {"64 sentences that come with Ordinal", lines_of(few_sentences_txt), false};
        const std::vector<std::string> more = quotes_in(read_file(path));
        quotes.insert(quotes.end(), more.begin(), more.end());
    }
    return {"the English quotes of Debian's package fortunes", quotes, true};
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
    const NdArray home = sum(vectors * draw.home, 1);    // cosines, for all vectors are of length 1: [N, 1]
    std::vector<NdArray> copies;
    for (const NdArray& shuffled : draw.shuffled) copies.push_back(sum(vectors * shuffled, 1));
    const Index N = home.dim(0);
    Scores scores;
    for (Index i = 0; i < N; ++i) {
        const auto is_farther = [&](const NdArray& copy) { return copy.at({i, 0}) < home.at({i, 0}); };
        scores.faithful += static_cast<double>(home.at({i, 0})) / static_cast<double>(N);
        scores.in_order += (std::ranges::all_of(copies, is_farther) ? 1.0 : 0.0) / static_cast<double>(N);
    }
    return scores;
}

}    // namespace ordinal::demos
