#include <ordinal/nn/text.h>

#include <doctest/doctest.h>

#include <set>

using namespace ordinal;

TEST_CASE("a text becomes ids and the ids become the text") {
    const std::string text = "na\xC3\xAFve caf\xC3\xA9, \xE5\x94\x90 \xF0\x9F\x98\x80\n";    // 1 to 4 bytes
    const CharacterVocabulary vocabulary(text);
    const IndexArray ids = vocabulary.encode(text);
    CHECK(ids.shape == Shape{16});
    CHECK(vocabulary.decode(ids) == text);
    CHECK(vocabulary.size() == 13);    // of 16: a comes twice, the blank three times
    CHECK(vocabulary.encode("").shape == Shape{0});
    CHECK(vocabulary.decode(IndexArray()) == "");
}

TEST_CASE("ids follow the order of the characters and not of the text") {
    const CharacterVocabulary vocabulary("hello\xC3\xA9\xE5\x94\x90"), turned("\xE5\x94\x90\xC3\xA9olleh");
    CHECK(vocabulary.encode("ehlo\xC3\xA9\xE5\x94\x90").values == std::vector<Index>{0, 1, 2, 3, 4, 5});
    CHECK(turned.encode("ehlo\xC3\xA9\xE5\x94\x90").values == std::vector<Index>{0, 1, 2, 3, 4, 5});
}

TEST_CASE("a character that is not in the vocabulary is named") {
    const CharacterVocabulary vocabulary("ab");
    CHECK_THROWS_WITH_AS(
        vocabulary.encode("a\xC3\xA9"),
        "CharacterVocabulary: '\xC3\xA9' is not among the 2 characters of the text that it was made from", OptionError);
    CHECK_THROWS_WITH_AS(vocabulary.decode(IndexArray({1}, {2})),
                         "CharacterVocabulary: id 2 is outside the vocabulary of 2 characters (0..1)", IndexError);
    CHECK_THROWS_WITH_AS(vocabulary.decode(IndexArray({1}, {-1})),
                         "CharacterVocabulary: id -1 is outside the vocabulary of 2 characters (0..1)", IndexError);
    CHECK_THROWS_WITH_AS(CharacterVocabulary(""), "CharacterVocabulary: expected a text, got an empty one",
                         OptionError);
}

TEST_CASE("characters of one to four bytes are decoded and encoded again") {
    const std::string bytes =
        "a\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xE6\x98\xA5\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF";
    const std::u32string characters = U"a\x7F\x80\x7FF\x800\x6625\xFFFF\x10000\x10FFFF";
    CHECK((decode_utf8(bytes, "t") == characters));
    CHECK(encode_utf8(characters) == bytes);
    CHECK(decode_utf8("", "t").empty());
    CHECK((decode_utf8(std::string_view("\0", 1), "t") == std::u32string(1, U'\0')));
    std::size_t at = 1;
    CHECK(!next_character("a\x80", at).has_value());
    CHECK(at == 1);
}

TEST_CASE("what is no UTF-8 is refused with its byte") {
    for (const std::string wrong :
         {"\x80", "\xC3", "\xC3(", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xED\xA0\x80",
          "\xED\xBF\xBF", "\xF5\x80\x80\x80", "\xF4\x90\x80\x80", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF",
          "\xF8\x88\x80\x80\x80", "\xFC\x80\x80\x80", "\xFF", "\xE5\x94", "\xE6\x98 ", "\xF0\x90\x80"}) {
        CAPTURE(wrong);
        const std::string text = "ab" + wrong;
        CHECK_THROWS_WITH_AS(CharacterVocabulary{text},
                             text_of("CharacterVocabulary: expected UTF-8, got the byte ",
                                     static_cast<int>(static_cast<unsigned char>(wrong[0])),
                                     " at offset 2, where no valid character begins; save the text as UTF-8")
                                 .c_str(),
                             OptionError);
    }
}

TEST_CASE("a batch is windows of the text and the token after each") {
    IndexArray text({20}, std::vector<Index>(20));
    for (Index i = 0; i < 20; ++i) text.values[static_cast<std::size_t>(i)] = i;
    Rng rng(1);
    std::set<Index> starts;
    for (int round = 0; round < 50; ++round) {
        const TextBatch batch = random_batch(text, 4, 5, rng);
        REQUIRE(batch.inputs.shape == Shape{4, 5});
        REQUIRE(batch.targets.shape == Shape{4, 5});
        for (Index i = 0; i < 20; ++i) {
            CHECK(batch.targets[i] == batch.inputs[i] + 1);
            if (i % 5 != 0) CHECK(batch.inputs[i] == batch.inputs[i - 1] + 1);
        }
        for (Index b = 0; b < 4; ++b) starts.insert(batch.inputs[5 * b]);
    }
    CHECK(starts.size() == 15);    // 0 .. 14: every place, also the last one
    const TextBatch only = random_batch(text, 1, 19, rng);
    CHECK(only.inputs[0] == 0);
    CHECK(only.targets[18] == 19);
    CHECK_THROWS_WITH_AS(
        random_batch(text, 4, 20, rng),
        "random_batch: windows of 20 tokens and the one that comes next need a text [N] of at least 21, "
        "got [20]",
        ShapeError);
    CHECK_THROWS_WITH_AS(random_batch(text, 0, 3, rng), "random_batch: expected B and T of at least 1, got 0 and 3",
                         OptionError);
    CHECK_THROWS_WITH_AS(random_batch(text, 3, 0, rng), "random_batch: expected B and T of at least 1, got 3 and 0",
                         OptionError);
    CHECK_THROWS_AS(random_batch({{4, 5}, text.values}, 1, 3, rng), ShapeError);
}

TEST_CASE("the same seed draws the same batches") {
    const IndexArray text({9}, {3, 1, 4, 1, 5, 9, 2, 6, 5});
    Rng rng(5), other(5);
    for (int round = 0; round < 5; ++round)
        CHECK(random_batch(text, 3, 2, rng).inputs.values == random_batch(text, 3, 2, other).inputs.values);
}

TEST_CASE("a text is cut in two") {
    const IndexArray text({5}, {1, 2, 3, 4, 5});
    const auto [training, validation] = split_text(text, 0.6);
    CHECK(training.values == std::vector<Index>{1, 2, 3});
    CHECK(validation.values == std::vector<Index>{4, 5});
    CHECK(validation.shape == Shape{2});
    CHECK_THROWS_WITH_AS(split_text(text), "split_text: expected a text [N] long enough for two parts, got [5]",
                         ShapeError);
    CHECK_THROWS_WITH_AS(split_text(text, 0.01), "split_text: expected a text [N] long enough for two parts, got [5]",
                         ShapeError);
    CHECK_THROWS_WITH_AS(split_text(text, 0), "split_text: expected 0 < training_share < 1, got 0", OptionError);
    CHECK_THROWS_WITH_AS(split_text(text, 1), "split_text: expected 0 < training_share < 1, got 1", OptionError);
}

TEST_CASE("what is no character is not encoded") {
    CHECK(encode_utf8(U"\U0010FFFF\uD7FF\uE000") == "\xF4\x8F\xBF\xBF\xED\x9F\xBF\xEE\x80\x80");
    CHECK_THROWS_WITH_AS(
        encode_utf8(std::u32string(1, char32_t(0xD800))),
        "encode_utf8: no character has the number 55296; they end at 1114111, and 55296..57343 are none", OptionError);
    for (const unsigned wrong : {0xDFFFu, 0x110000u, 0xFFFFFFFFu})
        CHECK_THROWS_AS(encode_utf8(std::u32string(1, char32_t(wrong))), OptionError);
}
