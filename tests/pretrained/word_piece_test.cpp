#include <ordinal/pretrained/word_piece.h>

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include <ordinal/nn/files/file.h>
#include <ordinal/pretrained/unicode.h>
#include "tests/places.h"
#include "tests/temp_folder.h"

using namespace ordinal;

namespace {

const bool without_tables = !unicode::is_there();

using Ids = std::vector<Index>;

//       0        1        2        3        4         5     6       7         8       9    10   11
WordPiece small(const WordPieceOptions& options = {}) {
    return WordPiece({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "un", "##aff", "##able", "know", "##s", ".", "a"},
                     options);
}

}    // namespace

TEST_CASE("the tables of Unicode are there or no text is tried") {
    if (without_tables) MESSAGE("not tried: texts to pieces, for this build has no utf8proc (libutf8proc-dev)");
}

TEST_CASE("pieces are those of the tokenizers library" * doctest::skip(without_tables)) {
    const auto figures = nlohmann::json::parse(read_file(source_dir() + "/tests/pretrained/word_pieces.json"));
    const std::vector<std::string> pieces = figures["pieces"], texts = figures["texts"];
    REQUIRE(texts.size() > 300);
    for (const bool lower : {true, false}) {
        const WordPiece words(pieces, {.lower_case = lower, .strip_accents = lower});
        const std::vector<Ids> all = figures[lower ? "uncased" : "cased"];
        REQUIRE(all.size() == texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i) {
            CAPTURE(texts[i]);
            Ids expected = all[i];
            expected.insert(expected.begin(), 2);
            expected.push_back(3);
            CHECK(words.encode(texts[i]).ids == expected);
        }
    }
}

TEST_CASE("the longest piece comes first and one unknown piece makes the whole word unknown" *
          doctest::skip(without_tables)) {
    CHECK(small().encode("unaffable").ids == Ids{2, 5, 6, 7, 3});
    CHECK(small().encode("unaffablex").ids == Ids{2, 1, 3});
    CHECK(small().encode("un aff").ids == Ids{2, 5, 1, 3});
    CHECK(small({.most_characters = 8}).encode("unaffable knows").ids == Ids{2, 1, 8, 9, 3});
    CHECK(small({.most_characters = 9}).encode("unaffable knows").ids == Ids{2, 5, 6, 7, 8, 9, 3});
}

TEST_CASE("a cut text keeps its last token and says what it lost" * doctest::skip(without_tables)) {
    const WordPiece words = small();
    const TokenizedText whole = words.encode("a know a knows."), cut = words.encode("a know a knows.", 5);
    CHECK(whole.ids == Ids{2, 11, 8, 11, 8, 9, 10, 3});
    CHECK(whole.cut == 0);
    CHECK(cut.ids == Ids{2, 11, 8, 11, 3});
    CHECK(cut.cut == 3);
    CHECK(words.encode("a know a knows.", 8).cut == 0);
    CHECK(words.encode("a know a knows.", 7).ids == Ids{2, 11, 8, 11, 8, 9, 3});
    CHECK(words.encode("a a", 2).ids == Ids{2, 3});
    CHECK_THROWS_WITH_AS(words.encode("a", 1), "WordPiece: expected room for [CLS] and [SEP] at least, got 1 tokens",
                         OptionError);
}

TEST_CASE("unknown words are counted among those that are left" * doctest::skip(without_tables)) {
    CHECK(small().encode("a know").unknown == 0);
    CHECK(small().encode("b know zzz [UNK]").unknown == 3);
    CHECK(small().encode("a b c", 3).unknown == 0);
    CHECK(small().encode("a b c", 4).unknown == 1);
}

TEST_CASE("ids become a text that one can read" * doctest::skip(without_tables)) {
    CHECK(small().decode({2, 5, 6, 7, 8, 9, 10, 3}) == "[CLS] unaffable knows . [SEP]");
    CHECK(small().decode({9, 8}) == "##s know");    // nothing stands before it
    CHECK(small().decode({}) == "");
    CHECK(small().decode(small().encode("A know, [MASK]").ids) == "[CLS] a know [UNK] [MASK] [SEP]");
    CHECK_THROWS_WITH_AS(small().decode({12}), "WordPiece: id 12 is outside the vocabulary of 12 pieces (0..11)",
                         IndexError);
    CHECK_THROWS_AS(small().piece(-1), IndexError);
    CHECK(small().piece(6) == "##aff");
    CHECK(small().pad_id() == 0);
}

TEST_CASE("a text that is no UTF-8 is refused with the place in the whole of it") {
    CHECK_THROWS_WITH_AS(small().encode("a[SEP]a\xff"),
                         "WordPiece: expected UTF-8, got the byte 255 at offset 7, where no valid character begins; "
                         "save the text as UTF-8",
                         OptionError);
}

TEST_CASE("many special tokens in a long text take no longer than others" * doctest::skip(without_tables)) {
    std::string text;
    for (int i = 0; i < 20000; ++i) text += i % 2 ? "[SEP]" : "[[a";
    const TokenizedText tokens = small().encode(text);
    CHECK(tokens.ids.size() == 2 + 10000 + 30000);
    CHECK(tokens.unknown == 20000);
}

TEST_CASE("a vocabulary must have each piece once and the special ones") {
    CHECK_THROWS_WITH_AS(WordPiece({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "a"}),
                         "WordPiece: the piece 'a' has the ids 5 and 6; expected each piece once", OptionError);
    CHECK_THROWS_WITH_AS(WordPiece({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "a"}),
                         "WordPiece: expected [MASK] among the 5 pieces; this is no vocabulary of BERT", OptionError);
}

TEST_CASE("a folder's files make the tokenizer" * doctest::skip(without_tables)) {
    const TempFolder folder;
    write_file(folder / "vocab.txt", "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\n[MASK]\r\na\r\n\xC3\xA9\r\nA\r\ne");
    const auto ids = [&](const std::string& config) {
        write_file(folder / "tokenizer_config.json", config);
        return WordPiece::read(folder.path()).encode("A\xC3\xA9 A").ids;
    };
    CHECK(ids(R"({"do_lower_case": true})") == Ids{2, 1, 5, 3});    // ae is no piece
    CHECK(ids(R"({"do_lower_case": false})") == Ids{2, 1, 7, 3});
    CHECK(ids(R"({"do_lower_case": true, "strip_accents": null})") == Ids{2, 1, 5, 3});
    const auto accent = [&](const std::string& config) {
        write_file(folder / "tokenizer_config.json", config);
        return WordPiece::read(folder.path()).encode("\xC3\x89").ids;    // capital e with acute
    };
    CHECK(accent(R"({"do_lower_case": true})") == Ids{2, 8, 3});
    CHECK(accent(R"({"do_lower_case": true, "strip_accents": false})") == Ids{2, 6, 3});
    CHECK(accent(R"({"do_lower_case": false})") == Ids{2, 1, 3});
}

TEST_CASE("a folder that holds another tokenizer is refused") {
    const TempFolder folder;
    const std::string config = folder / "tokenizer_config.json", vocabulary = folder / "vocab.txt";
    const auto refuses = [&](const std::string& text, const std::string& sentence) {
        write_file(config, text);
        CHECK_THROWS_WITH_AS(WordPiece::read(folder.path()), sentence.c_str(), FileError);
    };
    CHECK_THROWS_WITH_AS(WordPiece::read(folder.path()),
                         ("read_file: cannot open " + config + ": No such file or directory").c_str(), FileError);
    refuses(R"({"tokenizer_class": "RobertaTokenizer"})",
            config + ": expected the tokenizer BertTokenizer, got RobertaTokenizer; only WordPiece is read here");
    refuses("[]", config + ": expected a JSON object { ... }, got something else; download it again");
    refuses("{", config + ": expected a JSON object { ... }, got something else; download it again");
    refuses(std::string(100, '['), config + ": expected settings, got more than 64 brackets inside each other");
    refuses(R"({"do_lower_case": 1})", config + ": expected 'do_lower_case' to be true or false, got 1");
    refuses(R"({"tokenizer_class": ["x"]})", config + ": expected 'tokenizer_class' to be a text, got [\"x\"]");
    refuses("{}", "read_file: cannot open " + vocabulary + ": No such file or directory");
    write_file(vocabulary, "[PAD]\n[UNK]\n");
    refuses("{}", vocabulary + ": WordPiece: expected [CLS] among the 2 pieces; this is no vocabulary of BERT");
}
