// ExtendedTable: a trained table that answers beyond its last row.
//
// Source:  positional/tables/extend_table.h names the source of each strategy; frozen old rows beside trained new ones:
//          Zhu et al. 2024, arXiv 2404.12096
// Formula: p_k = (W P)[k],  k < length;   frozen:  p_k = P[k] for k < n, which nobody trains, else N[k - n], which
//          starts as (W P)[k]
// Shapes:  P: [n, D]; W: [length, n], a few numbers per row; N: [length - n, D]; positions [T] -> codes [T, D]
// Why:     a table is the only thing that BERT, GPT-2 and their kin know about position, and it was expensive. Three
//          ways to go on training: P under the fixed W (old rows learn from all positions made of them), the new rows
//          alone (short texts keep exactly the model they had), or all rows, each for itself: that is a LearnedTable
//          made of extend_table(P, ...). The price: it is still a table, with a last row; and what the new rows should
//          be is a guess.
#pragma once

#include <ostream>

#include <ordinal/nn/init.h>
#include <ordinal/positional/encoding.h>
#include <ordinal/positional/narrate.h>
#include <ordinal/positional/tables/extend_table.h>

namespace ordinal {

enum class OldRows { trained, frozen };

class ExtendedTable : public AdditiveEncoding {
public:
    ExtendedTable(NdArray table, Index length, const Extension& extension, OldRows old_rows, Rng& rng)
        : extension_(extension), length_(length) {
        require(table.ndim() == 2 && table.dim(0) > 0, "ExtendedTable: expected a table [n, D], got ", table.shape());
        const Index n = table.dim(0);
        extension_row(0, n, length, extension);    // refuses what cannot be
        require_room("ExtendedTable", "a longer table", {length, table.dim(1)}, "choose a smaller length");
        const bool frozen = old_rows == OldRows::frozen;
        require<OptionError>(!frozen || extension.keeps_old_rows(), "ExtendedTable: '", strategy(),
                             "' moves the old rows, so they cannot be frozen where they are; use another strategy");
        table_ = frozen ? Tensor(table) : Tensor::parameter(table);
        if ((frozen || extension.strategy == Extend::random) && length > n)
            new_rows_ = Tensor::parameter(
                contiguous(slice(extend_table(Tensor(table), length, extension, rng).values(), 0, n, length)));
    }

    Tensor vectors(const Positions& positions) const override {
        if (new_rows_.defined()) {    // rows of their own: a look-up in two tables, one under the other
            std::vector<Index> rows;
            for (Index i = 0; i < positions.size(); ++i) rows.push_back(whole(positions, i));
            return gather_rows(concat({table_, new_rows_}, 0), {{positions.size()}, rows});
        }
        SparseRows W;    // only the rows that are asked for
        for (Index i = 0; i < positions.size(); ++i)
            W.push_back(extension_row(whole(positions, i), table_.dim(0), length_, extension_));
        return mix_rows(W, table_);
    }

    Traits traits() const override {
        return {.place = Place::input,
                .max_length = length_,
                .depth = Depth::constant,
                .ids = AcceptedIds::whole,
                .source = source()};
    }

    // Su's formula as he writes it (alpha u_i + (1 - alpha) u_j), and the others in plain arithmetic: not through W.
    NdArray explain(Index position, std::ostream& out) const override {
        const Index k = whole(Positions::of({static_cast<double>(position)}), 0), n = table_.dim(0), D = table_.dim(1);
        NdArray code = zeros({D});
        Scalar* p = code.mutable_data();
        const auto P = [&](Index row, Index c) { return static_cast<double>(table_.values().at({row, c})); };
        const auto fill = [&](auto number) {
            for (Index c = 0; c < D; ++c) p[c] = static_cast<Scalar>(number(c));
        };
        out << "Position " << k << " from a trained table of " << n << " rows made " << length_ << " long ("
            << strategy() << "):\n";
        if (new_rows_.defined() && k >= n) {
            fill([&](Index c) { return new_rows_.values().at({k - n, c}); });
            out << "  row " << k << " is new, with numbers of its own that training changes";
        } else if (k < n && extension_.keeps_old_rows()) {
            fill([&](Index c) { return P(k, c); });
            out << "  row " << k << " is an old one: p_" << k << " = P[" << k << "]";
        } else if (extension_.strategy == Extend::zero) {
            out << "  row " << k << " is empty: past the table, nothing is added";
        } else if (extension_.strategy == Extend::copy) {
            fill([&](Index c) { return P(k % n, c); });
            out << "  the rows begin again: " << k << " mod " << n << " = " << k % n << ", p_" << k << " = P[" << k % n
                << "]";
        } else if (extension_.strategy == Extend::group) {
            const Index row = k * n / length_;
            fill([&](Index c) { return P(row, c); });
            out << "  neighbours share a row: floor(" << k << " * " << n << " / " << length_ << ") = " << row << ", p_"
                << k << " = P[" << row << "]";
        } else if (extension_.strategy == Extend::linear) {
            const double s =
                length_ > 1 ? static_cast<double>(k) * static_cast<double>(n - 1) / static_cast<double>(length_ - 1)
                            : 0;
            const auto below = static_cast<Index>(std::floor(s)), above = static_cast<Index>(std::ceil(s));
            const double f = s - static_cast<double>(below);
            fill([&](Index c) { return (1 - f) * P(below, c) + f * P(above, c); });
            out << "  the table is stretched: " << k << " * " << n - 1 << " / " << length_ - 1 << " = " << s << ", p_"
                << k << " = " << 1 - f << " P[" << below << "] + " << f << " P[" << above << "]";
        } else {
            const Index i = k / n, j = k % n;
            const double alpha = extension_.alpha;
            const auto u = [&](Index row, Index c) { return (P(row, c) - alpha * P(0, c)) / (1 - alpha); };
            fill([&](Index c) { return alpha * u(i, c) + (1 - alpha) * u(j, c); });
            out << "  two digits: block i = " << k << " / " << n << " = " << i << ", place j = " << k << " mod " << n
                << " = " << j << "\n  with u_r = (P[r] - alpha P[0]) / (1 - alpha):  p_" << k << " = " << alpha << " u_"
                << i << " + " << 1 - alpha << " u_" << j << "  =  P[" << j << "] + " << alpha / (1 - alpha) << " (P["
                << i << "] - P[0])";
        }
        out << "\n  p_" << k << " = " << Shown{{p, static_cast<std::size_t>(D)}} << "\n";
        return code;
    }

    // Frozen rows are no parameters: no optimizer may touch them.
    Parameters parameters() const override {
        Parameters all;
        if (table_.requires_grad()) all.push_back({"weight", table_});
        if (new_rows_.defined()) all.push_back({"new_rows", new_rows_});
        return all;
    }

private:
    std::string source() const {
        const Extend s = extension_.strategy;
        const bool frozen = !table_.requires_grad();
        std::string from = s == Extend::copy           ? "Beltagy et al. 2020, arXiv 2004.05150"
                           : s == Extend::hierarchical ? "Su 2020, kexue.fm/archives/7947"
                           : s == Extend::group || s == Extend::linear
                               ? "Zhu et al. 2024, arXiv 2404.12096"
                               : "fresh or empty rows, the usual answer of libraries";
        return frozen ? from + "; frozen old rows: Zhu et al. 2024, arXiv 2404.12096" : from;
    }
    const std::string& strategy() const { return extend_names()[static_cast<std::size_t>(extension_.strategy)]; }

    Index whole(const Positions& positions, Index i) const {
        const Index k = positions.whole(i, "ExtendedTable");
        require<PositionOutOfRange>(k < length_, "ExtendedTable: position ", k, " is outside the table made ", length_,
                                    " long (0..", length_ - 1, "); extend it further, or use a scheme without a bound");
        return k;
    }

    Extension extension_;
    Index length_;
    Tensor table_;       // P: [n, D]
    Tensor new_rows_;    // N: [length - n, D], where the new rows have numbers of their own
};

}    // namespace ordinal
