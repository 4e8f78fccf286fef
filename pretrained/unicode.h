// What a tokenizer asks of Unicode's tables: which kind of character is this, and what is it made of?
//
// The tables are those of utf8proc, which unicode.cpp alone includes. A build without it has these functions all the
// same; each then throws an OptionError that says what is missing.
#pragma once

#include <string>
#include <string_view>

namespace ordinal::unicode {

bool is_there();    // was utf8proc there when this was built?

bool is_control(char32_t c);                     // categories Cc, Cf and Co: control, format, private use
bool is_white_space(char32_t c);                 // Zs, Zl, Zp, tab, line feed and carriage return
bool is_punctuation(char32_t c);                 // P*
bool is_nonspacing_mark(char32_t c);             // Mn: the accent of an accented letter that is decomposed
char32_t lower_case(char32_t c);                 // one character for one: a final sigma is a sigma
std::u32string nfd(std::u32string_view text);    // canonical decomposition: an accented letter becomes letter and mark

}    // namespace ordinal::unicode
