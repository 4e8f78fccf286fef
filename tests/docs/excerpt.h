// Is a block an excerpt of a text? That of a source for listings, that of a program's output for outputs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tests/docs/page.h"

namespace book {

struct ExcerptRules {
    std::string omission;         // a line that says only this stands for any number of lines; "" = there is none
    bool whole = false;           // the first part begins the text and the last part ends it
    bool may_unindent = false;    // each part may have lost the same number of spaces on all of its lines
};

// How many lines of shown[begin, end) are those of the text from `at` on.
inline std::size_t lines_that_match(const Lines& shown, std::size_t begin, std::size_t end, const Lines& text,
                                    std::size_t at, bool may_unindent) {
    std::optional<std::size_t> lost;    // spaces, known from the first line that is not blank
    std::size_t count = 0;
    for (; begin + count < end && at + count < text.size(); ++count) {
        const std::string &got = shown[begin + count], &expected = text[at + count];
        if (trimmed(got) != trimmed(expected)) break;
        if (trimmed(got).empty()) continue;
        const auto got_spaces = got.find_first_not_of(" \t"), spaces = expected.find_first_not_of(" \t");
        if (got_spaces > spaces) break;
        if (!lost) lost = may_unindent ? spaces - got_spaces : 0;
        if (spaces - got_spaces != *lost) break;
    }
    return count;
}

// The first line of `shown` (counted from 0) that does not fit, or nothing when all do. What fits as far as it goes
// although the text goes on is wrong at shown.size().
inline std::optional<std::size_t> first_stale_line(const Lines& shown, const Lines& text, const ExcerptRules& rules) {
    std::size_t done = 0;    // lines of the text
    for (std::size_t begin = 0, end = 0; begin <= shown.size(); begin = end + 1) {
        end = begin;    // the next part: shown[begin, end)
        while (end < shown.size() && (rules.omission.empty() || trimmed(shown[end]) != rules.omission)) ++end;
        std::size_t first = begin, last = end;    // without the blank lines around an omission
        if (!rules.whole) {
            while (first < last && trimmed(shown[first]).empty()) ++first;
            while (first < last && trimmed(shown[last - 1]).empty()) --last;
        }
        const bool at_start = rules.whole && begin == 0, at_end = rules.whole && end == shown.size();
        std::size_t most = 0;
        bool found = false;
        for (std::size_t at = done; at <= text.size() && !found; ++at) {
            const std::size_t count = lines_that_match(shown, first, last, text, at, rules.may_unindent);
            most = std::max(most, count);
            found = count == last - first && (!at_end || at + count == text.size());
            if (found) done = at + count;
            if (at_start) break;
        }
        if (!found) return first + most;
    }
    return std::nullopt;
}

}    // namespace book
