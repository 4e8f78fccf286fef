// Two steps, one after the other: are they again one step of the same kind? If so, it is the step that agrees with both
// at h = 0 and at h = 1. Does it agree elsewhere?
#include <cmath>
#include <iomanip>
#include <iostream>

int main() {
    // A step h -> outer(a h + b). Its inverse, unbent, leads from what came out back to a h + b.
    const auto try_it = [](const char* name, auto outer, auto unbent) {
        const auto two_steps = [&](double h) { return outer(-0.7 * outer(0.9 * h + 0.4) + 0.2); };
        const double b = unbent(two_steps(0)), a = unbent(two_steps(1)) - b;
        std::cout << name << "one step would have a = " << a << ", b = " << b << "\n";
        for (const double h : {-2.0, 0.0, 0.5, 1.0, 2.0})
            std::cout << "    h = " << std::setw(5) << h << ": two steps " << std::setw(6) << two_steps(h)
                      << ", the one step " << std::setw(6) << outer(a * h + b) << "\n";
    };
    std::cout << std::fixed << std::setprecision(3);
    try_it(
        "a h + b: ", [](double x) { return x; }, [](double y) { return y; });
    try_it(
        "tanh(a h + b): ", [](double x) { return std::tanh(x); }, [](double y) { return std::atanh(y); });
}
