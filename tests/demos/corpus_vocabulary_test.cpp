#include "demos/corpus/vocabulary.h"

#include <doctest/doctest.h>

#include <filesystem>

#include <ordinal/core/error.h>

using namespace ordinal;

TEST_CASE("ids go by count and then by code point and rare characters have none") {
    const std::vector<Poem> poems = {{"", "", U"cbaab", Meter::mixed}, {"", "", U"bcdz", Meter::mixed}};
    const Vocabulary vocabulary(poems, 2);    // b 3, a 2, c 2; d and z once
    CHECK(vocabulary.size() == 6);
    CHECK(vocabulary.id(U'b') == 3);
    CHECK(vocabulary.id(U'a') == 4);
    CHECK(vocabulary.id(U'c') == 5);
    CHECK(vocabulary.id(U'd') == Vocabulary::unknown);
    CHECK(vocabulary.encode(U"abz") == std::vector<Index>{4, 3, 2});
    CHECK(encode_poems(poems, vocabulary) == std::vector<std::vector<Index>>{{5, 3, 4, 4, 3}, {3, 5, 2, 2}});
    CHECK(Vocabulary(poems, 1).size() == 8);
}

TEST_CASE("many characters with one count stay in the order of their code points") {
    std::u32string text;
    for (char32_t c = U'z'; c >= U'A'; --c) text += {c, c};
    const Vocabulary vocabulary({{"", "", text, Meter::mixed}});
    for (char32_t c = U'A'; c <= U'z'; ++c) CHECK(vocabulary.id(c) == 3 + static_cast<Index>(c - U'A'));
}

TEST_CASE("ids are turned into text again") {
    const Vocabulary vocabulary({{"", "", U"春春", Meter::mixed}});
    CHECK(vocabulary.text(0) == "[PAD]");
    CHECK(vocabulary.text(1) == "[MASK]");
    CHECK(vocabulary.text(2) == "[UNK]");
    CHECK(vocabulary.text(3) == "春");
    CHECK_THROWS_WITH_AS(vocabulary.text(4), "Vocabulary: token id 4 is outside the vocabulary of 4 (0..3)",
                         IndexError);
    CHECK_THROWS_WITH_AS(vocabulary.text(-1), "Vocabulary: token id -1 is outside the vocabulary of 4 (0..3)",
                         IndexError);
}

TEST_CASE("the Tang poems have the known vocabularies" * doctest::skip(!std::filesystem::exists(tang_poems_path))) {
    const auto poems = load_corpus("");
    CHECK(Vocabulary(with_meter(poems, Meter::five)).size() == 853);
    CHECK(Vocabulary(with_meter(poems, Meter::seven)).size() == 1115);
}
