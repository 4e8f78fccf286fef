// A published model's table of positions, taken out of a safetensors file that the reader has downloaded.
#pragma once

#include <string>

#include <ordinal/core/nd_array.h>
#include "demos/lab/summary.h"

namespace ordinal::demos {

struct RealTable {
    std::string file;      // its name without the folders
    std::string tensor;    // what the file calls the table
    NdArray rows = {};     // [n, D]; row 0 is position 0
    Index reserved = 0;    // rows that stand before position 0 in the file
};

// Does a name end as position tables are called? BERT, RoBERTa, MiniLM: position_embeddings.weight; GPT-2: wpe.weight;
// BART, OPT: embed_positions.weight; CLIP: position_embedding.weight.
bool names_positions(const std::string& tensor);

// RoBERTa's table has 514 rows for 512 positions: row 0 is never used, row 1 belongs to padding. So have the tables of
// its kin; the sign is that the number of rows is 2 more than a power of two, 128 at least: a table of 34 rows may well
// have 34 positions.
Index reserved_rows(Index rows);

// Reads the header of the file, and of the numbers only this table's. tensor: its name; empty: the first [rows, D]
// array whose name names_positions.
// FileError: no such file, no such table (with a list of what is there), a Git LFS pointer instead of the file.
RealTable read_position_table(const std::string& path, const std::string& tensor = "");

// How long row 0 is beside the others. A row that is no position but another token's second name, as BERT's row 0 is
// [CLS]'s, gives itself away by that.
struct RowLengths {
    double first = 0;
    Summary others = {};    // 0 where there are none

    bool first_is_apart() const;    // more than twice as long as the others on average, or less than half
    std::string words() const;      // "length of row 0: 2.36, of the others 0.45 [0.40 .. 0.97]"
};
RowLengths row_lengths(const NdArray& rows);

}    // namespace ordinal::demos
