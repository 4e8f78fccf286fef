// parallel_for: the only way Ordinal uses more than one thread.
//
//     parallel_for(rows, 64, [&](Index begin, Index end) { for (Index r = begin; r < end; ++r) ...; });
//
// The range is cut into one slice a thread. Every output element is computed by exactly one thread, in the same
// order whatever the number of threads, so results are bitwise equal for 1, 2 or 64 of them.
#pragma once

#include <functional>

#include "core/scalar.h"

namespace ordinal {

// How many threads kernels may use. 0 = one a processor (the start value, unless ORDINAL_THREADS says otherwise).
void set_num_threads(int count);
int num_threads();

// Calls body(begin, end) on slices that cover 0 .. count. Slices are at least `grain` long: below that, starting a
// thread costs more than it brings. Called from inside a slice, it runs serially. An exception reaches the caller.
void parallel_for(Index count, Index grain, const std::function<void(Index begin, Index end)>& body);

// While it lives, this thread's kernels stay on this thread: for programs that run whole models in parallel.
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
