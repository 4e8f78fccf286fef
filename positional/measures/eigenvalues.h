// The eigenvalues of a symmetric matrix, for figures that need them.
#pragma once

#include <vector>

#include <ordinal/positional/measures/matrix.h>

namespace ordinal {

// All of them, the smallest first. A: [n, n]; only its lower triangle is looked at.
//     1. Householder reflections (1958) make A tridiagonal and keep its eigenvalues: about 4/3 n^3 products.
//     2. How many eigenvalues lie below x? As many as pivots of A - x I are negative (Sylvester's law of inertia).
//        For a tridiagonal matrix that takes n divisions, so each eigenvalue is found by halving an interval.
std::vector<double> eigenvalues(Matrix A);

}    // namespace ordinal
