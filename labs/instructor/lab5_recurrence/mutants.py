# INSTRUCTOR-ONLY
from kit import Mutant

FILE = "recurrence.h"
mutants = [
    Mutant("another_number_of_steps_before", loses="orbit", file=FILE,
           old="step < conventions::steps_before + count; ++step) {\n        if (step >= conventions::steps_before)",
           new="step < conventions::steps_before + 1 + count; ++step) {\n        if (step >= conventions::steps_before + 1)"),
    Mutant("no_tanh", loses="orbit", file=FILE, old="p = tanh(matmul(W, p) + reshape(b, {S, 1}));",
           new="p = matmul(W, p) + reshape(b, {S, 1});"),
    Mutant("no_gradient", loses="orbit", file=FILE, old="Tensor p = reshape(start, {S, 1});",
           new="Tensor p = reshape(start, {S, 1}).detach();"),
    Mutant("no_gradient_of_w", loses="orbit", file=FILE, old="matmul(W, p)", new="matmul(W.detach(), p)"),
    Mutant("transposed", loses="orbit", file=FILE, old="matmul(W, p)", new="matmul(transpose(W), p)"),
    Mutant("it_fades", loses="counter", file=FILE, old="const double gain = 2;", new="const double gain = 0.9;",
           picture="bug_1.svg", choice="a"),
    Mutant("it_stands_still", loses="counter", file=FILE, old="(i + conventions::direction + m) % m, i", new="i, i",
           picture="bug_2.svg", choice="b"),
    Mutant("the_other_way_round", loses="counter", file=FILE, old="(i + conventions::direction + m) % m, i",
           new="i, (i + conventions::direction + m) % m", picture="bug_3.svg", choice="c"),
    Mutant("begins_with_lag_0", loses="returns_after", file=FILE, old="for (Index lag = 1;", new="for (Index lag = 0;"),
    Mutant("compares_with_the_last", loses="returns_after", file=FILE, old="P[from + lag], P[from])", new="P[-1], P[from])"),
    Mutant("forgets_where_it_begins", loses="returns_after", file=FILE, old="P[from + lag], P[from])", new="P[lag], P[0])"),
    Mutant("back_without_the_tanh", loses="back_through_time", file=FILE, old="dP[k + 1] * (1 - P[k + 1] * P[k + 1])",
           new="dP[k + 1]"),
    Mutant("back_through_w_itself", loses="back_through_time", file=FILE, old="matmul(transpose(W), reshape(dz",
           new="matmul(W, reshape(dz"),
    Mutant("only_the_last", loses="back_through_time", file=FILE, old="dP.set({k}, reshape(matmul(transpose(W), reshape(dz, {S, 1})), {S}));",
           new="dP.set({k}, dz * 0);"),
    Mutant("states_that_nobody_hears", loses="for_ever", file=FILE, old="{{ids.size()}, rows}), transpose(U_));",
           new="{{ids.size()}, rows}), transpose(U_)) * 0;"),
    Mutant("every_token_gets_the_last_state", loses="for_ever", file=FILE, old="rows.push_back(ids.whole(i, \"Recurrence\"));",
           new="rows.push_back(ids.whole(ids.size() - 1, \"Recurrence\"));"),
]
