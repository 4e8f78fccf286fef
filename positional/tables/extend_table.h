// A trained table of n rows made m rows long without training. Seven known ways, and all are one idea.
//
// Source:  random: the usual answer of libraries; copy: Beltagy et al. 2020, arXiv 2004.05150; copy ("recurrent"),
//          group, linear and anchored: Zhu et al. 2024, arXiv 2404.12096, the ids as in get_position_ids of
//          github.com/dwzhu-pku/LongEmbed; anchored after a kept prefix: Zhang et al. 2024, arXiv 2403.15378, in its
//          code; hierarchical: Su 2020, kexue.fm/archives/7947
// Formula: Q = W P,  W fixed, nearly all 0:
//
//     strategy        row k of Q                                        W's row k
//     random          P[k], from k = n on fresh random numbers          as zero; Q gets fresh rows instead of 0
//     zero            P[k], from k = n on 0                             1, or nothing
//     copy            P[k mod n]                                        1             Longformer
//     group           P[floor(k n / m)]                                 1             neighbours share a row
//     linear          (1 - f) P[r] + f P[r + 1]                         two numbers   r + f = k (n - 1) / (m - 1)
//     anchored        P[k], from k = keep on as linear                  1, then two   r + f = keep + (k - keep) / s
//                                                                                     s = (m - keep) / (n - keep)
//     hierarchical    P[j] + beta (P[i] - P[0])                         three         i, j = k / n, k mod n
//                                                                                     beta = alpha / (1 - alpha)
//
//     from = a, rows = b:  Q = P[0 .. a - 1] above the extension of P[a .. a + b - 1] alone to m - a rows
//
// Shapes:  P: [n, D] the trained table; W: [m, n]; Q: [m, D]
// Why:     whoever has a trained table keeps what it knows. The price: what a row past the end should be is a
//          guess, and each guess has its seam: a jump at row n, or neighbours that are too alike.
// Anchored takes whole steps: old row r keeps its numbers and moves to keep + (r - keep) s, so that a short text whose
// ids are 0, s, 2s, ... (keep = 0), or that is no longer than the kept prefix, meets its old codes. Past the last old
// row the last line goes on (r = n - 2, f > 1). With m < n a table becomes shorter: linear takes m rows of the same
// line, group every (n / m)-th row or so, the others but anchored the first m rows.
// Su writes q_k = alpha u_i + (1 - alpha) u_j with u_i = (p_i - alpha p_0) / (1 - alpha), so that the first n rows stay
// as they are. Put in and sorted, that is the row above. With alpha = 0 it copies.
// Not every row of a real table is a position. BERT's row 0 belongs to [CLS], is five times as long as the others, and
// as Su's p_0 it spoils every new row; and rows that training hardly visited know little. `from` is the first row that
// takes part, and Su's p_0 then; `rows` is how many do. Rows before stay where they are, rows behind are built anew.
#pragma once

#include <string>
#include <vector>

#include <ordinal/core/ops.h>
#include <ordinal/core/random.h>

namespace ordinal {

enum class Extend { random, zero, copy, group, linear, anchored, hierarchical };

const std::vector<std::string>& extend_names();    // "random", "zero", ..., in the order above
Extend extend_by_name(const std::string& name);    // OptionError: unknown

struct Extension {
    Extend strategy = Extend::hierarchical;
    double alpha = 0.4;    // hierarchical only: 0 <= alpha < 1; Su's choice
    Index keep = 0;        // anchored only: so many first rows stay where they are; 20 of 77 in Long-CLIP
    Index from = 0;        // the first row that takes part; those before stay as they are
    Index rows = 0;        // how many take part; 0: all from there on. Those behind are not used

    // Is each old row one of the new ones, so that it can be frozen? Group and linear have only row 0 (and the last).
    bool keeps_old_rows() const { return strategy != Extend::group && strategy != Extend::linear; }

    // Of a table of n rows: how many take part. OptionError: there are not so many, or none.
    Index rows_of(Index n) const;

    // How far apart old neighbours stand in the longer table, after the kept prefix: 1 unless anchored.
    // OptionError: anchored, and `length` gives no whole step.
    Index step(Index n, Index length) const;
};

// One entry of W that is not 0.
struct Weight {
    Index column;
    double weight;
};
using SparseRow = std::vector<Weight>;    // at most three entries
using SparseRows = std::vector<SparseRow>;

// Row k of W, for a table of n rows that becomes `length` long (or short).
// OptionError: no rows or no length; from and rows: see rows_of; hierarchical: alpha outside 0 .. 1, or more positions
// than rows^2 (there is no row i); anchored: see step.
SparseRow extension_row(Index k, Index n, Index length, const Extension& extension);
SparseRows extension_rows(Index n, Index length, const Extension& extension);    // W, row by row

// Q = W P.  P: [n, D] -> [number of rows of W, D].   dP = W^T dQ comes by itself: it is made of gather_rows.
Tensor mix_rows(const SparseRows& W, const Tensor& P);

// W with all its zeros, [m, n]. matmul(dense(W, n), P) says the same as mix_rows(W, P), for a reader and the tests.
NdArray dense(const SparseRows& W, Index columns);

// The table made longer or shorter: [n, D] -> [length, D]. Only `random` draws, rows as large as those that take part.
Tensor extend_table(const Tensor& table, Index length, const Extension& extension, Rng& rng);

// `count` random rows whose numbers are normal and as large as the table's (root mean square).
NdArray fresh_rows(const NdArray& table, Index count, Rng& rng);

}    // namespace ordinal
