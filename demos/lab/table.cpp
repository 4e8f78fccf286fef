#include "demos/lab/table.h"

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <sstream>

namespace ordinal::demos {
namespace {

using Row = std::vector<std::string>;

std::string markdown_row(const Row& cells) {
    std::string line = "|";
    for (const std::string& cell : cells) line += " " + cell + " |";
    return line + "\n";
}

// Columns of a terminal. In UTF-8 a character begins with a byte that is no 10xxxxxx; from E3 on it is a wide one.
std::size_t terminal_width(const std::string& text) {
    std::size_t width = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        width += (byte & 0xC0) == 0x80 ? 0u : byte >= 0xE3 ? 2u : 1u;
    }
    return width;
}

}    // namespace

std::string markdown(const Table& table) {
    std::string text = markdown_row(table.columns) + "|";
    for (std::size_t c = 0; c < table.columns.size(); ++c) text += "---|";
    text += "\n";
    for (const Row& row : table.rows) text += markdown_row(row);
    return text;
}

std::string csv_row(const Row& cells) {
    std::ostringstream line;
    for (std::size_t c = 0; c < cells.size(); ++c) {
        line << (c == 0 ? "" : ",");
        if (cells[c].find_first_of(",\"\n") == std::string::npos)
            line << cells[c];
        else
            line << std::quoted(cells[c], '"', '"');
    }
    return line.str() + "\n";
}

std::vector<std::string> aligned(const std::vector<Row>& rows) {
    std::vector<std::size_t> widths(rows.front().size());
    for (const Row& row : rows)
        for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], terminal_width(row[c]));
    std::vector<std::string> lines;
    for (const Row& row : rows) {
        std::string line;
        for (std::size_t c = 0; c < row.size(); ++c)
            line += row[c] + std::string(widths[c] - terminal_width(row[c]) + 2, ' ');
        lines.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
    }
    return lines;
}

bool fit(const std::vector<std::string>& lines) {
    return std::all_of(lines.begin(), lines.end(),
                       [](const std::string& line) { return terminal_width(line) <= terminal_columns; });
}

std::string without_range(const std::string& cell) {
    const bool has_range = cell.ends_with("]") && cell.find(" .. ") != std::string::npos;
    return has_range ? cell.substr(0, cell.find(" [")) : cell;
}

void print_table(std::ostream& out, const Table& table, const std::string& where) {
    std::vector<Row> rows{table.columns};
    rows.insert(rows.end(), table.rows.begin(), table.rows.end());
    const std::vector<std::string> whole = aligned(rows);
    for (Row& row : rows) std::transform(row.begin(), row.end(), row.begin(), without_range);
    const std::vector<std::string> means = aligned(rows);

    out << '\n' << table.title << '\n';
    if (!table.look_at.empty()) out << table.look_at << '\n';
    out << '\n';
    if (fit(whole) || fit(means))
        for (const std::string& line : fit(whole) ? whole : means) out << line << '\n';
    if (!fit(whole))
        out << (fit(means) ? "These are the means; the ranges are in " : "Too wide for a terminal; it is in ") << where
            << '\n';
}

}    // namespace ordinal::demos
