// Fills the memory that is handed out next with NaN: who reads what he did not write shall find it there.
#pragma once

#include <limits>
#include <vector>

#include <ordinal/core/nd_array.h>

inline void poison() {
    using namespace ordinal;
    for (Index count : {1, 2, 4, 8, 16, 64, 256, 1024, 16'384, 65'536}) {
        std::vector<NdArray> bad;
        for (int i = 0; i < 8; ++i) bad.emplace_back(Shape{count}, std::numeric_limits<Scalar>::quiet_NaN());
    }
}
