#include "demos/models/vocabulary.h"

#include <doctest/doctest.h>

#include <filesystem>

#include <ordinal/core/error.h>

using namespace ordinal;
using namespace ordinal::demos;

TEST_CASE("ids go by count and then by code point and rare characters have none") {
    const std::vector<Poem> poems = {{U"cbaab"}, {U"bcdz"}};
    const Vocabulary vocabulary(poems);    // b 3, a 2, c 2; d and z once
    CHECK(vocabulary.size() == 6);
    CHECK(vocabulary.id(U'b') == 3);
    CHECK(vocabulary.id(U'a') == 4);
    CHECK(vocabulary.id(U'c') == 5);
    CHECK(vocabulary.id(U'd') == Vocabulary::unknown);
    CHECK(vocabulary.encode(poems) == TokenLists{{5, 3, 4, 4, 3}, {3, 5, 2, 2}});
    CHECK(vocabulary.are_among(U"axc") == std::vector<bool>{false, false, false, false, true, true});
}

TEST_CASE("many characters with one count stay in the order of their code points") {
    std::u32string text;
    for (char32_t c = U'z'; c >= U'A'; --c) text += {c, c};
    const Vocabulary vocabulary({{text}});
    for (char32_t c = U'A'; c <= U'z'; ++c) CHECK(vocabulary.id(c) == 3 + static_cast<Index>(c - U'A'));
}

TEST_CASE("ids are turned into characters again") {
    const Vocabulary vocabulary({{U"春春"}});
    CHECK(vocabulary.character(3) == U'春');
    CHECK_THROWS_WITH_AS(vocabulary.character(4), "Vocabulary: token 4 is none of the characters 3..3", IndexError);
    CHECK_THROWS_AS(vocabulary.character(Vocabulary::unknown), IndexError);
}

TEST_CASE("each token is one wide character") {
    const Vocabulary vocabulary({{U"春春\n\n"}});
    CHECK(vocabulary.wide(vocabulary.id(U'春')) == "春");
    CHECK(vocabulary.wide(vocabulary.id(U'\n')) == "/");
    for (const Index none : {Vocabulary::pad, Vocabulary::mask, Vocabulary::unknown})
        CHECK(vocabulary.wide(none) == "□");
    CHECK_THROWS_AS(vocabulary.wide(5), IndexError);
}

TEST_CASE("the Tang poems have the known vocabularies" * doctest::skip(!std::filesystem::exists(tang_poems_file))) {
    const Verse verse = load_verse("");
    CHECK(Vocabulary(verse.with_period(6)).size() == 853);
    CHECK(Vocabulary(verse.with_period(8)).size() == 1115);
}
