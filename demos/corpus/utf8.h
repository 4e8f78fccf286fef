// UTF-8: one to four bytes a character. Poems are counted in characters, so files are decoded before anything else.
#pragma once

#include <string>
#include <string_view>

namespace ordinal {

// The characters (code points) of `bytes`. `who` is the file's name; throws FileError with the offset of the first byte
// that is not valid UTF-8: a stray or missing continuation byte, a longer form than needed, a surrogate, > U+10FFFF.
std::u32string decode_utf8(std::string_view bytes, const std::string& who);

std::string encode_utf8(std::u32string_view characters);

}    // namespace ordinal
