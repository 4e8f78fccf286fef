# INSTRUCTOR-ONLY
from kit import Mutant

FILE = "bert.h"
mutants = [
    Mutant("no_segment", loses="look_up", file=FILE, old=" + segments[0]", new=""),
    Mutant("the_other_segment", loses="look_up", file=FILE, old="+ segments[0] +", new="+ segments[1] +"),
    Mutant("no_gradient", loses="look_up", file=FILE, old="gather_rows(rows, places)", new="gather_rows(rows.detach() + rows - rows, places)"),
    Mutant("rows_of_words", loses="look_up", file=FILE, old="gather_rows(rows, places)",
           new="gather_rows(rows, {ids.shape, std::vector<Index>(ids.values.size(), 0)})"),
    Mutant("cls_moves", loses="places", file=FILE, old="row = 0;", new="row = starts[b];",
           picture="bug_1.svg", choice="a"),
    Mutant("padding_counts", loses="places", file=FILE, old="row = conventions::pad_row;",
           new="row = std::min(starts[b] + t, n - 1);", picture="bug_2.svg", choice="b"),
    Mutant("all_begin_together", loses="places", file=FILE, old="row = starts[b] + t;", new="row = starts[0] + t;",
           picture="bug_3.svg", choice="c"),
    Mutant("one_row_too_many", loses="places", file=FILE, old="row < n,", new="row <= n,"),
    Mutant("a_sentence_without_the_row", loses="places", file=FILE, old='"there is no row ", row, " in a table of ", n, " rows"',
           new='"this text is too long"'),
    Mutant("row_0_takes_part", loses="longer", file=FILE, old="1 + (k - 1) % conventions::trusted",
           new="k % (conventions::trusted + 1)"),
    Mutant("the_whole_table", loses="longer", file=FILE, old="1 + (k - 1) % conventions::trusted", new="1 + (k - 1) % (n - 1)"),
    Mutant("the_last_row_for_ever", loses="longer", file=FILE, old="1 + (k - 1) % conventions::trusted",
           new="std::min(k, conventions::trusted)"),
    Mutant("pairs_share_a_row", loses="longer", file=FILE, old="1 + (k - 1) % conventions::trusted",
           new="k <= conventions::trusted ? k : 1 + (k / 2) % conventions::trusted"),
]
