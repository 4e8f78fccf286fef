// What the note proposes, done to the position table of a real BERT: five experiments, a picture each.
#pragma once

#include <map>

#include <ordinal/positional/tables/extend_table.h>
#include "demos/lab/report.h"
#include "demos/real_bert/sentences.h"

namespace ordinal::demos {

constexpr Index longer = 1024;    // rows of the extended tables

// Rows of tables, and how they are called in every label, table and picture.
const std::string its_own = "its own rows", random_rows = "random rows", one_row = "one row for all",
                  last_row = "last row", first_127 = "copy, from=1, rows=127", su_without_0 = "hierarchical, from=1",
                  su_of_127 = "hierarchical, alpha=0.2, from=1, rows=127";

// How else a long document is read: with a bias beside the table, and piecewise.
const std::string fading = " + fading", windows = "windows of 120, averaged";

// What is being experimented with.
struct Subject {
    const DemoOptions& options;
    std::string folder;
    const MovableBert& bert;
    Pooling pooling;
    std::vector<Tokens> sentences;
};

// A way to extend a table by its name: one of the last three, or a strategy of extend_table; and a table by its name,
// extended so or one of the others: [length, D].
Extension extension_named(const std::string& name);
NdArray table_named(const std::string& name, const NdArray& own, Index length, std::uint64_t seed);

std::vector<Claim> real_bert_claims();

void show_norms(const Subject& subject, Report& report);       // how long is each row?
void show_moves(const Subject& subject, Report& report);       // a text told that it begins at row s
void show_recovery(const Subject& subject, Report& report);    // only the new rows learn
void show_needles(const Subject& subject, Report& report);     // one quote of a long document, found by half of it

}    // namespace ordinal::demos
