#include <ordinal/pretrained/word_piece.h>

#include <algorithm>
#include <utility>

#include <ordinal/nn/files/file.h>
#include <ordinal/nn/text.h>
#include <ordinal/pretrained/json_file.h>
#include <ordinal/pretrained/unicode.h>

namespace ordinal {
namespace {

constexpr const char* special_tokens[] = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};

// The special token that a text begins with; empty if it begins with none.
std::string_view special_at(std::string_view text) {
    for (const std::string_view token : special_tokens)
        if (text.starts_with(token)) return token;
    return {};
}

// The blocks that BERT calls Chinese: CJK ideographs, their extensions A to E, and compatibility ideographs. Kana and
// Hangul are none of them: they are written with blanks or read as words. (U+2B820..U+2B91F fell through the net once,
// and the models were trained so.)
bool is_ideograph(char32_t c) {
    static constexpr std::pair<char32_t, char32_t> blocks[] = {
        {0x4E00, 0x9FFF},   {0x3400, 0x4DBF},   {0x20000, 0x2A6DF}, {0x2A700, 0x2B73F},
        {0x2B740, 0x2B81F}, {0x2B920, 0x2CEAF}, {0xF900, 0xFAFF},   {0x2F800, 0x2FA1F}};
    return std::any_of(std::begin(blocks), std::end(blocks),
                       [c](const auto& block) { return block.first <= c && c <= block.second; });
}

// Of ASCII also the signs that Unicode calls symbols: $ + < = > ^ ` | ~
bool is_word_of_its_own(char32_t c) {
    const bool ascii = (33 <= c && c <= 47) || (58 <= c && c <= 64) || (91 <= c && c <= 96) || (123 <= c && c <= 126);
    return ascii || unicode::is_punctuation(c);
}

}    // namespace

WordPiece::WordPiece(std::vector<std::string> pieces, const WordPieceOptions& options)
    : options_(options), pieces_(std::move(pieces)) {
    for (Index id = 0; id < size(); ++id) {
        const auto [first, is_new] = ids_.emplace(piece(id), id);
        require<OptionError>(is_new, "WordPiece: the piece '", piece(id), "' has the ids ", first->second, " and ", id,
                             "; expected each piece once");
    }
    for (const char* special : special_tokens)
        require<OptionError>(ids_.count(special) == 1, "WordPiece: expected ", special, " among the ", size(),
                             " pieces; this is no vocabulary of BERT");
}

WordPiece WordPiece::read(const std::string& folder) {
    const JsonFile config(folder + "/tokenizer_config.json");
    const std::string kind = config.text("tokenizer_class", "BertTokenizer");
    require<FileError>(kind == "BertTokenizer" || kind == "BertTokenizerFast", config.path(), ": expected the ",
                       "tokenizer BertTokenizer, got ", kind, "; only WordPiece is read here");
    const bool lower_case = config.flag("do_lower_case", true);
    std::vector<std::string> pieces;
    const std::string path = folder + "/vocab.txt", text = read_file(path);
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        pieces.push_back(text.substr(begin, end - begin));
        if (pieces.back().ends_with('\r')) pieces.back().pop_back();
        begin = end + 1;
    }
    try {
        return WordPiece(std::move(pieces), {.lower_case = lower_case,
                                             .strip_accents = config.flag("strip_accents", lower_case),
                                             .split_ideographs = config.flag("tokenize_chinese_chars", true)});
    } catch (const OptionError& error) {
        throw FileError(path + ": " + error.what());
    }
}

const std::string& WordPiece::piece(Index id) const {
    require<IndexError>(0 <= id && id < size(), "WordPiece: id ", id, " is outside the vocabulary of ", size(),
                        " pieces (0..", size() - 1, ")");
    return pieces_[static_cast<std::size_t>(id)];
}

TokenizedText WordPiece::encode(std::string_view text, Index most_tokens) const {
    require<OptionError>(most_tokens >= 2, "WordPiece: expected room for [CLS] and [SEP] at least, got ", most_tokens,
                         " tokens");
    static_cast<void>(decode_utf8(text, "WordPiece"));    // so that a bad byte is told with its place in the whole text
    TokenizedText tokens{.ids = {id_of("[CLS]")}};
    while (!text.empty()) {
        std::size_t begin = text.find('[');    // of the first special token: all of them begin so
        while (begin < text.size() && special_at(text.substr(begin)).empty()) begin = text.find('[', begin + 1);
        begin = std::min(begin, text.size());
        const std::string_view special = special_at(text.substr(begin));
        add_words(normalized(decode_utf8(text.substr(0, begin), "WordPiece")), tokens.ids);
        if (!special.empty()) tokens.ids.push_back(ids_.find(special)->second);
        text.remove_prefix(begin + special.size());
    }
    tokens.cut = std::max(std::ssize(tokens.ids) + 1 - most_tokens, Index{0});
    tokens.ids.resize(tokens.ids.size() - static_cast<std::size_t>(tokens.cut));
    tokens.unknown = std::count(tokens.ids.begin(), tokens.ids.end(), id_of("[UNK]"));
    tokens.ids.push_back(id_of("[SEP]"));
    return tokens;
}

// Steps 2 to 5.
std::u32string WordPiece::normalized(std::u32string text) const {
    std::u32string clean;
    for (const char32_t c : text) {
        const bool blank = unicode::is_white_space(c), ideograph = options_.split_ideographs && is_ideograph(c);
        if (c == 0 || c == 0xFFFD || (unicode::is_control(c) && !blank)) continue;
        if (ideograph) clean += U' ';
        clean += blank ? U' ' : c;
        if (ideograph) clean += U' ';
    }
    if (options_.strip_accents) {
        clean = unicode::nfd(clean);
        std::erase_if(clean, unicode::is_nonspacing_mark);
    }
    if (!options_.lower_case) return clean;
    std::u32string lower;
    for (const char32_t c : clean) {
        lower += unicode::lower_case(c);
        if (c == 0x130)
            lower += char32_t{0x307};    // the one letter whose lower case takes two: I with a dot, i and its dot
    }
    return lower;
}

// Step 6.
void WordPiece::add_words(const std::u32string& text, std::vector<Index>& ids) const {
    std::size_t begin = 0;    // of the present word
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const bool end = i == text.size() || unicode::is_white_space(text[i]);
        if (!end && !is_word_of_its_own(text[i])) continue;
        if (begin < i) add_word(std::u32string_view(text).substr(begin, i - begin), ids);
        if (!end) add_word(std::u32string_view(text).substr(i, 1), ids);
        begin = i + 1;
    }
}

// Step 7.
void WordPiece::add_word(std::u32string_view word, std::vector<Index>& ids) const {
    const std::size_t before = ids.size();
    bool known = std::ssize(word) <= options_.most_characters;
    while (known && !word.empty()) {
        known = false;
        for (std::size_t length = word.size(); length > 0 && !known; --length) {
            const std::string start = ids.size() == before ? "" : "##";
            const auto found = ids_.find(start + encode_utf8(word.substr(0, length)));
            if (found == ids_.end()) continue;
            known = true;
            ids.push_back(found->second);
            word.remove_prefix(length);
        }
    }
    if (known) return;
    ids.resize(before);
    ids.push_back(id_of("[UNK]"));
}

std::string WordPiece::decode(const std::vector<Index>& ids) const {
    std::string text;
    for (const Index id : ids) {
        const std::string& next = piece(id);
        const bool goes_on = next.starts_with("##");
        if (!text.empty() && !goes_on) text += ' ';
        text += goes_on && !text.empty() ? next.substr(2) : next;
    }
    return text;
}

}    // namespace ordinal
