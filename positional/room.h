// How much a scheme may ask for. What a size, a length or a number of rounds leads to is checked before anything is
// allocated or computed, so that a slip of a zero is a sentence and not a machine that stands still.
#pragma once

#include <cmath>
#include <initializer_list>
#include <limits>
#include <string>

#include <ordinal/core/error.h>
#include <ordinal/core/scalar.h>

namespace ordinal {

// At most 2 GiB for one state, table or graph: what a model that anybody trains here stays far below.
constexpr double most_bytes = 0x1p31;

//     require_room("LearnedTable", "a table", {rows, d_model}, "take fewer rows");
// E: OptionError where an option asks for it, PositionOutOfRange where a position does.
template <class E = OptionError>
void require_room(const char* who, const char* what, std::initializer_list<Index> sizes, const char* advice) {
    double numbers = 1;
    std::string shape;
    for (const Index size : sizes) {
        numbers *= static_cast<double>(size);
        shape += text_of(shape.empty() ? "" : ", ", size);
    }
    require<E>(numbers * sizeof(Scalar) <= most_bytes, who, ": ", what, " of [", shape,
               "] numbers would take more than 2 GiB, which is the bound; ", advice);
}

// At most 10^11 steps of computing, some minutes of one core, for what happens once.
constexpr double most_work = 1e11;
inline void require_patience(const char* who, const char* what, double steps, const char* advice) {
    require<OptionError>(steps <= most_work, who, ": ", what, " takes ", steps,
                         " steps of computing, and the bound is ", most_work, "; ", advice);
}

// Of a recurrence, or of its gates: the matrix [gates S, S]. Gives S back, for a list of initializers.
inline Index matrix_size(const char* who, Index S, Index gates = 1) {
    require<OptionError>(S > 0, who, ": expected a state > 0, got ", S);
    require_room(who, "a matrix", {gates * S, S}, "choose a smaller state");
    return S;
}
// Gram and Schmidt make an orthogonal matrix in 2 S^3 steps.
inline Index orthogonal_size(const char* who, Index S) {
    const double side = static_cast<double>(matrix_size(who, S));
    require_patience(who, "an orthogonal start", 2 * side * side * side, "choose a smaller state");
    return S;
}

// A number as this build's Scalar holds it: finite, and not so large that it is infinite there.
inline bool fits(double number) {
    return std::abs(number) <= static_cast<double>(std::numeric_limits<Scalar>::max());    // NaN: no
}

}    // namespace ordinal
