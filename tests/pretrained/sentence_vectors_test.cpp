#include <ordinal/pretrained/sentence_vectors.h>

#include <doctest/doctest.h>

#include <ordinal/pretrained/unicode.h>
#include "tests/nn/testing.h"
#include "tests/pretrained/tiny_bert.h"

using namespace ordinal;
using namespace ordinal::testing;

namespace {

const bool no_tables = !unicode::is_there();

struct TinyFolder {
    TempFolder folder;
    TinyFolder() {
        write_config(folder);
        write_arrays(folder);
        write_tokenizer(folder);
    }
};

void write_in(const TempFolder& folder, const std::string& name, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(folder / name).parent_path());
    write_file(folder / name, text);
}

}    // namespace

TEST_CASE("texts of several lengths stand side by side with padding behind") {
    const PaddedTexts batch = padded({{2, 3}, {2, 7, 8, 3}, {5}}, 9);
    CHECK(batch.ids == IndexArray{{2, 3, 9, 9}, {2, 7, 8, 3}, {5, 9, 9, 9}});
    CHECK(same_numbers(batch.padding, NdArray({3, 4}, {0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1})));
    CHECK(padded({{2, 3}, {7, 8}}, 9).ids == IndexArray{{2, 3}, {7, 8}});
    CHECK_FALSE(padded({{2, 3}, {7, 8}}, 9).padding.defined());
    CHECK_THROWS_WITH_AS(padded({}, 0), "padded: expected at least one text, got none", OptionError);
    CHECK_THROWS_WITH_AS(padded({{1}, {}}, 0), "padded: expected texts of at least one token, got an empty one",
                         OptionError);
}

TEST_CASE("pooling takes the mean of the tokens or the first one and gives it length 1") {
    const Tensor h(NdArray({2, 3, 2}, {1, 1, 5, 3, 100, 100, 0, 2, 0, 2, 3, 0}));
    const NdArray padding({2, 3}, {0, 0, 1, 0, 0, 0});
    const auto vector = [](double x, double y) {
        return std::vector<double>{x / std::hypot(x, y), y / std::hypot(x, y)};
    };
    const auto check = [&](const Tensor& got, std::vector<double> a, const std::vector<double>& b) {
        a.insert(a.end(), b.begin(), b.end());
        REQUIRE(got.shape() == Shape{2, 2});
        for (std::size_t i = 0; i < a.size(); ++i)
            CHECK(std::abs(static_cast<double>(got.values().to_vector()[i]) - a[i]) <= tolerance(1e-7, 1e-15));
    };
    check(sentence_vectors(h, padding, Pooling::mean), vector(3, 2), vector(3, 4));
    check(sentence_vectors(h, {}, Pooling::mean), vector(106, 104), vector(3, 4));
    check(sentence_vectors(h, padding, Pooling::first_token), vector(1, 1), vector(0, 1));
    const Tensor padded = Tensor::parameter(h.values());    // the second text is all padding
    const Tensor pooled = sentence_vectors(padded, NdArray({2, 3}, {0, 0, 1, 1, 1, 1}), Pooling::mean);
    check(pooled, vector(3, 2), {0, 0});
    sum(pooled).backward();
    for (const Scalar slope : select(padded.grad(), 0, 1).to_vector()) CHECK(slope == 0);
    CHECK_THROWS_WITH_AS(sentence_vectors(h, NdArray({2, 2}, 0), Pooling::mean),
                         "sentence_vectors: expected h [B, T, D] with T > 0 and a padding [B, T], got [2, 3, 2] and "
                         "[2, 2]",
                         ShapeError);
    CHECK_THROWS_WITH_AS(sentence_vectors(select(h, 0, 0), {}, Pooling::mean),
                         "sentence_vectors: expected h [B, T, D] with T > 0 and a padding [B, T], got [3, 2] and none",
                         ShapeError);
}

TEST_CASE("vectors of padded texts are those of the texts alone") {
    const Bert bert = read_bert(tiny_bert());
    const std::vector<std::vector<Index>> texts{{2, 10, 3}, {2, 11, 12, 13, 14, 3}, {2, 20, 21, 3}};
    const PaddedTexts batch = padded(texts, 0);
    for (const Pooling pooling : {Pooling::mean, Pooling::first_token}) {
        const auto vectors = [&](const PaddedTexts& some) {
            const Tensor h = bert.model.forward(some.ids, Mode::evaluation(), {.padding = some.padding});
            return sentence_vectors(h, some.padding, pooling).values();
        };
        const NdArray together = vectors(batch);
        for (Index b = 0; b < 3; ++b)
            CHECK(largest_error(select(together, 0, b), select(vectors(padded({texts[static_cast<std::size_t>(b)]}, 0)),
                                                               0, 0)) <= tolerance(5e-7, 1e-14));
    }
}

TEST_CASE("a sentence has the same bits whatever is encoded beside it" * doctest::skip(no_tables)) {
    const TinyFolder tiny;
    const SentenceEncoder encoder(tiny.folder.path());
    std::vector<std::string> texts{"a new newer.", "", "abc def, ghi.", "x"};
    for (int i = 0; i < 40; ++i) texts.push_back(std::string(1, static_cast<char>('a' + i % 26)) + " b");
    const std::vector<Sentence> together = encoder.encode(texts);
    REQUIRE(together.size() == texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const Sentence alone = encoder.encode({texts[i]}).front();
        CHECK(together[i].vector.shape() == Shape{32});
        CHECK(same_numbers(together[i].vector, alone.vector));
        CHECK(together[i].tokens.ids == encoder.words().encode(texts[i]).ids);
        const NdArray& v = alone.vector;
        CHECK(std::abs(sum_all(v * v) - 1) <= tolerance(1e-6, 1e-14));
    }
    CHECK(encoder.encode({}).empty());
}

TEST_CASE("a long text is cut at as many tokens as the folder says or the caller" * doctest::skip(no_tables)) {
    const TinyFolder tiny;
    SentenceEncoder encoder(tiny.folder.path());
    CHECK(encoder.most_tokens() == 24);    // the rows of its table
    std::string text;
    for (int i = 0; i < 30; ++i) text += "a ";
    CHECK(encoder.encode({text}).front().tokens.ids.size() == 24);
    CHECK(encoder.encode({text}).front().tokens.cut == 8);
    encoder.set_most_tokens(5);
    CHECK(encoder.encode({text}).front().tokens.ids == std::vector<Index>{2, 9, 9, 9, 3});
    for (const Index wrong : {1, 25})
        CHECK_THROWS_WITH_AS(encoder.set_most_tokens(wrong),
                             text_of("SentenceEncoder: expected between 2 tokens and as many as there are positions, "
                                     "24, got ",
                                     wrong)
                                 .c_str(),
                             OptionError);
    write_file(tiny.folder / "sentence_bert_config.json", R"({"max_seq_length": 10, "do_lower_case": false})");
    CHECK(SentenceEncoder(tiny.folder.path()).most_tokens() == 10);
}

TEST_CASE("a folder whose files disagree is refused") {
    const TinyFolder tiny;
    const TempFolder& folder = tiny.folder;
    const auto refuses = [&](const std::string& sentence) {
        CHECK_THROWS_WITH_AS(SentenceEncoder(folder.path()), sentence.c_str(), FileError);
    };
    write_file(folder / "sentence_bert_config.json", R"({"max_seq_length": 25})");
    refuses((folder / "sentence_bert_config.json") +
            ": expected max_seq_length between 2 and the 24 rows of the position table, got 25");
    write_file(folder / "sentence_bert_config.json", "{}");
    const std::string pooling = folder / "1_Pooling/config.json";
    write_in(folder, "1_Pooling/config.json", R"({"pooling_mode_max_tokens": true})");
    refuses(pooling + ": expected the mean or [CLS], got pooling_mode_max_tokens, which is not read here");
    write_in(folder, "1_Pooling/config.json", R"({"pooling_mode_mean_tokens": true, "pooling_mode_cls_token": true})");
    refuses(pooling + ": expected either the mean or [CLS], got both");
    write_in(folder, "1_Pooling/config.json", "{}");
    refuses(pooling + ": expected either the mean or [CLS], got neither");
    write_in(folder, "1_Pooling/config.json", R"({"pooling_mode_cls_token": true})");
    CHECK(SentenceEncoder(folder.path()).pooling() == Pooling::first_token);
    write_tokenizer(folder, 49);
    refuses((folder / "vocab.txt") + ": expected the 50 pieces that the model has vectors for, got 49");
    std::filesystem::remove(folder / "vocab.txt");
    refuses("read_file: cannot open " + (folder / "vocab.txt") + ": No such file or directory");
}
