# INSTRUCTOR-ONLY
from kit import Mutant

FILE = "attention.h"
mutants = [
    Mutant("multiplies_by_the_scale", loses="scores", file=FILE, old="* (1 / scale)", new="* scale",
           picture="bug_3.svg", choice="c"),
    Mutant("keys_by_queries", loses="scores", file=FILE, old="matmul(Q, transpose(K))", new="matmul(K, transpose(Q))"),
    Mutant("constant_scores", loses="scores", file=FILE, old="matmul(Q, transpose(K)) *",
           new="Tensor(ones({Q.dim(0), K.dim(0)})) *"),
    Mutant("shares_of_columns", loses="weights", file=FILE, old="E / sum(E, 1)", new="E / sum(E, 0)",
           picture="bug_2.svg", choice="b"),
    Mutant("no_maximum", loses="weights", file=FILE, old="exp(S - max(S, 1).detach())", new="exp(S)"),
    Mutant("equal_shares", loses="weights", file=FILE, old="return E / sum(E, 1);",
           new="return S * 0 + Tensor(1.0 / static_cast<double>(S.dim(1)));"),
    Mutant("weights_without_a_gradient", loses="weights", file=FILE, old="return E / sum(E, 1);",
           new="return E / sum(E, 1).detach();"),
    Mutant("window_the_wrong_way", loses="hide", file=FILE,
           old="j < i - conventions::back || j > i + conventions::ahead",
           new="i < j - conventions::back || i > j + conventions::ahead", picture="bug_1.svg", choice="a"),
    Mutant("window_one_short", loses="hide", file=FILE, old="j < i - conventions::back",
           new="j <= i - conventions::back"),
    Mutant("heads_come_back_in_blocks", loses="heads", file=FILE, old="to[column(h, c)] = out",
           new="to[static_cast<std::size_t>(h * d + d - 1 - c)] = out"),
    Mutant("every_head_is_the_first", loses="heads", file=FILE, old="from[column(h, c)]", new="from[column(0, c)]"),
    Mutant("gradient_of_zeros", loses="back_through_weights", file=FILE, old="return w * (dw - sum(w * dw, 1));",
           new="return w * dw * 0;"),
    Mutant("only_the_diagonal", loses="back_through_weights", file=FILE, old="w * (dw - sum(w * dw, 1))",
           new="w * (1 - w) * dw"),
]
