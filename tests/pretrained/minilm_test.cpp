// all-MiniLM-L6-v2 itself, where somebody has its folder: ORDINAL_MINILM names it.
#include <doctest/doctest.h>

#include <cstdlib>

#include <ordinal/pretrained/sentence_vectors.h>
#include <ordinal/pretrained/unicode.h>
#include "tests/nn/testing.h"
#include "tests/pretrained/tiny_bert.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

using Ids = std::vector<Index>;

std::string minilm() {
    const char* folder = std::getenv("ORDINAL_MINILM");
    return folder == nullptr ? "" : folder;
}

const bool not_here = minilm().empty() || !unicode::is_there();
// The reference that was made for this project is not in the folder that one downloads.
const bool no_reference = not_here || !std::filesystem::exists(minilm() + "/reference.safetensors");

nlohmann::json json(const std::string& name) { return nlohmann::json::parse(read_file(minilm() + "/" + name)); }

SafetensorsFile reference() { return SafetensorsFile(minilm() + "/reference.safetensors"); }

// Figures of the original's float numbers, with four digits. The numbers may have been rounded to half precision, as in
// the folder that these tests were written with: that moves a cosine by up to 1.3e-4.
constexpr double rounded = 2e-4;

double cosine(const NdArray& a, const NdArray& b) {
    return sum_all(a * b) / std::sqrt(sum_all(a * a)) / std::sqrt(sum_all(b * b));
}

// Of one text by ids. Nobody sees the tokens that are `unseen`, and those that are `unpooled` are not in the mean.
NdArray vector_of(const SentenceEncoder& encoder, const Ids& tokens, const Positions& positions,
                  const NdArray& unseen = {}, const NdArray& unpooled = {}) {
    const NoGrad guard;
    const Tensor h = encoder.bert().model.forward(IndexArray({1, std::ssize(tokens)}, tokens), Mode::evaluation(),
                                                  {.positions = positions, .padding = unseen});
    return select(sentence_vectors(h, unpooled, Pooling::mean).values(), 0, 0);
}

}    // namespace

TEST_CASE("the folder of MiniLM is named or nothing is tried with it") {
    if (not_here)
        MESSAGE(
            "not tried: the ids, hidden states and vectors of all-MiniLM-L6-v2. ORDINAL_MINILM should name its "
            "folder, from https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2, and utf8proc be installed");
    else
        CHECK(std::filesystem::exists(minilm() + "/model.safetensors"));
}

TEST_CASE("MiniLM is read whole" * doctest::skip(not_here)) {
    const SentenceEncoder encoder(minilm());
    const Bert& bert = encoder.bert();
    CHECK(bert.left_out.empty());
    CHECK(bert.table->weight().shape() == Shape{512, 384});
    CHECK(bert.model.vocab_size() == 30522);
    CHECK(bert.config.model.encoder.num_layers == 6);
    CHECK(encoder.most_tokens() == 256);
    CHECK(encoder.pooling() == Pooling::mean);
}

TEST_CASE("MiniLM's pieces are the original's where others went wrong" * doctest::skip(not_here)) {
    const std::pair<const char*, Ids> table[] = {
        {"na\u00efve caf\u00e9", {101, 15743, 7668, 102}},
        {"T\u014dky\u014d", {101, 5522, 102}},
        {"\u0141\u00f3d\u017a", {101, 17814, 102}},
        {"\u0391\u03a3", {101, 1155, 29733, 102}},
        {"denied\u201cok", {101, 6380, 1523, 7929, 102}},
        {"2024\u202708", {101, 16798, 2549, 100, 5511, 102}},
        {"line\u2665", {101, 2240, 30152, 102}},
        {"$5^2", {101, 1002, 1019, 1034, 1016, 102}},
        {"vote\u2661\u2661", {101, 100, 102}},
        {"\u53f0\u5317abc", {101, 100, 1781, 5925, 102}},
        {"unaffable", {101, 14477, 20961, 3468, 102}},
        {"xqzjv", {101, 1060, 4160, 2480, 3501, 2615, 102}},
        {"this[SEP]that", {101, 2023, 102, 2008, 102}},
        {"Paris is [MASK].", {101, 3000, 2003, 103, 1012, 102}},
        {"[mask]", {101, 1031, 7308, 1033, 102}},
        {"[ MASK ]", {101, 1031, 7308, 1033, 102}},
    };
    const WordPiece words = WordPiece::read(minilm());
    for (const auto& row : table) {
        CAPTURE(row.first);
        CHECK(words.encode(row.first).ids == row.second);
    }
    CHECK(words.decode({101, 14477, 20961, 3468, 102}) == "[CLS] unaffable [SEP]");
}

TEST_CASE("MiniLM's pieces are the original's on texts that hurt" * doctest::skip(no_reference)) {
    const auto texts = json("tokens.json");
    const WordPiece words = WordPiece::read(minilm());
    CHECK(texts.size() == 28);
    for (const auto& text : texts) {
        CAPTURE(text.dump());
        CHECK(words.encode(text["text"].get<std::string>()).ids == text["ids"].get<Ids>());
    }
}

TEST_CASE("MiniLM's hidden states are the original's layer by layer" * doctest::skip(no_reference)) {
    const SentenceEncoder encoder(minilm());
    SafetensorsFile file = reference();
    const std::vector<std::string> sentences = json("sentences.json");
    const std::vector<Sentence> encoded = encoder.encode(sentences);
    for (std::size_t i = 0; i < 3; ++i) {
        const IndexArray expected = file.read_indices(text_of(i, ".ids"));
        REQUIRE(encoded[i].tokens.ids == expected.values);
        Activations seen;
        const NoGrad guard;
        encoder.bert().model.forward(IndexArray({1, expected.size()}, expected.values), Mode::evaluation(),
                                     {.watch = {&seen}});
        for (int layer = 0; layer <= 6; ++layer) {
            const NdArray there = file.read(text_of(i, ".hidden.", layer));
            const NdArray here =
                select(seen[layer == 0 ? "encoder.input" : text_of("encoder.layers.", layer - 1, ".hidden")], 0, 0);
            CAPTURE(layer);
            CHECK(largest(here - there) <= 2e-6 * largest(there));    // float against float, some thousand terms a sum
        }
        CHECK(cosine(encoded[i].vector, file.read(text_of(i, ".vector"))) >= 1 - 1e-6);
    }
}

TEST_CASE("MiniLM's vectors are the original's also where the text is told that it begins later" *
          doctest::skip(no_reference)) {
    const SentenceEncoder encoder(minilm());
    SafetensorsFile file = reference();
    const std::vector<Sentence> sentences = encoder.encode(json("sentences.json"));
    const Ids& tokens = sentences[0].tokens.ids;
    for (const int shift : {1, 64, 320}) {
        std::vector<double> places{0};    // [CLS] stays
        for (std::size_t t = 1; t < tokens.size(); ++t) places.push_back(static_cast<double>(t) + shift);
        CHECK(cosine(vector_of(encoder, tokens, Positions::of(places)), file.read(text_of("0.vector.shift", shift))) >=
              1 - 1e-6);
    }
    const NdArray cosines = file.read("cosines");
    for (Index i = 0; i < 3; ++i)
        for (Index j = 0; j < 3; ++j) {
            const double here =
                cosine(sentences[static_cast<std::size_t>(i)].vector, sentences[static_cast<std::size_t>(j)].vector);
            CHECK(std::abs(here - static_cast<double>(cosines.at({i, j}))) <= 2e-6);
        }
}

TEST_CASE("MiniLM cuts at 256 and says so" * doctest::skip(not_here)) {
    std::string text;
    for (int i = 0; i < 300; ++i) text += "hello ";
    SentenceEncoder encoder(minilm());
    CHECK(encoder.words().encode(text).ids.size() == 302);
    const Sentence cut = encoder.encode({text}).front();
    CHECK(cut.tokens.ids.size() == 256);
    CHECK(cut.tokens.ids.back() == 102);
    CHECK(cut.tokens.cut == 46);
    CHECK(encoder.words().encode("one two three four five six", 5).ids == Ids{101, 2028, 2048, 2093, 102});

    encoder.set_most_tokens(512);
    CHECK(std::abs(cosine(encoder.encode({text}).front().vector, cut.vector) - 0.9916) <= rounded);
    Ids without_end(cut.tokens.ids.begin(), cut.tokens.ids.end() - 1);
    const NdArray chopped = vector_of(encoder, without_end, Positions::arange(255));
    CHECK(std::abs(cosine(chopped, cut.vector) - 0.9976) <= rounded);
}

TEST_CASE("MiniLM does not see padding" * doctest::skip(not_here)) {
    const std::string text = "A small boat crosses the lake.";
    const SentenceEncoder encoder(minilm());
    const Sentence alone = encoder.encode({text}).front();
    Ids tokens = alone.tokens.ids;
    REQUIRE(tokens.size() == 9);
    NdArray padding = zeros({1, 24});
    for (Index t = 9; t < 24; ++t) padding.set({0, t}, 1);
    tokens.resize(24, 0);
    const auto with = [&](const NdArray& unseen, const NdArray& unpooled) {
        return cosine(vector_of(encoder, tokens, Positions::arange(24), unseen, unpooled), alone.vector);
    };
    CHECK(std::abs(with(padding, padding) - 1) <= 1e-6);
    // what forgetting it here or there would have given
    CHECK(std::abs(with(padding, {}) - 0.8211) <= rounded);
    CHECK(std::abs(with({}, padding) - 0.8851) <= rounded);
    CHECK(std::abs(with({}, {}) - 0.6299) <= rounded);
}
