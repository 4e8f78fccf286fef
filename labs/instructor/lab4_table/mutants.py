# INSTRUCTOR-ONLY
from kit import Mutant

FILE = "table.h"
mutants = [
    Mutant("reserves_one_row_more", loses="row_of", file=FILE, old="conventions::first_rows + k;",
           new="conventions::first_rows + k + 1;", picture="bug_3.svg", choice="c"),
    Mutant("skips_behind_the_reserved_row", loses="row_of", file=FILE, old="row < conventions::one_more ?",
           new="row <= conventions::one_more ?", picture="bug_1.svg", choice="a"),
    Mutant("reserved_rows_are_drawn", loses="fresh", file=FILE,
           old="for (Index k = 0; row_of(k) < rows; ++k)\n        for (Index c = 0; c < D; ++c) table.set({row_of(k), c},",
           new="for (Index r = 0; r < rows; ++r)\n        for (Index c = 0; c < D; ++c) table.set({r, c},"),
    Mutant("uniform_numbers", loses="fresh", file=FILE, old="conventions::deviation * rng.normal()",
           new="conventions::deviation * rng.uniform(-1.732, 1.732)"),
    Mutant("another_deviation", loses="fresh", file=FILE, old="conventions::deviation * rng.normal()", new="0.02 * rng.normal()"),
    Mutant("one_position_too_many", loses="rows_of", file=FILE, old="k <= static_cast<double>(last)",
           new="k <= static_cast<double>(last + 1)"),
    Mutant("counts_reserved_rows", loses="rows_of", file=FILE, old="while (row_of(last + 1) < rows) ++last;",
           new="last = rows - 2;"),
    Mutant("rounds_halves", loses="rows_of", file=FILE, old="k == std::floor(k) && 0 <= k", new="0 <= k"),
    Mutant("the_last_reader_wins", loses="look_up", file=FILE, old="dP.set({r}, dP[r] + dY[t]);", new="dP.set({r}, dY[t]);", picture="bug_2.svg", choice="b"),
    Mutant("gradient_of_zeros", loses="look_up", file=FILE, old="dP.set({r}, dP[r] + dY[t]);", new="dP.set({r}, dP[r]);"),
    Mutant("rows_in_order", loses="look_up", file=FILE,
           old="Y.set({t}, P.values()[rows[static_cast<std::size_t>(t)]]);", new="Y.set({t}, P.values()[t % R]);"),
    Mutant("counts_what_was_not_asked", loses="right_by_position", file=FILE, old="asked += target >= 0;", new="asked += 1;"),
    Mutant("one_share_for_all", loses="right_by_position", file=FILE, old="    for (Index t = 0; t < T; ++t) {\n        double asked = 0, right = 0;",
           new="    double asked = 0, right = 0;\n    for (Index t = 0; t < T; ++t) {"),
    Mutant("a_table_that_does_not_learn", loses="trained", file=FILE, old="return look_up(weight_, rows_of(ids, weight_.dim(0)));",
           new="return look_up(weight_, rows_of(ids, weight_.dim(0))).detach();"),
    Mutant("all_tokens_at_position_0", loses="trained", file=FILE, old="return look_up(weight_, rows_of(ids, weight_.dim(0)));",
           new="return look_up(weight_, std::vector<Index>(static_cast<std::size_t>(ids.size()), row_of(0)));"),
    Mutant("too_quiet_to_hear", loses="trained", file=FILE, old="return look_up(weight_, rows_of(ids, weight_.dim(0)));",
           new="return look_up(weight_, rows_of(ids, weight_.dim(0))) * 0;"),
]
