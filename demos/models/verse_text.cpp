#include "demos/models/verse_text.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <ostream>
#include <utility>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include <ordinal/nn/text.h>
#include "demos/embedded.h"

namespace ordinal::demos {
namespace {

// Full-width comma, full stop, exclamation mark, question mark, semicolon, colon, enumeration comma.
const std::u32string chinese_marks = U"\uFF0C\u3002\uFF01\uFF1F\uFF1B\uFF1A\u3001";
const std::u32string line_ends = U"\n";

// Without the terminal's colours (ESC [ ... m), and without blanks at both ends.
std::vector<std::u32string> lines_of(std::u32string text) {
    for (auto at = text.find(U'\x1b'); at != text.npos; at = text.find(U'\x1b', at))
        text.erase(at, std::min(text.find(U'm', at), text.size() - 1) - at + 1);
    std::vector<std::u32string> lines;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(U'\n', start), text.size());
        const std::u32string line = text.substr(start, end - start);
        const std::u32string blanks = U" \t\r\v\f\u3000\uFEFF";    // also the full-width space, the byte order mark
        const std::size_t first = std::min(line.find_first_not_of(blanks), line.size());
        lines.push_back(line.substr(first, line.find_last_not_of(blanks) + 1 - first));
        start = end + 1;
    }
    return lines;
}

std::map<Index, Index> lines_of_each_period(const std::vector<Poem>& poems) {
    std::map<Index, Index> lines;
    for (const Poem& poem : poems)
        if (poem.period > 0) lines[poem.period] += (std::ssize(poem.text) + 1) / poem.period;
    return lines;
}

// The two of which there are most poems, of those that have lines enough.
std::vector<Index> commonest_periods(const Verse& verse) {
    std::vector<Index> periods;
    for (const auto& [period, lines] : lines_of_each_period(verse.poems))
        if (lines >= verse.source.least_lines) periods.push_back(period);
    std::ranges::stable_sort(periods, std::greater{}, [&](Index p) { return verse.with_period(p).size(); });
    periods.resize(std::min<std::size_t>(periods.size(), 2));
    return periods;
}

}    // namespace

const TextSource tang_poems{.name = "the Tang poems of Debian's package fortunes-zh",
                            .title = "Tang poems",
                            .file = tang_poems_file,
                            .has_bands = true};

// Of the Three Hundred Tang Poems, a selection that Sun Zhu made in 1763. Their poets lived before the year 1000, and
// the poems belong to everybody: see docs/references.md.
const TextSource few_tang_poems{
    .name = "75 Tang poems that come with Ordinal", .title = tang_poems.title, .text = few_tang_poems_txt};

Verse read_verse(const TextSource& source) {
    const std::u32string text =
        decode_utf8(source.text != nullptr ? source.text : read_file(source.file), "corpus: " + source.name);
    const std::vector<std::u32string> lines = lines_of(text);
    const bool fortune_file = std::find(lines.begin(), lines.end(), U"%") != lines.end();

    const std::u32string marks = text.find_first_of(chinese_marks) == text.npos ? line_ends : chinese_marks;
    Verse verse{source, marks, {}, {}};
    Poem poem;
    const auto finish_poem = [&] {
        if (poem.text.empty()) return;    // only a title so far, and a blank line before its poem: keep the title
        poem.period = period_of(poem.text, marks);
        verse.poems.push_back(std::exchange(poem, {}));
    };
    for (const std::u32string& line : lines) {
        if (line == (fortune_file ? U"%" : U""))
            finish_poem();
        else if (line.starts_with(U'\u300A') || line.starts_with(U"\u4F5C\u8005"))
            poem.heading += (poem.heading.empty() ? "" : " ") + encode_utf8(line);
        else if (!line.empty())
            poem.text += marks == line_ends ? line + line_ends : line;
    }
    finish_poem();
    verse.periods = commonest_periods(verse);
    verse.require_enough(!verse.periods.empty(), text_of("at least ", source.least_lines, " lines of one length"));
    return verse;
}

Verse load_verse(const std::string& corpus_option, const std::string& installed) {
    if (!corpus_option.empty() && corpus_option != tang_poems.file)
        return read_verse({.name = corpus_option,
                           .title = std::filesystem::path(corpus_option).filename().string(),
                           .file = corpus_option});
    return read_verse(std::filesystem::exists(installed) ? tang_poems : few_tang_poems);
}

std::vector<Poem> Verse::with_period(Index period) const {
    std::vector<Poem> chosen = poems;
    std::erase_if(chosen, [&](const Poem& poem) { return poem.period != period; });
    return chosen;
}

void Verse::require_enough(bool enough, const std::string& expected) const {
    std::string found;
    for (const auto& [period, lines] : lines_of_each_period(poems))
        found += text_of(found.empty() ? "" : ", ", lines, " lines of ", period - 1, " characters");
    require<FileError>(enough, "corpus: expected ", expected, ", got ",
                       found.empty() ? "no poem whose lines are all of one length" : found, " in ", source.name,
                       "; bring more or longer poems, with a blank line between two");
}

std::string about_bands(const Verse& verse) {
    if (verse.source.has_bands) return "";
    return text_of("This run reads ", verse.source.name, ". The claims are about ", tang_poems.name,
                   ", so that none is judged here.\n");
}

std::string characters_a_line(Index period) {
    const std::array words{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
    const auto i = static_cast<std::size_t>(period - 2);
    return i < words.size() ? words[i] : std::to_string(period - 1);
}

Index period_of(const std::u32string& text, const std::u32string& marks) {
    Index period = 0, length = 0;
    for (const char32_t c : text + marks[0]) {    // the last line counts without a mark, too
        if (marks.find(c) == marks.npos) {
            ++length;
        } else if (length > 0) {    // not the second of two marks in a row
            if (period > 0 && length + 1 != period) return 0;
            period = std::exchange(length, 0) + 1;
        }
    }
    return period;
}

void print_poem(std::ostream& out, const Verse& verse) {
    const Poem poem = verse.with_period(verse.period()).at(0);
    out << poem.heading << (poem.heading.empty() ? "" : "\n") << "A poem: " << characters_a_line(poem.period)
        << " characters and a mark, over and over. One couplet a line:\n";
    const auto couplet = static_cast<std::size_t>(couplet_of(poem.period));
    for (std::size_t start = 0; start < std::min(poem.text.size(), 4 * couplet); start += couplet) {
        std::u32string lines = poem.text.substr(start, couplet);
        std::replace(lines.begin(), lines.end(), U'\n', U'/');
        out << "    " << encode_utf8(lines) << '\n';
    }
}

}    // namespace ordinal::demos
