// Rows of a table by number, on all threads: gather_rows copies them, scatter_add_rows adds to them (core/nd_math.h).
#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

#include <ordinal/core/fast/buffer.h>
#include <ordinal/core/fast/elementwise.h>
#include <ordinal/core/fast/kernels.h>
#include <ordinal/core/nd_math.h>

namespace ordinal {

static void check_ids(const NdArray& table, const IndexArray& ids, const char* who) {
    require(table.ndim() == 2, who, ": expected a table [V, D], got ", table.shape());
    require(ids.shape.size() == ids.size(), who, ": ids of shape ", ids.shape, " hold ", ids.size(), " values");
    for (Index id : ids.values)
        require<IndexError>(0 <= id && id < table.dim(0), who, ": row ", id, " is outside a table of ", table.dim(0),
                            " rows");
}

NdArray gather_rows(const NdArray& table, const IndexArray& ids) {
    check_ids(table, ids, "gather_rows");
    const bool neighbours = std::adjacent_find(ids.values.begin(), ids.values.end(),
                                               [](Index a, Index b) { return b != a + 1; }) == ids.values.end();
    if (ids.shape.ndim() == 1 && ids.size() > 0 && neighbours)    // 0, 1, 2, ...: positions mostly are; no copy
        return slice(table, 0, ids[0], ids[0] + ids.size());
    const Index width = table.dim(1);
    const NdArray rows = contiguous(table);
    NdArray out = NdArray::uninitialized(ids.shape.with(ids.shape.ndim(), width));
    Scalar* to = out.mutable_data();
    parallel_for(ids.size(), elements_for_a_thread / std::max<Index>(width, 1) + 1, [&](Index begin, Index end) {
        for (Index i = begin; i < end; ++i) std::copy_n(rows.data() + ids[i] * width, width, to + i * width);
    });
    return out;
}

// The terms of a row of the table are a list: first term, next term, ... in their order, -1. Where the first ones stand
// is found as in any hash table with places to spare: at the row's own place, or at the next one that is free.
static void add_rows(const Index* ids, Index n, Index width, const Scalar* rows, Scalar* table) {
    const auto at = [](auto i) { return static_cast<std::size_t>(i); };
    const auto room_for = [=](auto count, auto fill) {
        return with_memory([&] { return std::vector<decltype(fill)>(at(count), fill); },
                           "scatter_add_rows: there is no memory to add ", n, " rows of width ", width);
    };
    const std::size_t places = std::bit_ceil(at(n + n / 2) + 1);
    std::vector<Index> first = room_for(places, Index(-1)), next = room_for(n, Index(-1));
    std::vector<char> is_first = room_for(n, char(1));
    for (Index i = n; i-- > 0;) {
        std::size_t place = (at(ids[i]) * 0x9e3779b97f4a7c15 >> 32) & (places - 1);
        while (first[place] >= 0 && ids[first[place]] != ids[i]) place = (place + 1) & (places - 1);
        const Index second = next[at(i)] = std::exchange(first[place], i);
        if (second >= 0) is_first[at(second)] = 0;
    }
    // Each row that is named is the work of its first term.
    parallel_for(n, elements_for_a_thread / std::max<Index>(width, 1) + 1, [&](Index begin, Index end) {
        std::vector<double> sums = room_for(width, 0.0);
        for (Index i = begin; i < end; ++i) {
            if (is_first[at(i)] == 0) continue;
            Scalar* to_row = table + ids[i] * width;
            const Scalar* row = rows + i * width;
            if (next[at(i)] < 0) {    // one term, rounded once in any case
                for (Index j = 0; j < width; ++j) to_row[j] += row[j];
                continue;
            }
            std::copy_n(to_row, width, sums.begin());
            for (Index term = i; term >= 0; term = next[at(term)])
                kernels::add_to(rows + term * width, sums.data(), width);
            for (Index j = 0; j < width; ++j) to_row[j] = static_cast<Scalar>(sums[at(j)]);
        }
    });
}

void scatter_add_rows(NdArray& table, const IndexArray& ids, const NdArray& rows) {
    check_ids(table, ids, "scatter_add_rows");
    const Index width = table.dim(1);
    require(rows.size() == ids.size() * width, "scatter_add_rows: ", ids.size(), " rows of width ", width,
            " expected, got ", rows.shape());
    add_rows(ids.values.data(), ids.size(), width, contiguous(rows).data(), table.mutable_data());
}

}    // namespace ordinal
