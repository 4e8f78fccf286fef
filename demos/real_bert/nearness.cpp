#include "demos/real_bert/nearness.h"

#include <nlohmann/json.hpp>

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/text.h>

namespace ordinal::demos {
namespace {

// What a table has room for. From U+3000 on, characters are as wide as two letters.
std::string shortened(const std::string& text) {
    constexpr int most = 46;
    std::u32string shown;
    int width = 0;
    for (const char32_t c : decode_utf8(text, "real_bert")) {
        width += c < 0x3000 ? 1 : 2;
        if (width > most) return encode_utf8(shown) + "...";
        shown += c < U' ' || c == 0x7F ? U' ' : c;
    }
    return encode_utf8(shown);
}

std::string what_was_lost(const TokenizedText& tokens) {
    std::string words = tokens.unknown > 0 ? text_of(tokens.unknown, " [UNK]") : "";
    if (tokens.cut > 0) words += text_of(words.empty() ? "" : ", ", tokens.cut, " cut");
    return words.empty() ? "-" : words;
}

}    // namespace

NdArray cosines(const std::vector<Sentence>& sentences) {
    std::vector<Tensor> vectors;
    for (const Sentence& sentence : sentences) vectors.emplace_back(sentence.vector);
    const NdArray all = stack(vectors, 0).values();    // [N, D], each row of length 1
    return matmul(all, transpose(all));
}

Table nearness_table(const std::vector<std::string>& texts, const std::vector<Sentence>& sentences) {
    Table table{
        .name = "nearness",
        .title = "Which sentence is nearest?",
        .look_at =
            "1: the same direction. Other words for one meaning keep some of it, the same words in another order most.",
        .columns = {"", "sentence", "tokens", "lost", "nearest", "cosine"}};
    const NdArray near = cosines(sentences);
    const Index N = std::ssize(texts);
    for (Index i = 0; i < N; ++i) {
        Index nearest = i == 0 ? 1 : 0;    // the first of several
        for (Index j = 0; j < N; ++j)
            if (j != i && near.at({i, j}) > near.at({i, nearest})) nearest = j;
        const TokenizedText& tokens = sentences[static_cast<std::size_t>(i)].tokens;
        table.rows.push_back({text_of(i), shortened(texts[static_cast<std::size_t>(i)]), text_of(tokens.ids.size()),
                              what_was_lost(tokens), N > 1 ? text_of(nearest) : "-",
                              N > 1 ? fixed(static_cast<double>(near.at({i, nearest})), 3) : "-"});
    }
    return table;
}

void list_texts(Report& report, const std::vector<std::string>& texts, const std::vector<Sentence>& sentences,
                const WordPiece& words) {
    Json list = Json::array();
    for (std::size_t i = 0; i < texts.size(); ++i) {
        std::vector<std::string> pieces;
        for (const Index id : sentences[i].tokens.ids) pieces.push_back(words.piece(id));
        list.push_back({{"text", texts[i]},
                        {"ids", sentences[i].tokens.ids},
                        {"pieces", pieces},
                        {"vector", sentences[i].vector.to_vector()}});
    }
    report.list("texts", list);
}

}    // namespace ordinal::demos
