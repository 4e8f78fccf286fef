# INSTRUCTOR-ONLY
from kit import Mutant

FILE = "scan.h"
ROUND = "const std::vector<Value> before = x;"
mutants = [
    Mutant("a_sign_of_b", loses="apply", file=FILE, old='return step.a * h + step.b;\n}', new='return step.a * h - step.b;\n}'),
    Mutant("a_alone", loses="apply", file=FILE, old='return step.a * h + step.b;\n}', new='return step.a * h;\n}'),
    Mutant("operands_exchanged", loses="combine", file=FILE, old="first = conventions::later_first ? y : x;\n    const Step& then = conventions::later_first ? x : y;",
           new="first = conventions::later_first ? x : y;\n    const Step& then = conventions::later_first ? y : x;"),
    Mutant("offsets_are_added", loses="combine", file=FILE, old="then.a * first.b + then.b};", new="first.b + then.b};"),
    Mutant("a_zero", loses="nothing", file=FILE, old="full(h.shape(), a)", new="full(h.shape(), 0)"),
    Mutant("zeros_for_nothing", loses="nothing", file=FILE, old="Tensor(zeros(h.shape()))", new="Tensor(ones(h.shape()))"),
    Mutant("secretly_the_loop", loses="scan", file=FILE, old="reach = 1; reach < x.size(); reach *= 2) {\n        " + ROUND,
           new="reach = 1; reach < 2; ++reach) {\n        std::vector<Value>& before = x;"),
    Mutant("reads_what_it_has_written", loses="scan", file=FILE, old=ROUND, new="std::vector<Value>& before = x;",
           picture="bug_1.svg", choice="a"),
    Mutant("grows_by_one", loses="scan", file=FILE, old="reach *= 2", new="++reach", picture="bug_2.svg", choice="b"),
    Mutant("one_round_is_missing", loses="scan", file=FILE, old="reach < x.size(); reach *= 2", new="2 * reach < x.size(); reach *= 2",
           picture="bug_3.svg", choice="c"),
    Mutant("operands_the_other_way_in_the_scan", loses="scan", file=FILE, old="x[t] = conventions::later_first ?",
           new="x[t] = !conventions::later_first ?"),
    Mutant("the_start_is_forgotten", loses="recurrence", file=FILE, old="apply(so_far, start)", new="apply(so_far, start * 0)"),
    Mutant("gradients_are_thrown_away", loses="recurrence", file=FILE, old="apply(so_far, start)",
           new="apply({so_far.a.detach(), so_far.b}, start)"),
]
