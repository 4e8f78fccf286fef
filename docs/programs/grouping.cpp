// Three steps x, y, z of a recurrence. Is (x then y) then z the same as x then (y then z)?
#include <iostream>

#include <ordinal/core/nd_math.h>
#include <ordinal/positional/recurrences/scan.h>

using namespace ordinal;

struct Tanh : Affine {    // h -> tanh(a h + b), combined as if it were affine
    static Bundle combine(const Bundle& first, const Bundle& then) {
        return {then[0] * first[0], tanh(then[0] * first[1] + then[1])};
    }
};

template <Monoid M>
void test(const char* name, const Bundle& steps) {
    const Bundle serial = serial_scan<M>(steps, 0), parallel = parallel_scan<M>(steps, 0);
    const Scalar gap = max_abs_difference(serial.back().values(), parallel.back().values());
    std::cout << name
              << (gap < 1e-5 ? ": any grouping, so 10 rounds instead of 1000 steps\n"
                             : ": another grouping gives another result\n");
}

int main() {
    Rng rng(1);
    const Tensor a(random_uniform({1000}, 0, 1, rng)), b(random_normal({1000}, 1, rng));
    test<Count>("counting            ", {Tensor(NdArray({1000}, 1))});
    test<Rotation>("rotating            ", {cos(b), sin(b)});
    test<Affine>("a h + b             ", {a, b});
    test<Tanh>("tanh(a h + b)       ", {a, b});
}
