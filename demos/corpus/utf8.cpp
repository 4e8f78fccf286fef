#include "demos/corpus/utf8.h"

#include <cstdio>

#include <ordinal/core/error.h>

namespace ordinal {
namespace {

constexpr char32_t invalid = 0xFFFFFFFF;

// The character whose encoding starts at bytes[at]; moves `at` behind it. `invalid` when there is none.
//     0xxxxxxx                               1 byte,  up to U+7F
//     110xxxxx 10xxxxxx                      2 bytes, up to U+7FF
//     1110xxxx 10xxxxxx 10xxxxxx             3 bytes, up to U+FFFF     (all Chinese characters of the poems)
//     11110xxx 10xxxxxx 10xxxxxx 10xxxxxx    4 bytes, up to U+10FFFF
char32_t next_character(std::string_view bytes, std::size_t& at) {
    static constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};    // a shorter form exists below these
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned first = byte(at);
    const std::size_t length = first < 0x80 ? 1 : first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length == 0 || first >= 0xF8 || length > bytes.size() - at) return invalid;
    char32_t character = length == 1 ? first : first & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xC0) != 0x80) return invalid;
        character = character << 6 | (byte(at + i) & 0x3F);
    }
    const bool surrogate = 0xD800 <= character && character <= 0xDFFF;
    if (character < smallest[length] || character > 0x10FFFF || surrogate) return invalid;
    at += length;
    return character;
}

}    // namespace

std::u32string decode_utf8(std::string_view bytes, const std::string& who) {
    std::u32string characters;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t start = at;
        const char32_t character = next_character(bytes, at);
        if (character == invalid) {
            char hex[8];
            std::snprintf(hex, sizeof hex, "0x%02X", static_cast<unsigned>(static_cast<unsigned char>(bytes[start])));
            throw FileError(text_of(who, ": expected UTF-8 text, got the byte ", hex, " at offset ", start,
                                    ", which starts no valid character; save the file as UTF-8"));
        }
        characters.push_back(character);
    }
    return characters;
}

std::string encode_utf8(std::u32string_view characters) {
    std::string bytes;
    const auto put = [&](char32_t byte) { bytes.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
    for (const char32_t c : characters) {
        if (c < 0x80) {
            put(c);
        } else if (c < 0x800) {
            put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
        } else {
            put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
        }
    }
    return bytes;
}

}    // namespace ordinal
