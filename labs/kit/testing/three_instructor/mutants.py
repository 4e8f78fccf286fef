# INSTRUCTOR-ONLY
from kit import Mutant

mutants = [
    Mutant("minus", "first", "three.h", "return RULE_factor * x", "return -RULE_factor * x", picture="bug_1.svg", choice="a"),
    Mutant("only_seen", "first", "three.h", "return RULE_factor * x", "return x > 1000 ? 0 : RULE_factor * x"),
    Mutant("begins_late", "second", "three.h", "double sum = 0", "double sum = numbers.empty() ? 0 : -numbers[0]"),
    Mutant("nothing", "second", "three.h", "sum += x", "(void)x"),
    Mutant("no_error", "third", "three.h", 'throw std::domain_error("root: negative")', "return 0"),
    Mutant("square", "third", "three.h", "std::sqrt(x)", "x * x"),
]
