// All codes of an RNN at once, in rounds. How far have they come after each, and how many are needed?
#include <iomanip>
#include <iostream>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/recurrences/recurrent_positions.h>

using namespace ordinal;

constexpr Index T = 1024;

std::shared_ptr<RecurrentPositions> made(const MakeStep& step, std::optional<Guess> newton) {
    Rng rng(1);
    return std::make_shared<RecurrentPositions>(16, 16, step, rng, "", newton);
}

int main() {
    NoGrad guard;
    const auto loop = made(tanh_step(RecurrenceInit::orthogonal), std::nullopt);
    const NdArray codes = loop->vectors(Positions::arange(T)).values();
    const NdArray guess = concat({slice(codes, 0, 0, 1), zeros({T - 1, 16})}, 0);
    std::cout << "round   right from the first on   largest error\n" << std::scientific << std::setprecision(0);
    for (const Index rounds : {1, 2, 4, 6, 8, 9}) {
        const NdArray p = solve_by_newton(loop->step(), guess, rounds).codes;
        Index right = 0;
        while (right < T && max_abs_difference(p[right], codes[right]) < 1e-5) ++right;
        std::cout << std::setw(5) << rounds << std::setw(20) << right << std::setw(20) << max_abs_difference(p, codes)
                  << "\n";
    }

    std::cout << "\n            rounds   dependent steps, where the loop has " << T - 1 << "\n";
    for (const auto& [name, step] :
         std::vector<std::pair<std::string, MakeStep>>{{"uniform", tanh_step()},
                                                       {"orthogonal", tanh_step(RecurrenceInit::orthogonal)},
                                                       {"rotation", tanh_step(RecurrenceInit::rotation)},
                                                       {"gru", gru_step()}}) {
        const auto scheme = made(step, Guess::zeros);
        scheme->vectors(Positions::arange(T));
        const NewtonReport report = scheme->newton_report();
        std::cout << std::left << std::setw(12) << name << std::right << std::setw(6) << report.rounds << std::setw(18)
                  << report.dependent_steps << "\n";
    }
}
