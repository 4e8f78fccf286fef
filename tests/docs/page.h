// A Markdown page as the checker of the book sees it: code blocks with their markers, headings, links, code spans.
#pragma once

#include <cctype>
#include <cstddef>
#include <sstream>
#include <string>
#include <vector>

#include <ordinal/core/error.h>

namespace book {

using Lines = std::vector<std::string>;

struct Block {
    std::size_t line = 0;    // of the fence
    std::string language;    // ```cpp
    std::string marker;      // "listing", "program", "output", "results" or "names" (then it is a table), or nothing
    std::string argument;    // <!-- marker: argument -->, on the line before the fence
    Lines lines;
};
struct Heading {
    std::size_t line = 0;
    std::string text, anchor;
};
struct Link {
    std::size_t line = 0;
    bool image = false;
    std::string text, target;
};
struct Span {    // `code` in a sentence
    std::size_t line = 0;
    std::string text;
};
struct Problem {
    std::string file;
    std::size_t line = 0;
    std::string what;
};
using Problems = std::vector<Problem>;

struct Page {
    std::string path;    // from the root of the project, like every path here
    Lines lines;
    std::vector<Block> blocks;
    std::vector<Heading> headings;
    std::vector<Link> links;
    std::vector<Span> spans;
    std::string prose;    // the text without blocks, code and formulas, line by line
    Problems problems;    // found while reading
};

// What is wrong, and what to do about it.
template <class... Parts>
void report(Problems& problems, const std::string& file, std::size_t line, const Parts&... what) {
    problems.push_back({file, line, ordinal::text_of(what...)});
}

inline Lines lines_of(const std::string& text) {
    Lines lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

inline std::string trimmed(const std::string& text) {
    const auto begin = text.find_first_not_of(" \t\r"), end = text.find_last_not_of(" \t\r");
    return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

// GitHub's rule: lower case, spaces become hyphens, punctuation goes. Of the letters outside ASCII all stay but those
// that begin with the bytes C2 and E2: there live dashes, quotation marks and arrows.
inline std::string anchor_of(const std::string& heading) {
    std::string anchor;
    for (std::size_t i = 0; i < heading.size(); ++i) {
        const auto c = static_cast<unsigned char>(heading[i]);
        if (c == 0xC2)
            i += 1;
        else if (c == 0xE2)
            i += 2;
        else if (c >= 0x80 || c == '-' || c == '_')
            anchor += heading[i];
        else if (std::isalnum(c))
            anchor += static_cast<char>(std::tolower(c));
        else if (c == ' ')
            anchor += '-';
    }
    return anchor;
}

// [text](target) -> text
inline std::string without_links(std::string text) {
    for (std::size_t middle; (middle = text.find("](")) != std::string::npos;) {
        const auto begin = text.rfind('[', middle), end = text.find(')', middle);
        if (begin == std::string::npos || end == std::string::npos) break;
        text = text.substr(0, begin) + text.substr(begin + 1, middle - begin - 1) + text.substr(end + 1);
    }
    return text;
}

}    // namespace book
