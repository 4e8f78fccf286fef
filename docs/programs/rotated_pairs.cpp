// A query and a key that are rotated by their positions: their product knows only how far apart they are.
#include <iomanip>
#include <iostream>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/rotations/rotary.h>

int main() {
    using namespace ordinal;
    std::cout << std::setprecision(3);
    const Rotary rope(1, 2);    // one head with one pair of numbers, which rotates by 1 radian a position
    const Tensor east(NdArray({1, 1, 1, 2}, {1, 0}));
    const auto at = [&](double k) {
        return rope.apply_to_queries_and_keys({east, east, east}, {Positions::of({k})}).query.values();
    };
    for (const double k : {0, 1, 2, 3}) {
        const NdArray v = at(k);
        std::cout << "position " << k << ": (" << v.at({0, 0, 0, 0}) << ", " << v.at({0, 0, 0, 1}) << ")\n";
    }
    const double pairs[][2] = {{5, 3}, {105, 103}, {5.5, 3.5}, {-5, -7}, {5, 4}};
    for (const auto& [i, j] : pairs)
        std::cout << "query at " << i << ", key at " << j << ": " << sum_all(at(i) * at(j)) << "\n";
}
