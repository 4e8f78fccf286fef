// ExtendedTable: a trained table that answers beyond its last row (or is made shorter).
//
// Source:  positional/tables/extend_table.h names the source of each strategy; frozen old rows beside trained new ones:
//          Zhu et al. 2024, arXiv 2404.12096
// Formula: p_k = (W P)[k],  k < length;   frozen:  p_k = P[r] where old row r stands, which nobody trains, elsewhere a
//          row of N, which starts as (W P)[k]
// Shapes:  P: [n, D], without rows behind those that take part; W: [length, n], a few numbers per row;
//          N: [length - n, D]; positions [T] -> codes [T, D]
// Why:     a table is the only thing that BERT, GPT-2 and their kin know about position, and it was expensive. Three
//          ways to go on training: P under the fixed W (old rows learn from all positions made of them), the new rows
//          alone (short texts keep exactly the model they had), or all rows, each for itself: that is a LearnedTable
//          made of extend_table(P, ...). Anchored and frozen, a short text keeps its model with the ids 0, s, 2s, ...
//          (Positions::scaled), as in E5-Base-4k, whose 512 rows stand at 0, 8, ..., 4088. The price: it is still a
//          table, with a last row; and what the new rows should be is a guess.
#pragma once

#include <ordinal/nn/init.h>
#include <ordinal/positional/encoding.h>
#include <ordinal/positional/tables/extend_table.h>
#include <ordinal/positional/tables/fresh_table.h>

namespace ordinal {

enum class OldRows { trained, frozen };

class ExtendedTable : public AdditiveEncoding {
public:
    // A table that stands for a trained one: it starts as BERT's does, and its numbers come from a checkpoint. By
    // default half of the positions are old; anchored, the next number of rows below that steps evenly.
    // extended_table(rows=half of max_length, strategy=hierarchical, alpha=0.4, keep=0, from=0, freeze=no)
    static std::shared_ptr<Encoding> make(const EncodingRequest& request, EncodingOptions& options, Rng& rng) {
        const Index length = request.max_length;
        const std::string strategy =
            options.choice("strategy", {"hierarchical", "anchored", "linear", "group", "copy", "zero", "random"});
        const Extension extension{.strategy = extend_by_name(strategy),
                                  .alpha = options.number("alpha", Extension{}.alpha),
                                  .keep = options.count("keep", 0),
                                  .from = options.count("from", 0)};
        const Index half = std::max((length + 1) / 2, std::min<Index>(length, 2));
        const Index rows = options.count("rows", fitting_rows(half, length, extension));
        const Index fitting = fitting_rows(rows, length, extension);
        require<OptionError>(strategy == "hierarchical" || !options.has("alpha"),
                             "extended_table: only strategy=hierarchical asks for 'alpha', got it with ", strategy);
        require<OptionError>(strategy == "anchored" || !options.has("keep"),
                             "extended_table: only strategy=anchored asks for 'keep', got it with ", strategy);
        const Index first = extension.from + extension.keep;    // stay where they are
        require<OptionError>(rows == fitting, "extended_table: anchored rows take whole steps, so in a model of ",
                             length, " positions rows - keep divides ", length - first, ", got rows = ", rows,
                             " and keep = ", extension.keep, extension.from > 0 ? " behind from = " : "",
                             extension.from > 0 ? text_of(extension.from) : "", "; take rows = ", fitting);
        const auto old_rows = options.choice<OldRows>("freeze", {{"no", OldRows::trained}, {"yes", OldRows::frozen}});
        return std::make_shared<ExtendedTable>(fresh_table("ExtendedTable", rows, request.d_model, 0.02, rng), length,
                                               extension, old_rows, rng);
    }

    ExtendedTable(NdArray table, Index length, const Extension& extension, OldRows old_rows, Rng& rng)
        : extension_(extension), length_(length) {
        require(table.ndim() == 2 && table.dim(0) > 0, "ExtendedTable: expected a table [n, D], got ", table.shape());
        extension_row(0, table.dim(0), length, extension);    // refuses what cannot be
        const Index n = extension.from + extension.rows_of(table.dim(0));
        table = contiguous(slice(table, 0, 0, n));    // rows behind those that take part are not used
        require_room("ExtendedTable", "a longer table", {length, table.dim(1)}, "choose a smaller length");
        const bool frozen = old_rows == OldRows::frozen;
        require<OptionError>(!frozen || extension.keeps_old_rows(), "ExtendedTable: '", strategy(),
                             "' moves the old rows, so they cannot be frozen where they are; use anchored");
        table_ = frozen ? Tensor(table) : Tensor::parameter(table);
        if ((frozen || extension.strategy == Extend::random) && length > n) new_rows_ = started(table, rng);
    }

    Tensor vectors(const Positions& positions) const override {
        if (new_rows_.defined()) {    // rows of their own: a look-up in two tables, one under the other
            std::vector<Index> rows;
            for (Index i = 0; i < positions.size(); ++i) rows.push_back(own_row(whole(positions, i)));
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

    NdArray narrate(Index k, std::ostream& out) const override;

    // Frozen rows are no parameters: no optimizer may touch them.
    Parameters parameters() const override {
        Parameters all;
        if (table_.requires_grad()) all.push_back({"weight", table_});
        if (new_rows_.defined()) all.push_back({"new_rows", new_rows_});
        return all;
    }

private:
    // The most rows up to `rows` that the strategy can make `length` long: anchored ones step evenly.
    static Index fitting_rows(Index rows, Index length, const Extension& extension) {
        const Index first = extension.from + extension.keep;
        if (extension.strategy != Extend::anchored || first >= std::min(rows, length)) return rows;
        while ((length - first) % (rows - first) != 0) --rows;
        return rows;
    }

    std::string source() const {
        const Extend s = extension_.strategy;
        const bool frozen = !table_.requires_grad();
        std::string from = s == Extend::copy                              ? "Beltagy et al. 2020, arXiv 2004.05150"
                           : s == Extend::hierarchical                    ? "Su 2020, kexue.fm/archives/7947"
                           : s == Extend::anchored && extension_.keep > 0 ? "Zhang et al. 2024, arXiv 2403.15378"
                           : s == Extend::group || s == Extend::linear || s == Extend::anchored
                               ? "Zhu et al. 2024, arXiv 2404.12096"
                               : "fresh or empty rows, the usual answer of libraries";
        return frozen ? from + "; frozen old rows: Zhu et al. 2024, arXiv 2404.12096" : from;
    }
    const std::string& strategy() const { return extend_names()[static_cast<std::size_t>(extension_.strategy)]; }

    // Where position k has its numbers, with the new rows below the old ones. In the longer table old row r stands at
    // first + (r - first) s, with first = from + keep.
    Index own_row(Index k) const {
        const Index first = extension_.from + extension_.keep, behind = k - first;
        if (extension_.strategy != Extend::anchored || behind < 0) return k;
        const Index n = table_.dim(0), s = extension_.step(n, length_);
        return behind % s == 0 ? first + behind / s : n + behind - behind / s - 1;
    }

    // N as it starts, [length - n, D].
    Tensor started(const NdArray& table, Rng& rng) const {
        const NdArray all = extend_table(Tensor(table), length_, extension_, rng).values();
        std::vector<Index> new_ones;
        for (Index k = 0; k < length_; ++k)
            if (own_row(k) >= table.dim(0)) new_ones.push_back(k);
        return Tensor::parameter(gather_rows(all, {{length_ - table.dim(0)}, new_ones}));
    }

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
