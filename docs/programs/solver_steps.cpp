// Where is position 8 of a neural ODE? Solvers with larger and smaller steps, against RK4 with steps of 1/100.
#include <iomanip>
#include <iostream>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/registry.h>

int main() {
    using namespace ordinal;
    const auto position_8 = [](const std::string& method, int steps) {
        Rng rng(1);
        const auto encoding =
            make_encoding("ode(method=" + method + ", step=" + text_of(1.0 / steps) + ")", {.d_model = 8}, rng);
        return encoding->vectors(Positions::of({8})).values();
    };
    const NdArray exact = position_8("rk4", 100);
    std::cout << "evaluations of h   error of Euler   of RK4\n" << std::setprecision(0) << std::scientific;
    for (const int steps : {1, 2})    // RK4 looks four times in a step
        std::cout << std::setw(16) << 8 * 4 * steps << std::setw(17)
                  << max_abs_difference(position_8("euler", 4 * steps), exact) << std::setw(9)
                  << max_abs_difference(position_8("rk4", steps), exact) << "\n";
}
