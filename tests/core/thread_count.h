// Runs something with a fixed number of threads.
#pragma once

#include <ordinal/core/fast/parallel.h>

// What f() returns when kernels use `count` threads; afterwards they use one a processor again, the start value.
template <class F>
auto with_threads(int count, F f) {
    struct Restore {
        ~Restore() { ordinal::set_num_threads(0); }
    } restore;
    ordinal::set_num_threads(count);
    return f();
}
