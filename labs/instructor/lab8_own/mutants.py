# INSTRUCTOR-ONLY
from kit import Mutant

FILE = "own.h"
mutants = [
    Mutant("promises_an_end", loses="contract", file=FILE, old="return {.distinct = true,",
           new="return {.max_length = 200, .distinct = true,"),
    Mutant("not_signed", loses="contract", file=FILE, old=".source = conventions::signature", new='.source = "my own"'),
    Mutant("depends_on_the_length", loses="contract", file=FILE, old="positions[t], periods[j])",
           new="positions[t] + 1.0 / static_cast<double>(positions.size()), periods[j])"),
    Mutant("frozen", loses="learns", file=FILE, old="matmul(Tensor(turns), hands_)", new="matmul(Tensor(turns), hands_.detach())"),
    Mutant("half_of_it_takes_no_part", loses="learns", file=FILE, old='return {{"hands", hands_}};',
           new='return {{"hands", hands_}, {"spare", Tensor::parameter(zeros({2}))}};'),
    Mutant("too_quiet_to_hear", loses="league", file=FILE, old="matmul(Tensor(turns), hands_)",
           new="matmul(Tensor(turns), hands_) * 0.00001"),
    Mutant("places_drawn_anew_in_training", loses="league", file=FILE, old="    Traits traits() const override {",
           new="    Tensor training_vectors(const Positions& positions, Rng& rng) const override {\n"
               "        std::vector<double> anywhere;\n"
               "        for (Index t = 0; t < positions.size(); ++t) anywhere.push_back(static_cast<double>(rng.below(1000)));\n"
               "        return vectors(Positions::of(anywhere));\n    }\n    Traits traits() const override {"),
    Mutant("one_period", loses="contract", file=FILE, old="= {3, 4, 5, 7, 11, 13}", new="= {3, 3, 3, 3, 3, 3}",
           picture="bug_1.svg", choice="a"),
    Mutant("rounded_down", loses="contract", file=FILE, old="std::fmod(positions[t], periods[j]) / periods[j]",
           new="std::floor(positions[t] / periods[j]) / periods[j]", picture="bug_2.svg", choice="b"),
    Mutant("round_after_16", loses="contract", file=FILE, old="std::fmod(positions[t], periods[j])",
           new="std::fmod(std::fmod(positions[t], 16), periods[j])", picture="bug_3.svg", choice="c"),
]
