#include <ordinal/pretrained/unicode.h>

#include <ordinal/core/error.h>

#ifdef ORDINAL_HAS_UTF8PROC

#include <utf8proc.h>

#include <ordinal/nn/text.h>

namespace ordinal::unicode {
namespace {

utf8proc_int32_t code(char32_t c) { return static_cast<utf8proc_int32_t>(c); }

}    // namespace

bool is_there() { return true; }

bool is_control(char32_t c) {
    const auto category = utf8proc_category(code(c));
    return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_CO;
}

bool is_white_space(char32_t c) {
    const auto category = utf8proc_category(code(c));
    return c == '\t' || c == '\n' || c == '\r' || category == UTF8PROC_CATEGORY_ZS ||
           category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

bool is_punctuation(char32_t c) {
    switch (utf8proc_category(code(c))) {
        case UTF8PROC_CATEGORY_PC:
        case UTF8PROC_CATEGORY_PD:
        case UTF8PROC_CATEGORY_PS:
        case UTF8PROC_CATEGORY_PE:
        case UTF8PROC_CATEGORY_PI:
        case UTF8PROC_CATEGORY_PF:
        case UTF8PROC_CATEGORY_PO:
            return true;
        default:
            return false;
    }
}

bool is_nonspacing_mark(char32_t c) { return utf8proc_category(code(c)) == UTF8PROC_CATEGORY_MN; }

char32_t lower_case(char32_t c) { return static_cast<char32_t>(utf8proc_tolower(code(c))); }

std::u32string nfd(std::u32string_view text) {
    const std::string bytes = encode_utf8(text);
    const auto* begin = reinterpret_cast<const utf8proc_uint8_t*>(bytes.data());
    const auto decompose = [&](utf8proc_int32_t* to, std::size_t room) {    // how many characters there are
        return utf8proc_decompose(begin, std::ssize(bytes), to, static_cast<utf8proc_ssize_t>(room),
                                  UTF8PROC_DECOMPOSE);
    };
    std::vector<utf8proc_int32_t> codes(3 * text.size());    // nearly always enough
    auto count = decompose(codes.data(), codes.size());
    if (count > std::ssize(codes)) {
        codes.resize(static_cast<std::size_t>(count));
        count = decompose(codes.data(), codes.size());
    }
    require<OptionError>(count >= 0, "unicode::nfd: ", utf8proc_errmsg(count));
    return {codes.begin(), codes.begin() + count};
}

}    // namespace ordinal::unicode

#else

namespace ordinal::unicode {
namespace {

[[noreturn]] void missing() {
    throw OptionError(
        "unicode: this Ordinal was built without utf8proc, whose tables say what is a letter, a mark or "
        "punctuation; install it (Debian, Ubuntu: libutf8proc-dev; elsewhere: utf8proc) and build again");
}

}    // namespace

bool is_there() { return false; }
bool is_control(char32_t) { missing(); }
bool is_white_space(char32_t) { missing(); }
bool is_punctuation(char32_t) { missing(); }
bool is_nonspacing_mark(char32_t) { missing(); }
char32_t lower_case(char32_t) { missing(); }
std::u32string nfd(std::u32string_view) { missing(); }

}    // namespace ordinal::unicode

#endif
