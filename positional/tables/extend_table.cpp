#include <ordinal/positional/tables/extend_table.h>

#include <algorithm>
#include <cmath>

#include <ordinal/core/nd_math.h>
#include <ordinal/nn/nearest_name.h>
#include <ordinal/positional/room.h>

namespace ordinal {

const std::vector<std::string>& extend_names() {
    static const std::vector<std::string> names{"random", "zero",     "copy",        "group",
                                                "linear", "anchored", "hierarchical"};
    return names;
}

Extend extend_by_name(const std::string& name) {
    const auto& names = extend_names();
    const auto found = std::find(names.begin(), names.end(), name);
    require<OptionError>(found != names.end(), "extend_table: unknown strategy '", name, "'; ",
                         did_you_mean(name, names));
    return static_cast<Extend>(found - names.begin());
}

constexpr Index most_rows = 1'000'000'000;    // and k n stays a number that can be counted to

Index Extension::rows_of(Index n) const {
    require<OptionError>(0 <= from && from < n && 0 <= rows && rows <= n - from,
                         "extend_table: expected from >= 0 and ", "from + rows <= ", n, " for a table of ", n,
                         " rows, one of which at least takes part, got ", "from = ", from, " and rows = ", rows);
    return rows > 0 ? rows : n - from;
}

static Index step_of(Index rows, Index length, const Extension& extension) {
    const Index keep = extension.keep;
    if (extension.strategy != Extend::anchored) return 1;
    require<OptionError>(0 <= keep && keep < rows, "extend_table: expected to keep 0 to ", rows - 1, " of ", rows,
                         " rows where they are, got keep = ", keep);
    const Index old_rows = rows - keep, nearest = std::max<Index>((length - keep) / old_rows, 1);
    require<OptionError>(nearest * old_rows + keep == length, "extend_table: anchored rows take whole steps, so the ",
                         "length is keep + s (rows - keep) = ", keep, " + s ", old_rows, ", got ", length, "; take ",
                         keep + nearest * old_rows, " (s = ", nearest, ")");
    return nearest;
}

Index Extension::step(Index n, Index length) const { return step_of(rows_of(n), length - from, *this); }

// Of the rows that take part, as if they were the whole table.
static void require_possible(Index rows, Index length, const Extension& extension) {
    step_of(rows, length, extension);
    if (extension.strategy != Extend::hierarchical) return;
    const double alpha = extension.alpha;
    require<OptionError>(0 <= alpha && alpha < 1, "extend_table: expected 0 <= alpha < 1, got ", alpha,
                         "; at 1, beta = alpha / (1 - alpha) divides by 0");
    require<OptionError>((length - 1) / rows < rows, "extend_table: ", rows, " rows name at most ", rows, " x ", rows,
                         " positions in two levels, got length ", length);
}

// The same of the whole table. Returns how many rows take part.
static Index checked_rows(Index n, Index length, const Extension& extension) {
    require<OptionError>(0 < n && 0 < length, "extend_table: expected a table of 1 row or more and a length of at ",
                         "least 1, got ", n, " rows and length ", length);
    require<OptionError>(std::max(n, length) <= most_rows, "extend_table: expected rows and a length up to ", most_rows,
                         ", got ", n, " rows and length ", length);
    const Index rows = extension.rows_of(n);
    if (length > extension.from) require_possible(rows, length - extension.from, extension);
    return rows;
}

// Row k of W where `rows` rows, all of a table, become `length` long.
static SparseRow row_of_part(Index k, Index rows, Index length, const Extension& extension) {
    const Index block = k / rows, place = k % rows;
    switch (extension.strategy) {
        case Extend::random:    // its fresh rows are no mixture of old ones; extend_table puts them in
        case Extend::zero:
            return k < rows ? SparseRow{{k, 1}} : SparseRow{};
        case Extend::copy:
            return {{place, 1}};
        case Extend::group:
            return {{k * rows / length, 1}};
        case Extend::linear: {
            if (length == 1) return {{0, 1}};
            const double s = static_cast<double>(k * (rows - 1)) / static_cast<double>(length - 1);
            const Index r = std::min(static_cast<Index>(s), std::max<Index>(rows - 2, 0));
            const double f = s - static_cast<double>(r);
            return f > 0 ? SparseRow{{r, 1 - f}, {r + 1, f}} : SparseRow{{r, 1}};
        }
        case Extend::anchored: {
            if (k < extension.keep) return {{k, 1}};
            const Index s = step_of(rows, length, extension), steps = (k - extension.keep) / s;
            const Index old = extension.keep + steps, between = k - extension.keep - steps * s;
            if (between == 0 || rows == 1) return {{old, 1}};    // an anchor, untouched by rounding
            const Index r = std::min(old, rows - 2);
            const double f = static_cast<double>(old - r) + static_cast<double>(between) / static_cast<double>(s);
            return {{r, 1 - f}, {r + 1, f}};
        }
        case Extend::hierarchical: {
            const double beta = extension.alpha / (1 - extension.alpha);
            if (block == 0) return {{place, 1}};    // the old rows, untouched by rounding
            return {{place, 1}, {block, beta}, {0, -beta}};
        }
    }
    return {};
}

SparseRow extension_row(Index k, Index n, Index length, const Extension& extension) {
    const Index rows = checked_rows(n, length, extension), from = extension.from;
    require<IndexError>(0 <= k && k < length, "extend_table: row ", k, " is outside the length ", length);
    if (k < from) return {{k, 1}};
    SparseRow row = row_of_part(k - from, rows, length - from, extension);
    for (Weight& entry : row) entry.column += from;
    return row;
}

SparseRows extension_rows(Index n, Index length, const Extension& extension) {
    checked_rows(n, length, extension);
    SparseRows W;
    for (Index k = 0; k < length; ++k) W.push_back(extension_row(k, n, length, extension));
    return W;
}

// Q[k] = sum over e of weight[k, e] P[column[k, e]]       a row with fewer entries is filled up with 0 times P[0]
Tensor mix_rows(const SparseRows& W, const Tensor& P) {
    require(P.ndim() == 2 && P.dim(0) > 0, "mix_rows: expected a table [n, D] with a row, got ", P.shape());
    std::size_t entries = 1;
    for (const SparseRow& row : W) entries = std::max(entries, row.size());
    std::vector<Index> columns;
    std::vector<Scalar> weights;
    for (const SparseRow& row : W)
        for (std::size_t e = 0; e < entries; ++e) {
            columns.push_back(e < row.size() ? row[e].column : 0);
            weights.push_back(e < row.size() ? static_cast<Scalar>(row[e].weight) : 0);
        }
    const auto m = static_cast<Index>(W.size()), E = static_cast<Index>(entries);
    const Tensor rows = gather_rows(P, {{m, E}, columns});                                // [m, E, D]
    return reshape(sum(rows * Tensor(NdArray({m, E, 1}, weights)), 1), {m, P.dim(1)});    // -> [m, D]
}

NdArray dense(const SparseRows& W, Index columns) {
    NdArray matrix = zeros({static_cast<Index>(W.size()), columns});
    Scalar* w = matrix.mutable_data();
    for (std::size_t k = 0; k < W.size(); ++k)
        for (const auto& [column, weight] : W[k])
            w[static_cast<Index>(k) * columns + column] += static_cast<Scalar>(weight);    // i = j: two in one place
    return matrix;
}

NdArray fresh_rows(const NdArray& table, Index count, Rng& rng) {
    const double mean_square = static_cast<double>(sum_all(table * table)) / static_cast<double>(table.size());
    return random_normal({count, table.dim(1)}, std::sqrt(mean_square), rng);
}

Tensor extend_table(const Tensor& table, Index length, const Extension& extension, Rng& rng) {
    require(table.ndim() == 2 && table.size() > 0, "extend_table: expected a table [n, D], got ", table.shape());
    const Index n = table.dim(0);
    require_room("extend_table", "a longer table", {length, std::max<Index>(table.dim(1), 16)},
                 "choose a smaller length");
    const Index rows = checked_rows(n, length, extension), old = extension.from + rows;
    if (extension.strategy != Extend::random || length <= old)
        return mix_rows(extension_rows(n, length, extension), table);
    const NdArray like = slice(table.values(), 0, extension.from, old);
    return concat({slice(table, 0, {0, old}), Tensor(fresh_rows(like, length - old, rng))}, 0);
}

}    // namespace ordinal
