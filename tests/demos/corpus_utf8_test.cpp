#include "demos/corpus/utf8.h"

#include <doctest/doctest.h>

#include <ordinal/core/error.h>

using namespace ordinal;

TEST_CASE("characters of one to four bytes are decoded and encoded again") {
    const std::string bytes =
        "a\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xE6\x98\xA5\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF";
    const std::u32string characters = U"a\x7F\x80\x7FF\x800\x6625\xFFFF\x10000\x10FFFF";
    CHECK(decode_utf8(bytes, "t") == characters);
    CHECK(encode_utf8(characters) == bytes);
    CHECK(decode_utf8("", "t").empty());
    CHECK(decode_utf8(std::string_view("\0", 1), "t") == std::u32string(1, U'\0'));
}

TEST_CASE("the first byte that is not UTF-8 is named with its offset") {
    CHECK_THROWS_WITH_AS(decode_utf8("ab\xFF", "poems.txt"),
                         "poems.txt: expected UTF-8 text, got the byte 0xFF at offset 2, which starts no valid "
                         "character; save the file as UTF-8",
                         FileError);
}

TEST_CASE("every kind of invalid sequence is refused where it starts") {
    struct Case {
        std::string bytes, first;
    };
    const Case cases[] = {
        {"\x80", "0x80"},                    // a continuation byte without its start
        {"\xC2", "0xC2"},                    // ends too early
        {"\xE6\x98", "0xE6"},                //
        {"\xF0\x90\x80", "0xF0"},            //
        {"\xC2 ", "0xC2"},                   // no continuation byte where one belongs
        {"\xE6\x98 ", "0xE6"},               //
        {"\xC0\x80", "0xC0"},                // longer than needed: U+0
        {"\xC1\xBF", "0xC1"},                // U+7F
        {"\xE0\x9F\xBF", "0xE0"},            // U+7FF
        {"\xF0\x8F\xBF\xBF", "0xF0"},        // U+FFFF
        {"\xED\xA0\x80", "0xED"},            // surrogate U+D800
        {"\xED\xBF\xBF", "0xED"},            // surrogate U+DFFF
        {"\xF4\x90\x80\x80", "0xF4"},        // U+110000
        {"\xF8\x88\x80\x80\x80", "0xF8"},    // five bytes
        {"\xFC\x80\x80\x80", "0xFC"},        // no first byte, though its low bits would make U+100000
    };
    for (const Case& one : cases) {
        CAPTURE(one.first);
        CHECK_THROWS_WITH_AS(decode_utf8("x" + one.bytes, "t"),
                             ("t: expected UTF-8 text, got the byte " + one.first +
                              " at offset 1, which starts no valid character; save the file as UTF-8")
                                 .c_str(),
                             FileError);
    }
}
