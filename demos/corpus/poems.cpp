#include "demos/corpus/poems.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <ostream>
#include <string_view>
#include <utility>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "demos/corpus/utf8.h"

namespace ordinal {
namespace {

// Full-width comma, full stop, exclamation mark, question mark, semicolon, colon, enumeration comma.
constexpr std::u32string_view punctuation = U"\uFF0C\u3002\uFF01\uFF1F\uFF1B\uFF1A\u3001";
constexpr std::u32string_view author_mark = U"\u4F5C\u8005";    // "author"
constexpr char32_t title_open = U'\u300A';
constexpr char32_t title_close = U'\u300B';
constexpr std::u32string_view blanks = U" \t\r\v\f\u3000\uFEFF";    // also the full-width space, the byte order mark

bool is_punctuation(char32_t c) { return punctuation.find(c) != punctuation.npos; }

std::u32string_view strip(std::u32string_view line) {
    const std::size_t first = line.find_first_not_of(blanks);
    if (first == line.npos) return {};
    return line.substr(first, line.find_last_not_of(blanks) - first + 1);
}

// Terminal colours: ESC [ digits and semicolons m
std::u32string without_colours(std::u32string_view text) {
    std::u32string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == U'\x1b' && i + 1 < text.size() && text[i + 1] == U'[') {
            const std::size_t end = text.find_first_not_of(U"0123456789;", i + 2);
            if (end != text.npos && text[end] == U'm') {
                i = end;
                continue;
            }
        }
        plain.push_back(text[i]);
    }
    return plain;
}

std::vector<std::u32string_view> stripped_lines(std::u32string_view text) {
    std::vector<std::u32string_view> lines;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(U'\n', start), text.size());
        lines.push_back(strip(text.substr(start, end - start)));
        start = end + 1;
    }
    return lines;
}

void add_line(Poem& poem, std::u32string_view line) {
    if (!line.empty() && line.front() == title_open) {
        line.remove_prefix(1);
        if (!line.empty() && line.back() == title_close) line.remove_suffix(1);
        poem.title = encode_utf8(line);
    } else if (line.starts_with(author_mark)) {
        line.remove_prefix(author_mark.size());
        if (!line.empty() && is_punctuation(line.front())) line.remove_prefix(1);    // the colon
        poem.author = encode_utf8(strip(line));
    } else {
        poem.text += line;
    }
}

}    // namespace

const char* meter_name(Meter meter) {
    return meter == Meter::five ? "five-character" : meter == Meter::seven ? "seven-character" : "mixed";
}

Index line_period(Meter meter) {
    require<OptionError>(meter != Meter::mixed, "line_period: expected five- or seven-character verse, got mixed");
    return meter == Meter::five ? 6 : 8;
}

Index couplet_period(Meter meter) { return 2 * line_period(meter); }

Meter meter_of(const std::u32string& text) {
    bool all_five = true;
    bool all_seven = true;
    Index length = 0;
    const auto end_stretch = [&] {
        if (length == 0) return;    // two marks in a row, or the end of the poem behind a mark
        all_five &= length == 5;
        all_seven &= length == 7;
        length = 0;
    };
    for (const char32_t c : text) {
        if (is_punctuation(c))
            end_stretch();
        else
            ++length;
    }
    end_stretch();
    if (all_five == all_seven) return Meter::mixed;    // neither; or both, when there is no stretch at all
    return all_five ? Meter::five : Meter::seven;
}

std::vector<Poem> read_poems(const std::string& path) {
    const std::u32string text = without_colours(decode_utf8(read_file(path), "corpus: " + path));
    const std::vector<std::u32string_view> lines = stripped_lines(text);
    const bool fortune_file = std::find(lines.begin(), lines.end(), U"%") != lines.end();
    const std::u32string_view separator = fortune_file ? U"%" : U"";

    std::vector<Poem> poems;
    Poem poem{};
    const auto finish_poem = [&] {
        if (poem.text.empty()) return;    // only a title so far, and a blank line before its poem: keep the title
        poem.meter = meter_of(poem.text);
        poems.push_back(std::exchange(poem, {}));
    };
    for (const std::u32string_view line : lines) {
        if (line == separator)
            finish_poem();
        else
            add_line(poem, line);
    }
    finish_poem();
    require<FileError>(!poems.empty(), "corpus: expected poems in ", path,
                       ", got no line of text; separate poems by a blank line or by a line with %");
    return poems;
}

std::vector<Poem> load_corpus(const std::string& corpus_option, const std::string& installed) {
    if (!corpus_option.empty()) return read_poems(corpus_option);
    require<FileError>(std::filesystem::exists(installed), "corpus: expected the Tang poems in ", installed,
                       ", got no such file; install them (apt-get install fortunes-zh) or give a text of your own: "
                       "--corpus FILE");
    return read_poems(installed);
}

std::vector<Poem> with_meter(const std::vector<Poem>& poems, Meter meter) {
    std::vector<Poem> chosen;
    std::copy_if(poems.begin(), poems.end(), std::back_inserter(chosen),
                 [&](const Poem& poem) { return poem.meter == meter; });
    return chosen;
}

void print_poem(std::ostream& out, const Poem& poem, Index most_couplets) {
    out << (poem.meter == Meter::mixed ? "A text" : "A Chinese poem");
    if (!poem.title.empty()) out << ", titled " << poem.title;
    if (!poem.author.empty()) out << ", by " << poem.author;
    if (poem.meter == Meter::mixed) {
        out << ", with lines of different lengths:\n    " << encode_utf8(poem.text) << '\n';
        return;
    }
    const auto couplet = static_cast<std::size_t>(couplet_period(poem.meter));
    out << ": " << (poem.meter == Meter::five ? "five" : "seven")
        << " characters and a punctuation mark, over and over. One couplet a line:\n";
    const std::size_t end = std::min(poem.text.size(), couplet * static_cast<std::size_t>(most_couplets));
    for (std::size_t start = 0; start < end; start += couplet)
        out << "    " << encode_utf8(std::u32string_view(poem.text).substr(start, couplet)) << '\n';
    if (end < poem.text.size()) out << "    (and so on: " << poem.text.size() << " characters in all)\n";
}

}    // namespace ordinal
