// Reads a Markdown page. It knows what this book uses, not all of Markdown: fenced blocks, # headings, inline links and
// images. Whatever looks like something else that ought to be checked is reported, so that nothing slips by.
#pragma once

#include <algorithm>
#include <map>
#include <utility>

#include "tests/docs/page.h"

namespace book {

class PageReader {
public:
    PageReader(const std::string& path, const std::string& text) {
        page_.path = path;
        page_.lines = lines_of(text);
        for (const std::string& line : page_.lines) {
            ++number_;
            if (!fence_.empty())
                read_block_line(line);
            else if (!begins_block(line))
                read_prose(line);
            page_.prose += '\n';    // so that its lines are those of the page
        }
        if (!fence_.empty()) complain(page_.blocks.back().line, "this block does not end; close it with " + fence_);
        if (has_marker()) complain(marker_line_, marker_alone);
        find_links();
    }
    Page take() { return std::move(page_); }

private:
    static constexpr const char* marker_alone = "no block follows this marker; put it on the line before the fence";

    void complain(std::size_t line, const std::string& what) { report(page_.problems, page_.path, line, what); }
    bool has_marker() const { return !marker_.empty(); }

    // ``` or ~~~, three or more, however far indented.
    static std::string fence_in(const std::string& line) {
        const std::string text = trimmed(line);
        if (text.empty() || (text[0] != '`' && text[0] != '~')) return "";
        const auto length = std::min(text.find_first_not_of(text[0]), text.size());
        return length >= 3 ? text.substr(0, length) : "";
    }

    bool begins_block(const std::string& line) {
        fence_ = fence_in(line);
        if (fence_.empty()) return false;
        indentation_ = line.find(fence_);
        page_.blocks.push_back({number_, trimmed(trimmed(line).substr(fence_.size())), marker_, argument_, {}});
        marker_.clear();
        argument_.clear();
        return true;
    }

    void read_block_line(const std::string& line) {
        const std::string end = fence_in(line);
        if (end.size() >= fence_.size() && end[0] == fence_[0] && trimmed(line) == end) {
            fence_.clear();
        } else {
            const auto spaces = std::min(line.find_first_not_of(' '), line.size());
            page_.blocks.back().lines.push_back(line.substr(std::min(indentation_, spaces)));
        }
    }

    void read_prose(const std::string& line) {
        if (continues_table(line)) return keep_prose(line);
        if (has_marker()) complain(marker_line_, marker_alone);
        marker_.clear();
        const std::string text = trimmed(line);
        if (text.rfind("<!--", 0) == 0) return read_marker(text);
        const auto level = std::min(line.find_first_not_of('#'), line.size());
        if (level >= 1 && line.compare(level, 1, " ") == 0) read_heading(trimmed(line.substr(level)));
        keep_prose(line);
    }

    // The lines of a table that a marker announces are a block without fences.
    bool continues_table(const std::string& line) {
        if (!line.starts_with("|")) return in_table_ = false;
        if (marker_ == "results" || marker_ == "names") {
            page_.blocks.push_back({marker_line_, "table", marker_, argument_, {}});
            marker_.clear();
            in_table_ = true;
        }
        if (in_table_) page_.blocks.back().lines.push_back(line);
        return in_table_;
    }

    // <!-- name: argument -->
    void read_marker(const std::string& text) {
        const auto colon = text.find(':'), end = text.find("-->");
        const std::string name = colon < end ? trimmed(text.substr(4, colon - 4)) : "";
        if (name == "english") return;    // of a translation: tests/docs/translation.h
        if (end == std::string::npos ||
            (name != "listing" && name != "program" && name != "output" && name != "results" && name != "names"))
            return complain(number_,
                            "unknown comment; expected <!-- listing: FILE -->, <!-- program: FILE -->, "
                            "<!-- output: COMMAND -->, <!-- results: FILE TABLE --> or <!-- names: FILE -->");
        marker_ = name;
        argument_ = trimmed(text.substr(colon + 1, end - colon - 1));
        marker_line_ = number_;
    }

    void read_heading(const std::string& text) {
        std::string anchor = anchor_of(without_links(text));
        const int before = anchors_[anchor]++;
        if (before > 0) anchor += "-" + std::to_string(before);
        page_.headings.push_back({number_, text, anchor});
    }

    // Blanks out `code` and $formulas$, in which [i](t) is no link.
    void keep_prose(const std::string& line) {
        std::string kept = line;
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (line[i] == '$' && line.compare(i, 2, "$$") == 0) {
                in_formula_ = !in_formula_;
                kept[i] = kept[i + 1] = ' ';
                ++i;
            } else if (in_formula_) {
                kept[i] = ' ';
            } else if (line[i] == '`' || line[i] == '$') {
                const auto end = line.find(line[i], i + 1);
                if (end == std::string::npos) continue;
                if (line[i] == '`') page_.spans.push_back({number_, line.substr(i + 1, end - i - 1)});
                kept.replace(i, end - i + 1, end - i + 1, ' ');
                i = end;
            }
        }
        page_.prose += kept;
    }

    // [text](target) and ![text](target); the text may run over lines and contain an image.
    void find_links() {
        const std::string& prose = page_.prose;
        for (auto middle = prose.find("]("); middle != std::string::npos; middle = prose.find("](", middle + 1)) {
            const auto end = prose.find(')', middle);
            if (end == std::string::npos) break;
            std::size_t begin = middle;
            for (int depth = 1; depth > 0 && begin > 0;) {
                --begin;
                if (prose[begin] == ']') ++depth;
                if (prose[begin] == '[') --depth;
            }
            const std::string before = prose.substr(0, middle), text = before.substr(begin + 1);
            const auto line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
            std::string target = trimmed(prose.substr(middle + 2, end - middle - 2));
            target = target.substr(0, target.find(" \""));    // without a title
            const bool image = begin > 0 && prose[begin - 1] == '!';
            page_.links.push_back({line, image, trimmed(text), target});
        }
    }

    Page page_;
    std::size_t number_ = 0;         // of the line being read
    std::string fence_;              // of the block being read
    std::size_t indentation_ = 0;    // of that fence
    std::string marker_, argument_;
    std::size_t marker_line_ = 0;
    bool in_formula_ = false, in_table_ = false;
    std::map<std::string, int> anchors_;
};

inline Page read_page(const std::string& path, const std::string& text) { return PageReader(path, text).take(); }

}    // namespace book
