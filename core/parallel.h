// parallel_for: the only way Ordinal uses more than one thread.
//
//     parallel_for(rows, 64, [&](Index begin, Index end) { for (Index r = begin; r < end; ++r) ...; });
//
// The range is cut into one slice per thread. Every output element is computed by exactly one thread, in the same
// order whatever the number of threads, so results are bitwise equal for 1, 2 or 64 of them.
#pragma once

#include <functional>

#include <ordinal/core/scalar.h>

namespace ordinal {

// How many threads kernels may use. 0 = one per processor (the start value, unless ORDINAL_THREADS says otherwise).
void set_num_threads(int count);
int num_threads();

namespace detail {
int number_of_slices(Index count, Index grain);    // 1 where more would not pay, or must not be
void run_slices(int slices, Index count, const std::function<void(Index, Index)>& body);
}    // namespace detail

// Calls body(begin, end) on slices that cover 0 .. count. Slices are at least `grain` long: below that, starting a
// thread costs more than it brings. Called from inside a slice, it runs serially. An exception reaches the caller.
template <class Body>
void parallel_for(Index count, Index grain, const Body& body) {
    const int slices = detail::number_of_slices(count, grain);
    if (slices > 1)
        detail::run_slices(slices, count, std::cref(body));
    else if (count > 0)
        body(Index(0), count);    // a small array costs a plain call
}

// While it lives, this thread's kernels stay on this thread.
class SerialScope {
public:
    SerialScope();
    ~SerialScope();
    SerialScope(const SerialScope&) = delete;
    SerialScope& operator=(const SerialScope&) = delete;

private:
    bool before_;
};

}    // namespace ordinal
