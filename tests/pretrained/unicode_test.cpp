#include <ordinal/pretrained/unicode.h>

#include <doctest/doctest.h>

#include <ordinal/core/error.h>

using namespace ordinal;

TEST_CASE("without utf8proc every question about a character is answered by what to install") {
    if (unicode::is_there()) return;
    for (const auto& ask :
         {unicode::is_control, unicode::is_white_space, unicode::is_punctuation, unicode::is_nonspacing_mark})
        CHECK_THROWS_WITH_AS(
            ask(U'a'),
            "unicode: this Ordinal was built without utf8proc, whose tables say what is a letter, a mark or "
            "punctuation; install it (Debian, Ubuntu: libutf8proc-dev; elsewhere: utf8proc) and build again",
            OptionError);
    CHECK_THROWS_AS(unicode::lower_case(U'A'), OptionError);
    CHECK_THROWS_AS(unicode::nfd(U"a"), OptionError);
}

TEST_CASE("characters have the categories of Unicode" * doctest::skip(!unicode::is_there())) {
    for (const char32_t c : U"\0\a\x7f\x85\xad\u200b\u200d\u2060\ufeff\ue000\uf8ff") CHECK(unicode::is_control(c));
    for (const char32_t c : U" \t\n\r\xa0\u2009\u2028\u2029\u3000") {
        if (c == 0) break;    // the end of the list
        CHECK(unicode::is_white_space(c));
    }
    for (const char32_t c : std::u32string(U"_-([{)]}\u00ab\u00bb\u2018\u201d\u2027\u2014\u3001!.\"%")) {
        CHECK(unicode::is_punctuation(c));
        CHECK_FALSE(unicode::is_control(c));
        CHECK_FALSE(unicode::is_white_space(c));
    }
    for (const char32_t c : std::u32string(U"$+<=>^`|~\u20ac\u2665\u00b4")) CHECK_FALSE(unicode::is_punctuation(c));
    for (const char32_t c : std::u32string(U"\u0300\u0301\u030a\u05b0\u3099")) CHECK(unicode::is_nonspacing_mark(c));
    for (const char32_t c : std::u32string(U"a\u0903\u00e9")) CHECK_FALSE(unicode::is_nonspacing_mark(c));
}

TEST_CASE("lower case is letter by letter" * doctest::skip(!unicode::is_there())) {
    CHECK(unicode::lower_case(U'A') == U'a');
    CHECK(unicode::lower_case(U'\u00c9') == U'\u00e9');
    CHECK(unicode::lower_case(U'\u03a3') == U'\u03c3');    // sigma, also where it ends a word
    CHECK(unicode::lower_case(U'\u1e9e') == U'\u00df');
    CHECK(unicode::lower_case(U'\u00df') == U'\u00df');
    CHECK(unicode::lower_case(U'1') == U'1');
}

TEST_CASE("a letter is decomposed all the way and its marks stand in order" * doctest::skip(!unicode::is_there())) {
    CHECK((unicode::nfd(U"") == U""));
    CHECK((unicode::nfd(std::u32string(1, U'\0')) == std::u32string(1, U'\0')));
    CHECK((unicode::nfd(U"\u00e9\u0142") == U"e\u0301\u0142"));     // the l keeps its stroke
    CHECK((unicode::nfd(U"\u1ead") == U"a\u0323\u0302"));           // two steps
    CHECK((unicode::nfd(U"q\u0307\u0323") == U"q\u0323\u0307"));    // the mark below comes first
    CHECK((unicode::nfd(U"\ud55c") == U"\u1112\u1161\u11ab"));      // Hangul, by its formula
    CHECK((unicode::nfd(U"\ufb01") == U"\ufb01"));                  // a ligature is only compatible
    CHECK((unicode::nfd(U"\u212b") == U"A\u030a"));
    CHECK((unicode::nfd(std::u32string(1000, U'\u1f82')).size() == 4000));    // more than is kept ready
}
