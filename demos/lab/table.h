// A table of words, and how it is written: in Markdown, and on a terminal.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace ordinal::demos {

struct Table {
    std::string name;    // what the book calls it: <!-- results: extrapolate off3 -->
    std::string title = "", look_at = "";
    std::vector<std::string> columns = {};
    std::vector<std::vector<std::string>> rows = {};    // as many cells as columns
    bool timings = false;
};

// The table with one more column on its right, made from the first cell of each row.
template <class Cell>
Table with_column(Table table, const std::string& name, Cell cell) {
    table.columns.push_back(name);
    for (auto& row : table.rows) row.push_back(cell(row.front()));
    return table;
}

std::string markdown(const Table& table);                      // with a line break after each row
std::string csv_row(const std::vector<std::string>& cells);    // the same; quoted where needed (RFC 4180)

constexpr std::size_t terminal_columns = 100;

// A line for each row, with every column as wide as its widest cell; a Chinese character is as wide as two letters.
std::vector<std::string> aligned(const std::vector<std::vector<std::string>>& rows);
// None is longer than `terminal_columns`.
bool fit(const std::vector<std::string>& lines);

// "0.42 [0.37 .. 0.48]" -> "0.42"; any other text as it is.
std::string without_range(const std::string& cell);

// An aligned table that fits: what is too wide is shown without the ranges in its cells, and what is too wide even then
// is not. A line says where all of it is.
void print_table(std::ostream& out, const Table& table, const std::string& where);

}    // namespace ordinal::demos
