# INSTRUCTOR-ONLY
from kit import Mutant

FILE = "longer.h"
mutants = [
    Mutant("neighbours_share_a_row", loses="copied", file=FILE, old="k < kept ? k : kept + (k - kept) % (n - kept)",
           new="k < kept ? k : kept + (k - kept) * (n - kept) / (m - kept)", picture="bug_3.svg", choice="c"),
    Mutant("kept_rows_come_again", loses="copied", file=FILE, old="k < kept ? k : kept + (k - kept) % (n - kept)", new="k % n"),
    Mutant("weights_exchanged", loses="stretched", file=FILE, old="W.set({k, r}, 1 - f);\n        W.set({k, r + 1}, f);",
           new="W.set({k, r}, f);\n        W.set({k, r + 1}, 1 - f);", picture="bug_1.svg", choice="a"),
    Mutant("ends_do_not_meet", loses="stretched", file=FILE,
           old="static_cast<double>(n - 1 - kept) / static_cast<double>(m - 1 - kept)",
           new="static_cast<double>(n - 1 - kept) / static_cast<double>(m - kept)"),
    Mutant("nearest_row", loses="stretched", file=FILE, old="const double f = at - static_cast<double>(r);",
           new="const double f = std::round(at - static_cast<double>(r));"),
    Mutant("digits_exchanged", loses="two_digits", file=FILE, old="i = k / n, j = k % n", new="i = k % n, j = k / n",
           picture="bug_2.svg", choice="b"),
    Mutant("beta_is_alpha", loses="two_digits", file=FILE, old="conventions::alpha / (1 - conventions::alpha)",
           new="conventions::alpha"),
    Mutant("entries_overwritten", loses="two_digits", file=FILE, old="static_cast<double>(W.at({k, i})) + beta", new="beta"),
    Mutant("remainder_of_a_negative", loses="ring", file=FILE, old="((k + conventions::turn) % n + n) % n",
           new="std::abs(k + conventions::turn) % n"),
    Mutant("it_ends", loses="ring", file=FILE, old="((k + conventions::turn) % n + n) % n",
           new="std::clamp<Index>(k + conventions::turn, 0, n - 1)"),
    Mutant("no_gradient", loses="ring", file=FILE, old="return gather_rows(P, {{", new="return gather_rows(P.detach() + P - P, {{"),
]
