#include "demos/gallery/compare.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <ordinal/core/error.h>
#include "demos/plot/chart_axes.h"

namespace ordinal {
namespace {

using Moves = std::vector<std::string>;

template <class Item, class Same>
const Item* find(const std::vector<Item>& items, Same same) {
    const auto found = std::find_if(items.begin(), items.end(), same);
    return found == items.end() ? nullptr : &*found;
}

// Both missing is no difference, one missing is any.
bool apart(double a, double b, double tolerance) {
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a) != std::isnan(b);
    return std::abs(a - b) > tolerance * (1 + 1e-9);
}

void compare(const Expectation& before, const Expectation& now, Moves& moves) {
    if (is_met(before) != is_met(now))
        moves.push_back(text_of(before.what, ": was ", is_met(before) ? "PASS" : "MISSED", ", is ",
                                is_met(now) ? "PASS" : "MISSED", " (", measured_text(before), ", now ",
                                measured_text(now), ")"));
    if (!std::isfinite(before.tolerance)) return;    // a timing
    const Summary old = summary(before.measured);
    const double shown = std::pow(10, -before.decimals);
    const double tolerance = before.tolerance > 0 ? before.tolerance : std::max(old.greatest - old.least, shown);
    if (apart(old.mean, summary(now.measured).mean, tolerance))
        moves.push_back(text_of(before.what, ": was ", measured_text(before), ", is ", measured_text(now)));
}

// A point may move within the band over the seeds, or by 2 % of the axis.
void compare(const plot::LineChart& before, const plot::LineChart& now, Moves& moves) {
    const plot::Range range = plot::range_of_y(before);
    for (const plot::Line& line : before.lines) {
        const plot::Line* other = find(now.lines, [&](const plot::Line& l) { return l.name == line.name; });
        if (other == nullptr || other->x != line.x) {
            moves.push_back(text_of("chart '", before.title, "', line '", line.name, "': other points or gone"));
            continue;
        }
        for (std::size_t i = 0; i < line.x.size(); ++i) {
            const double band = line.low.empty() ? 0 : line.high[i] - line.low[i];
            if (apart(line.y[i], other->y[i], std::max(band, 0.02 * (range.high - range.low))))
                moves.push_back(text_of("chart '", before.title, "', line '", line.name, "' at ", line.x[i], ": was ",
                                        line.y[i], ", is ", other->y[i]));
        }
    }
}

// The numbers in a cell, the last digit of the first one, and the text between them.
struct Cell {
    std::vector<double> numbers;
    double last_digit = 0;
    std::string text;
};
Cell read_cell(const std::string& text) {
    Cell cell;
    for (const char* at = text.c_str(); *at != '\0';) {
        char* end = nullptr;
        const double value = std::strtod(at, &end);
        const bool digits = std::any_of<const char*>(at, end, [](char c) { return c >= '0' && c <= '9'; });
        if (!digits) {
            cell.text += *at++;
            continue;
        }
        const auto point = std::find<const char*>(at, end, '.');
        if (cell.numbers.empty()) cell.last_digit = std::pow(10, point == end ? 0 : -(end - point - 1));
        cell.numbers.push_back(value);
        at = end;
    }
    return cell;
}

// "0.42 [0.37 .. 0.48]" may move within its own spread, a number alone by one in its last digit.
bool apart(const std::string& before, const std::string& now) {
    const Cell a = read_cell(before), b = read_cell(now);
    if (a.text != b.text || a.numbers.size() != b.numbers.size()) return true;
    if (a.numbers.empty()) return false;
    const auto [least, greatest] = std::minmax_element(a.numbers.begin(), a.numbers.end());
    return apart(a.numbers[0], b.numbers[0], std::max(*greatest - *least, a.last_digit));
}

void compare(const Table& before, const Table& now, Moves& moves) {
    if (before.columns != now.columns || before.rows.size() != now.rows.size())
        return moves.push_back(text_of("table '", before.name, "': other columns, or another number of rows"));
    for (std::size_t r = 0; r < before.rows.size(); ++r)
        for (std::size_t c = 0; c < before.columns.size(); ++c)
            if (apart(before.rows[r][c], now.rows[r][c]))
                moves.push_back(text_of("table '", before.name, "', ", before.rows[r][0], ", ", before.columns[c],
                                        ": was ", before.rows[r][c], ", is ", now.rows[r][c]));
}

}    // namespace

std::vector<std::string> what_moved(const Results& before, const Results& now) {
    Moves moves;
    for (const Expectation& e : before.expectations) {
        const auto same = [&](const Expectation& other) { return other.what == e.what; };
        if (const Expectation* other = find(now.expectations, same))
            compare(e, *other, moves);
        else
            moves.push_back(text_of(e.what, ": was expected, is no more"));
    }
    for (const Expectation& e : now.expectations)
        if (!find(before.expectations, [&](const Expectation& other) { return other.what == e.what; }))
            moves.push_back(text_of(e.what, ": is new, ", measured_text(e)));
    for (const ChartGroup& group : before.charts) {
        const auto* other = find(now.charts, [&](const ChartGroup& g) { return g.file == group.file; });
        if (other == nullptr || other->charts.size() != group.charts.size())
            moves.push_back(text_of("chart '", group.title, "': gone, or of other parts"));
        else if (!group.timings)
            for (std::size_t i = 0; i < group.charts.size(); ++i) compare(group.charts[i], other->charts[i], moves);
    }
    for (const Table& table : before.tables) {
        const auto* other = find(now.tables, [&](const Table& t) { return t.name == table.name; });
        if (other == nullptr)
            moves.push_back(text_of("table '", table.name, "': gone"));
        else if (!table.timings)
            compare(table, *other, moves);
    }
    return moves;
}

}    // namespace ordinal
