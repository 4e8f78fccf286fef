// A page in another language and the English one that it translates: PAGE.zh.md beside PAGE.md. Section by section they
// have the same headings (their levels), the same blocks to the letter, the same links and numbers. Under each heading
// of the translation stands which English text it translates:
//
//     <!-- english: 5d1c08f2 -->
//
// the fingerprint of that section's sentences. When these change, the checker names the section that is behind.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <regex>
#include <set>

#include "tests/docs/links.h"
#include "tests/docs/page_reader.h"

namespace book {

struct Section {
    std::size_t line = 1;
    std::string heading;    // "## The table"; "" before the first one
    std::string text;       // its sentences, without what is in blocks
    std::string english;    // of a translation: the fingerprint that it names
    std::vector<const Block*> blocks;
    std::vector<std::string> links;
};

// FNV-1a, 32 bits.
inline std::string fingerprint(const std::string& text) {
    std::uint32_t hash = 2166136261u;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    char digits[9];
    std::snprintf(digits, sizeof digits, "%08x", hash);
    return digits;
}

inline std::vector<Section> sections_of(const Page& page) {
    std::vector<Section> sections(1);
    std::set<std::size_t> in_blocks;
    for (const Block& block :
         page.blocks)    // fences have two lines more than the block; a table stands below its marker
        for (std::size_t i = 0; i < block.lines.size() + (block.language == "table" ? 1 : 2); ++i)
            in_blocks.insert(block.line + i);
    for (std::size_t number = 1; number <= page.lines.size(); ++number) {
        const std::string& line = page.lines[number - 1];
        const bool is_heading = std::any_of(page.headings.begin(), page.headings.end(),
                                            [&](const Heading& heading) { return heading.line == number; });
        if (is_heading) {
            sections.emplace_back();
            sections.back().line = number;
            sections.back().heading = trimmed(line);
        }
        static const std::regex marker("<!-- english: (\\w+) -->");
        std::smatch match;
        if (std::regex_match(line, match, marker))
            sections.back().english = match[1];
        else if (!is_heading && in_blocks.count(number) == 0 && !trimmed(line).starts_with("<!--"))
            sections.back().text += trimmed(line).empty() ? "" : trimmed(line) + "\n";
    }
    const auto section_at = [&](std::size_t line) -> Section& {
        return *std::find_if(sections.rbegin(), sections.rend(),
                             [&](const Section& each) { return each.line <= line; });
    };
    for (const Block& block : page.blocks) section_at(block.line).blocks.push_back(&block);
    for (const Link& link : page.links) section_at(link.line).links.push_back(link.target);
    return sections;
}

inline std::size_t level_of(const Section& section) { return section.heading.find_first_not_of('#'); }

// Of the sentences and the heading; not of code in backticks, which the links and blocks are compared for.
inline std::set<std::string> numbers_in(const Section& section) {
    static const std::regex number("\\d+(\\.\\d+)?");
    const std::string text = without_links(section.heading + "\n" + section.text);
    return {std::sregex_token_iterator(text.begin(), text.end(), number), std::sregex_token_iterator()};
}

// A link to a page that is translated as well leads to the translation; one within the page has its own words.
inline std::vector<std::string> as_english(std::vector<std::string> links) {
    for (std::string& link : links) {
        if (const auto at = link.find(".zh.md"); at != std::string::npos) link.erase(at, 3);
        if (link.starts_with("#")) link = "#";
    }
    std::sort(links.begin(), links.end());
    return links;
}

inline void check_section(const Section& english, const Section& section, const std::string& path, Problems& problems) {
    const auto complain = [&](const std::string& what) {
        report(problems, path, section.line, "'", english.heading.empty() ? "the beginning" : english.heading,
               "': ", what);
    };
    const bool nothing_to_say = english.heading.empty() && english.text.empty();    // before the first heading
    if (const std::string now = fingerprint(english.heading + "\n" + english.text);
        section.english != now && !nothing_to_say)
        complain("the English text has changed since; translate it anew and write <!-- english: " + now + " -->");
    if (english.blocks.size() != section.blocks.size())
        return complain(ordinal::text_of("has ", section.blocks.size(), " listings and tables, the English one ",
                                         english.blocks.size()));
    for (std::size_t i = 0; i < english.blocks.size(); ++i) {
        const Block &there = *english.blocks[i], &here = *section.blocks[i];
        if (there.marker != here.marker || there.argument != here.argument || there.lines != here.lines)
            complain(ordinal::text_of("listing or table ", i + 1, " is not the English one; copy it"));
    }
    if (as_english(english.links) != as_english(section.links)) complain("has other links than the English section");
    const std::set<std::string> there = numbers_in(english), here = numbers_in(section);
    for (const std::string& number : there)
        if (here.count(number) == 0) complain("does not say the number " + number);
}

inline void check_translation(const Page& english, const Page& page, Problems& problems) {
    const std::vector<Section> there = sections_of(english), here = sections_of(page);
    for (std::size_t i = 0; i < std::min(there.size(), here.size()); ++i) {
        if (level_of(there[i]) != level_of(here[i]))
            return report(problems, page.path, here[i].line, "expected the section '", there[i].heading, "' here");
        check_section(there[i], here[i], page.path, problems);
    }
    if (there.size() != here.size())
        report(problems, page.path, 1, "has ", here.size() - 1, " sections, the English page ", there.size() - 1);
}

inline void check_translations(const std::vector<Page>& pages, Problems& problems) {
    for (const Page& page : pages) {
        const auto at = page.path.find(".zh.md");
        if (at == std::string::npos) continue;
        const Page* english = find_page(pages, page.path.substr(0, at) + ".md");
        if (english != nullptr)
            check_translation(*english, page, problems);
        else
            report(problems, page.path, 1, "there is no English page beside this translation");
    }
}

}    // namespace book
